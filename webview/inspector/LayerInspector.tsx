/** Everything about one layer: name, inputs, attributes, shapes, statistics, documentation. */

import * as l10n from '@vscode/l10n';
import { useId, useState } from 'react';
import { type LayerDefinition, sizeOf } from '../../engine/layers/define.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { bytesText, countText, shortShapeText } from '../../engine/schema/text.ts';
import { blockPorts } from '../../engine/spec/blockKinds.ts';
import { parametersOf } from '../../engine/spec/blockParameters.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import { enterBlock, foldOrUnfold, isUnfolded, isUse } from '../canvas/blockActions.ts';
import { ActivationPlot } from '../controls/ActivationPlot.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { Markdown } from '../controls/Markdown.tsx';
import { afterOpening } from '../controls/onDemand.tsx';
import { useDraft } from '../controls/useDraft.ts';
import { perform } from '../host.ts';
import { renameLayer } from '../model/gestures.ts';
import type { LayerView, NetworkView } from '../model/network.ts';
import { problemsOfLayer } from '../model/problems.ts';
import { renameProblem } from '../model/renaming.ts';
import type { RawValues } from '../model/values.ts';
import { categoryColour } from '../theme/categories.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { Fact } from './Fact.tsx';
import { InputsForm } from './InputsForm.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { PartsTable } from './PartsTable.tsx';
import { Fixes, Problems } from './Problems.tsx';
import { Section } from './Section.tsx';
import { StatisticsTable } from './StatisticsTable.tsx';
import { duplicateAndRemoveButtons } from './selectionButtons.tsx';

/** It takes no space until there is something to draw. */
const LayerDetails = afterOpening(
  () => import('./LayerDetails.tsx'),
  ({ LayerDetails }) => LayerDetails,
  'inspector-part',
);

interface LayerInspectorProps {
  readonly view: NetworkView;
  readonly layer: LayerView;
  readonly editable: boolean;
}

export function LayerInspector({ view, layer, editable }: LayerInspectorProps) {
  const { name, definition, given } = layer;
  const setAttribute = (attribute: string, value: Json | undefined) =>
    void perform(() => ({ edit: { kind: 'setAttribute', layer: name, attribute, value } }));
  const { beside, listed } = problemsOfLayer(layer);
  const isPort = definition !== undefined && blockPorts.includes(definition);
  const parameters = view.inside && parametersOf(view.inside.block);
  const commonAtFault = Object.keys(commonLayerAttributes).some((attribute) => beside.has(attribute));
  return (
    <>
      <LayerHeader layer={layer} title={name} />
      <Problems problems={listed} />
      <Fixes problems={layer.problems.filter((problem) => !listed.includes(problem))} />
      <Section title={l10n.t('Layer')}>
        <NameField view={view} name={name} disabled={!editable} />
        <InputsForm view={view} layer={layer} problems={beside} disabled={!editable} />
        <div className="button-row">
          {isUse(view, name) && (
            <>
              <IconButton
                icon="package"
                text={l10n.t('Enter')}
                title={l10n.t('Enter block')}
                onClick={() => enterBlock(name)}
              />
              <IconButton
                icon={isUnfolded(view, name) ? 'fold' : 'unfold'}
                text={isUnfolded(view, name) ? l10n.t('Fold') : l10n.t('Unfold')}
                title={isUnfolded(view, name) ? l10n.t('Fold block') : l10n.t('Unfold block')}
                onClick={() => foldOrUnfold(name)}
              />
            </>
          )}
          {duplicateAndRemoveButtons([name], editable)}
        </div>
      </Section>
      <LayerState view={view} layer={layer} />
      {definition && Object.keys(definition.attributes).length > 0 && (
        <Section title={l10n.t('Attributes')}>
          <AttributeForm
            table={definition.attributes}
            given={given}
            disabled={!editable}
            problems={beside}
            parameters={parameters}
            onCommit={setAttribute}
          />
        </Section>
      )}
      <Shapes layer={layer} />
      {((layer.from.length > 0 && !isPort) || commonAtFault) && (
        <Section title={l10n.t('Training of this layer')} closed={!commonAtFault}>
          <AttributeForm
            table={commonLayerAttributes}
            given={given}
            disabled={!editable}
            problems={beside}
            parameters={parameters}
            onCommit={setAttribute}
          />
        </Section>
      )}
      {definition && (
        <Section title={l10n.t('About {0}', definition.label)}>
          <ActivationPlot definition={definition} given={ownOf(definition, given)} />
          <Markdown text={definition.doc} />
        </Section>
      )}
    </>
  );
}

