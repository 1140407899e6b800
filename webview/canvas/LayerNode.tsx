/**
 * A layer on the canvas. A layer with parameters is a card with its kind, its settings, its output shape and, during
 * training, its statistics. A layer without parameters is a row below the layer that it follows.
 */
import * as l10n from '@vscode/l10n';
import { memo } from 'react';
import { Handle, type NodeProps } from 'reactflow';
import { bytesText, counted, countText, shortShapeText } from '../../engine/schema/text.ts';
import { Icon } from '../controls/Icon.tsx';
import { isRow, standsForLayers } from '../model/cardSizes.ts';
import { kindWords, lossWords, parameterWords, separator, shownSettings } from '../model/cardWords.ts';
import { isFrozen } from '../model/changingLayers.ts';
import { useEditor } from '../model/editor.ts';
import { firstKey } from '../model/keys.ts';
import { type LayerView, worstSeverity } from '../model/network.ts';
import { useWorstInside } from '../model/run.ts';
import { categoryColour } from '../theme/categories.ts';
import { canBeFolded, foldOrUnfold } from './blockActions.ts';
import { CardName } from './CardName.tsx';
import { HealthMark } from './HealthMark.tsx';
import type { PlacedHandle } from './handles.ts';
import { cardPlaces, LayerStatistics, rowPlaces } from './LayerStatistics.tsx';
import { LayerTitle } from './LayerTitle.tsx';
import type { LayerNodeType } from './nodes.ts';
import { ShapeGlyph } from './ShapeGlyph.tsx';

/** A card that only moves looks as before, and React Flow moves it. */
const looksAlike = (a: NodeProps<LayerNodeType>, b: NodeProps<LayerNodeType>): boolean =>
  a.selected === b.selected && a.data.node.look === b.data.node.look && a.data.handles === b.data.handles;

export const LayerNode = memo(DrawnLayer, looksAlike);

function DrawnLayer({ data: { node, handles }, selected }: NodeProps<LayerNodeType>) {
  const { layer, title, first, last, frame, frames } = node;
  const { definition, problems } = layer;
  const severity = worstSeverity(problems);
  const colour = categoryColour(definition?.category);
  const row = isRow(definition);
  const classes = [
    'layer-card',
    row ? 'row' : 'full',
    frame ? 'frame' : standsForLayers(definition) ? 'block' : '',
    frames.length > 0 ? 'part' : '',
    first ? 'first' : '',
    last ? 'last' : '',
    selected ? 'selected' : '',
    severity ?? '',
  ];
  const face = (
    <>
      <span className="layer-accent" style={{ backgroundColor: colour }} />
      <HealthMark name={layer.name} />
      <Icon name={definition?.icon ?? 'question'} colour={colour} className="layer-icon" />
      {row ? <Row layer={layer} title={title} /> : <Card layer={layer} title={title} frame={frame} />}
    </>
  );
  return (
    <div className={classes.join(' ')}>
      {frame ? <div className="frame-face">{face}</div> : face}
      {severity && (
        <span
          className={`layer-problem ${severity}`}
          title={problems.map(({ message }) => message).join('\n')}
        >
          <Icon name={severity} />
        </span>
      )}
      <CardName layer={layer} />
      <Handles handles={handles} />
    </div>
  );
}

interface FaceProps {
  readonly layer: LayerView;
  readonly title: string;
}

function Card({ layer, title, frame }: FaceProps & { readonly frame: boolean }) {
  return (
    <>
      <div className="layer-line">
        <span className="layer-head">
          <LayerTitle name={layer.name} title={title} />
          <Copies layer={layer} />
          <Judged layer={layer} />
          <FoldButton layer={layer} unfolded={frame} />
        </span>
        <OutputShape layer={layer} />
      </div>
      <div className="layer-line layer-what">
        <Summary layer={layer} />
        <WorstInside name={layer.name} />
        <Lock layer={layer} />
        <Parameters layer={layer} />
      </div>
      <LayerStatistics name={layer.name} places={cardPlaces} otherwise={<Cost layer={layer} />} />
    </>
  );
}

function Parameters({ layer }: { readonly layer: LayerView }) {
  const words = parameterWords(layer);
  return (
    words && (
      <span className="layer-parameters" title={words.long}>
        <span className="badge-label">θ</span> {words.short}
      </span>
    )
  );
}

/** On a layer that a loss reads. */
function Judged({ layer }: { readonly layer: LayerView }) {
  const words = lossWords(layer);
  return (
    words && (
      <span className="layer-loss" title={words.long}>
        {words.short}
      </span>
    )
  );
}

