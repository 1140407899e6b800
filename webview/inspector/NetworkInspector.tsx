/** The network as a whole, its problems, and how it is trained. */

import * as l10n from '@vscode/l10n';
import { networkTotal } from '../../engine/graph/summary.ts';
import { bytesText, countText } from '../../engine/schema/text.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { fullName } from '../model/editor.ts';
import type { NetworkView } from '../model/network.ts';
import { usePanels } from '../model/panels.ts';
import { problemsOfNetwork } from '../model/problems.ts';
import { useRun } from '../model/run.ts';
import { hasTrial, useTrial } from '../model/trial.ts';
import { Fact } from './Fact.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { Problems } from './Problems.tsx';
import { Section } from './Section.tsx';
import { TrainingForm } from './TrainingForm.tsx';

/** Problems without the findings that the training panel lists beside it. */
function useUnlisted(problems: readonly Diagnostic[], view: NetworkView): readonly Diagnostic[] {
  const isOpen = usePanels(({ trainingOpen }) => trainingOpen);
  const onTrial = useTrial(hasTrial);
  const findings = useRun((run) => run.findings);
  if (!isOpen || onTrial) return problems;
  const isListed = ({ code, layer, message }: Diagnostic) =>
    findings.some(
      (finding) =>
        finding.code === code &&
        finding.message === message &&
        finding.layer === (layer === undefined ? undefined : fullName(view, layer)),
    );
  return problems.filter((problem) => !isListed(problem));
}

export function NetworkInspector({
  view,
  editable,
}: {
  readonly view: NetworkView;
  readonly editable: boolean;
}) {
  const { analysis, layers, text } = view;
  const { beside, listed } = problemsOfNetwork(analysis.diagnostics);
  const problems = useUnlisted(listed, view);
  const { parameters, flops, activationBytes } = networkTotal(analysis);
  const block = view.inside?.block.name;
  return (
    <>
      <InspectorHeader
        icon="type-hierarchy-sub"
        title={block === undefined ? l10n.t('Network') : l10n.t('Block {0}', block)}
      />
      {text.trim() !== '' && <Problems problems={problems} linked />}
      <Section title={l10n.t('Summary')}>
        <dl className="facts">
          <Fact
            name={l10n.t('Layers')}
            value={countText(block === undefined ? view.whole.graph.layers.length : layers.length)}
          />
          <Fact name={l10n.t('Parameters')} value={countText(parameters)} />
          <Fact name={l10n.t('Memory of parameters')} value={bytesText(4 * parameters)} />
          <Fact name={l10n.t('Operations per sample')} value={countText(flops)} />
          <Fact name={l10n.t('Activations per sample')} value={bytesText(activationBytes)} />
        </dl>
      </Section>
      {block === undefined && (
        <Section title={l10n.t('Training')}>
          <TrainingForm view={view} problems={beside} disabled={!editable} />
        </Section>
      )}
    </>
  );
}
