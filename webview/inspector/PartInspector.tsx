/** A layer in the frame of an unfolded block: its kind, its statistics there, and a button that leads to its definition. */
import * as l10n from '@vscode/l10n';
import { enterBlock, isUse } from '../canvas/blockActions.ts';
import { IconButton } from '../controls/IconButton.tsx';
import type { NetworkView } from '../model/network.ts';
import { problemsOfLayer } from '../model/problems.ts';
import type { Drawn } from '../model/unfolding.ts';
import { categoryColour } from '../theme/categories.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { LayerDetails, Shapes } from './LayerInspector.tsx';
import { PartsTable } from './PartsTable.tsx';
import { Problems } from './Problems.tsx';
import { Section } from './Section.tsx';
import { StatisticsTable } from './StatisticsTable.tsx';

interface PartInspectorProps {
  readonly view: NetworkView;
  readonly part: Drawn;
}

const nothing = () => {};

export function PartInspector({ view, part: { layer, title, block, frames } }: PartInspectorProps) {
  const { name, type, definition, given } = layer;
  const { beside, listed } = problemsOfLayer(layer);
  return (
    <>
      <InspectorHeader
        icon={definition?.icon ?? 'question'}
        colour={categoryColour(definition?.category)}
        title={title}
        subtitle={definition?.label ?? type}
      />
      <Problems problems={listed} />
      <div className="inspector-part">
        <p className="muted">
          {l10n.t(
            'In {0}, a use of the block {1}. Enter the block to change it for all uses.',
            frames.at(-1)!,
            block!,
          )}
        </p>
        <div className="button-row">
          <IconButton
            icon="package"
            text={l10n.t('Enter')}
            title={l10n.t('Enter block')}
            onClick={() => enterBlock(name)}
          />
        </div>
      </div>
      {isUse(view, name) ? (
        <PartsTable view={view} name={name} />
      ) : (
        <>
          <StatisticsTable name={name} />
          <LayerDetails layer={layer} />
        </>
      )}
      {definition && Object.keys(definition.attributes).length > 0 && (
        <Section title={l10n.t('Attributes')}>
          <AttributeForm
            table={definition.attributes}
            given={given}
            disabled
            problems={beside}
            onCommit={nothing}
          />
        </Section>
      )}
      <Shapes layer={layer} />
    </>
  );
}