function Lock({ layer }: { readonly layer: LayerView }) {
  return isFrozen(layer) ? (
    <Icon
      name="lock"
      className="layer-lock"
      label={l10n.t('Frozen: training does not change its parameters')}
    />
  ) : null;
}

/** The inner layer whose statistics the card of a block shows. */
function WorstInside({ name }: { readonly name: string }) {
  const worst = useWorstInside(name);
  if (worst === undefined) return null;
  return (
    <span
      className="layer-worst"
      title={l10n.t('Statistics of {0}, the inner layer in the worst state', worst)}
    >
      {worst}
    </span>
  );
}

/** The number of copies of a block that a card represents. */
function Copies({ layer: { definition, given } }: { readonly layer: LayerView }) {
  const copies = Number(given.repeat ?? 1);
  if (definition?.category !== 'block' || !(copies > 1)) return null;
  return (
    <span className="layer-copies" title={l10n.t('{0} copies, one after another', copies)}>
      ×{copies}
    </span>
  );
}

/** The button that unfolds a block, or folds it again. */
function FoldButton({
  layer: { name },
  unfolded,
}: {
  readonly layer: LayerView;
  readonly unfolded: boolean;
}) {
  const folds = useEditor(({ view }) => canBeFolded(view, name));
  if (!folds) return null;
  const keys = firstKey('unfoldBlock');
  const title = unfolded ? l10n.t('Fold block') : l10n.t('Unfold block');
  return (
    <button
      type="button"
      className="fold-button nodrag"
      // The graph is a single stop of the Tab key; a shortcut does the same.
      tabIndex={-1}
      title={keys === undefined ? title : `${title} (${keys})`}
      aria-label={title}
      aria-expanded={unfolded}
      onClick={(event) => {
        event.stopPropagation();
        foldOrUnfold(name);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon name={unfolded ? 'fold' : 'unfold'} />
    </button>
  );
}

/** At its right end: the output shape if it differs from that of the input, otherwise a statistic. */
function Row({ layer, title }: FaceProps) {
  return (
    <div className="layer-line">
      <LayerTitle name={layer.name} title={title} />
      <Summary layer={layer} />
      <Judged layer={layer} />
      <Lock layer={layer} />
      {keepsShape(layer) ? (
        <LayerStatistics name={layer.name} places={rowPlaces} otherwise={<span />} />
      ) : (
        <OutputShape layer={layer} />
      )}
    </div>
  );
}

/** The cost of one sample, shown while there are no statistics of a run. */
function Cost({ layer: { summary } }: { readonly layer: LayerView }) {
  if (!summary) return <span className="layer-cost" />;
  const { flops, activationBytes } = summary;
  return (
    <span className="layer-cost" title={l10n.t('For one forward pass of one sample')}>
      {`${counted(flops, 'operations', countText(flops))} · ${bytesText(activationBytes)}`}
    </span>
  );
}

function keepsShape({ typed }: LayerView): boolean {
  const [input] = typed?.inputShapes ?? [];
  return input !== undefined && shortShapeText(input) === shortShapeText(typed!.inferred.output);
}

function OutputShape({ layer: { typed } }: { readonly layer: LayerView }) {
  const output = typed?.inferred.output;
  return (
    <span className="layer-shape" title={l10n.t('Output shape of one sample')}>
      {output && <ShapeGlyph shape={output} />}
      {output ? shortShapeText(output) : '?'}
    </span>
  );
}

function Summary({ layer }: { readonly layer: LayerView }) {
  const { kind, settings } = kindWords(layer);
  const attributes = shownSettings(kind, settings);
  return (
    <span className="layer-summary" title={[kind, ...settings].join(separator)}>
      <span className="layer-kind">
        <span className="layer-type">{kind}</span>
        {attributes && <span className="layer-attributes">{separator}</span>}
      </span>
      {attributes && <span className="layer-attributes">{attributes}</span>}
    </span>
  );
}

/** Of a card (card.css), within which its handles are placed: where they are measured must be where they are computed. */
const border = 1;

function Handles({ handles }: { readonly handles: readonly PlacedHandle[] }) {
  return handles.map(({ id, type, position, label, named, filled, x, y }) => (
    <Handle
      key={id}
      type={type}
      id={id}
      position={position}
      style={{ left: x - border, top: y - border }}
      className={filled ? 'filled' : ''}
      title={label}
    >
      {named && <span className="handle-label">{label}</span>}
    </Handle>
  ));
}