export const LayerHeader = ({
  layer: { type, definition },
  title,
}: {
  readonly layer: LayerView;
  readonly title: string;
}) => (
  <InspectorHeader
    icon={definition?.icon ?? 'question'}
    colour={categoryColour(definition?.category)}
    title={title}
    subtitle={definition?.label ?? type}
  />
);

/** What a run has measured in it, or in what it stands for. */
export const LayerState = ({ view, layer }: Omit<LayerInspectorProps, 'editable'>) =>
  isUse(view, layer.name) ? (
    <PartsTable view={view} name={layer.name} />
  ) : (
    <>
      <StatisticsTable name={layer.name} />
      <LayerDetails layer={layer} />
    </>
  );

/** Without the attributes that every layer has. */
const ownOf = (definition: LayerDefinition, given: RawValues): RawValues =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(definition.attributes, name)));

function NameField({
  view,
  name,
  disabled,
}: {
  readonly view: NetworkView;
  readonly name: string;
  readonly disabled: boolean;
}) {
  const id = useId();
  const [refused, setRefused] = useState<{ readonly text: string; readonly message: string }>();
  const draft = useDraft(name, (text) => {
    const newName = text.trim();
    const message = renameProblem(view, name, newName);
    setRefused(message === undefined ? undefined : { text, message });
    if (message === undefined) void perform(() => renameLayer(name, newName));
  });
  const problem = refused?.text === draft.value ? refused.message : undefined;
  return (
    <div className="form-field">
      <div className="form-label">
        <label htmlFor={id}>{l10n.t('name')}</label>
      </div>
      <input
        {...draft}
        id={id}
        className="field"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        disabled={disabled}
      />
      {problem !== undefined && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

export function Shapes({ layer: { typed, summary } }: { readonly layer: LayerView }) {
  if (!typed) return null;
  const { output, extraOutputs = {}, parameters = {} } = typed.inferred;
  return (
    <Section title={l10n.t('Shapes and size')}>
      <dl className="facts">
        {typed.inputShapes.map((shape, index) => (
          <Fact
            // biome-ignore lint/suspicious/noArrayIndexKey: an input is its index.
            key={index}
            name={typed.inputShapes.length > 1 ? l10n.t('Input {0}', index + 1) : l10n.t('Input')}
            value={shortShapeText(shape)}
          />
        ))}
        <Fact name={l10n.t('Output')} value={shortShapeText(output)} />
        {Object.entries(extraOutputs).map(([name, shape]) => (
          <Fact key={name} name={l10n.t('Output {0}', name)} value={shortShapeText(shape)} />
        ))}
        {Object.entries(parameters).map(([name, { shape }]) => (
          <Fact
            key={name}
            name={name}
            value={
              shape.length > 1
                ? `${shortShapeText(shape)} = ${countText(sizeOf(shape))}`
                : shortShapeText(shape)
            }
          />
        ))}
        {summary && <Fact name={l10n.t('Parameters')} value={countText(summary.parameters)} />}
        {summary && <Fact name={l10n.t('Operations per sample')} value={countText(summary.flops)} />}
        {summary && (
          <Fact name={l10n.t('Activations per sample')} value={bytesText(summary.activationBytes)} />
        )}
      </dl>
    </Section>
  );
}
