/** The network as a whole, its problems, and how it is trained. */

import * as l10n from '@vscode/l10n';
import { networkTotal } from '../../engine/graph/summary.ts';
import { bytesText, countText } from '../../engine/schema/text.ts';
import type { NetworkView } from '../model/network.ts';
import { problemsOfNetwork } from '../model/problems.ts';
import { Fact } from './Fact.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { Problems } from './Problems.tsx';
import { Section } from './Section.tsx';
import { TrainingForm } from './TrainingForm.tsx';

export function NetworkInspector({
  view,
  editable,
}: {
  readonly view: NetworkView;
  readonly editable: boolean;
}) {
  const { analysis, layers, text } = view;
  const { beside, listed } = problemsOfNetwork(analysis.diagnostics);
  const { parameters, flops, activationBytes } = networkTotal(analysis);
  const block = view.inside?.block.name;
  return (
    <>
      <InspectorHeader
        icon="type-hierarchy-sub"
        title={block === undefined ? l10n.t('Network') : l10n.t('Block {0}', block)}
      />
      {text.trim() !== '' && <Problems problems={listed} linked />}
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
