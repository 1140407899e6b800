/** A layer as a card: what it is, what was set, what comes out, and while training how it fares. */

import * as l10n from '@vscode/l10n';
import { memo, useEffect, useRef } from 'react';
import { Handle, type NodeProps, Position, useUpdateNodeInternals } from 'reactflow';
import { countText, shortShapeText } from '../../engine/schema/text.ts';
import { Icon } from '../controls/Icon.tsx';
import { isEditable, useEditor } from '../model/editor.ts';
import { inputHandle, outputHandle } from '../model/flow.ts';
import { inputSlots, type LayerView, worstSeverity } from '../model/network.ts';
import { useOverlay } from '../model/overlay.ts';
import { describeAttributes } from '../model/values.ts';
import { categoryColour } from '../theme/categories.ts';
import { LayerStatistics } from './LayerStatistics.tsx';
import type { LayerNodeType } from './nodes.ts';
import { TitleField } from './TitleField.tsx';

export const LayerNode = memo(function LayerNode({
  data: { layer, inputOrder, direction },
  selected,
}: NodeProps<LayerNodeType>) {
  const { definition, typed, summary, problems } = layer;
  const severity = worstSeverity(problems);
  const colour = categoryColour(definition?.category);
  return (
    <div className={`layer-card ${selected ? 'selected' : ''} ${severity ?? ''}`}>
      <div className="layer-body">
        <span className="layer-accent" style={{ backgroundColor: colour }} />
        <Icon name={definition?.icon ?? 'question'} colour={colour} className="layer-icon" />
        <div className="layer-line">
          <Title layer={layer} />
          <span className="layer-shape" title={l10n.t('Output shape of one sample')}>
            {typed ? shortShapeText(typed.inferred.output) : '?'}
          </span>
        </div>
        <div className="layer-line">
          <Summary layer={layer} />
          {summary && summary.parameters > 0 && (
            <span className="layer-parameters" title={l10n.t('{0} trained parameters', summary.parameters)}>
              {countText(summary.parameters)}
            </span>
          )}
        </div>
      </div>
      <LayerStatistics name={layer.name} />
      {severity && (
        <span
          className={`layer-problem ${severity}`}
          title={problems.map(({ message }) => message).join('\n')}
        >
          <Icon name={severity} />
        </span>
      )}
      <Handles layer={layer} inputOrder={inputOrder} down={direction === 'down'} />
    </div>
  );
});

function Summary({ layer: { definition, type, given, typed } }: { readonly layer: LayerView }) {
  const label = definition?.label ?? (type || l10n.t('no type'));
  const output = typed && shortShapeText(typed.inferred.output);
  const described = definition ? describeAttributes(definition.attributes, given) : '';
  const attributes = described === output ? '' : described;
  return (
    <span className="layer-summary" title={attributes ? `${label} · ${attributes}` : label}>
      <span className="layer-type">{label}</span>
      {attributes && <span> · {attributes}</span>}
    </span>
  );
}

function Title({ layer: { name } }: { readonly layer: LayerView }) {
  const renaming = useOverlay((overlay) => overlay.renaming === name);
  if (renaming) return <TitleField name={name} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same from the keyboard.
    <span
      className="layer-name"
      title={name}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (isEditable(useEditor.getState())) useOverlay.setState({ renaming: name });
      }}
    >
      {name}
    </span>
  );
}

interface HandlesProps {
  readonly layer: LayerView;
  readonly inputOrder: readonly number[];
  readonly down: boolean;
}

/** Evenly spaced along the side; several inputs each carry their name as a tooltip. */
function Handles({ layer, inputOrder, down }: HandlesProps) {
  const inputs = inputSlots(layer);
  const { outputs } = layer;
  const moved = useUpdateNodeInternals();
  const places = `${down} ${inputOrder} ${outputs.length}`;
  const measured = useRef(places);
  useEffect(() => {
    if (measured.current === places) return;
    measured.current = places;
    moved(layer.name);
  }, [moved, layer.name, places]);
  const place = (index: number, count: number) => {
    const share = `${((index + 1) / (count + 1)) * 100}%`;
    return down ? { left: share } : { top: share };
  };
  return (
    <>
      {inputs.map(({ index, label, ref }) => (
        <Handle
          key={index}
          type="target"
          id={inputHandle(index)}
          position={down ? Position.Top : Position.Left}
          style={place(inputOrder.indexOf(index), inputs.length)}
          className={ref ? 'filled' : ''}
          title={label}
        />
      ))}
      {outputs.map(({ ref, read }, index) => (
        <Handle
          key={outputHandle(ref)}
          type="source"
          id={outputHandle(ref)}
          position={down ? Position.Bottom : Position.Right}
          style={place(index, outputs.length)}
          className={read ? 'filled' : ''}
          title={ref.output ?? l10n.t('output')}
        />
      ))}
    </>
  );
}
