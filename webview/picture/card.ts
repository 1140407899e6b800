/** A layer in an exported picture: the card or the row of the canvas, as shapes and text. */
import * as l10n from '@vscode/l10n';
import type { LayerSummary } from '../../engine/graph/typed.ts';
import { bytesText, countText, shortShapeText } from '../../engine/schema/text.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { badgeOf, type StatsBadge } from '../../engine/stats/format.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import { lineWidth, marks, tile } from '../canvas/marks.ts';
import { card, isRow } from '../model/cardSizes.ts';
import { isFrozen } from '../model/changingLayers.ts';
import type { FlowNode } from '../model/flow.ts';
import { type LayerView, worstSeverity } from '../model/network.ts';
import { glyphPath } from '../model/shapeGlyph.ts';
import { describeAttributes } from '../model/values.ts';
import type { PictureLook } from './looks.ts';
import { element, fitting, pathElement, type TextLook, textElement, textsElement, textWidth } from './svg.ts';

const corner = 4;
/** Width of the left edge. */
const accent = corner;
/** Space between text and the sides of a card. */
const inset = 10;

/** Instead of statistics as text: empty places that a script fills. */
export interface Places {
  badge(layer: string, place: string, x: number, width: number, y: number): string;
  mark(layer: string, width: number, height: number): string;
  /** Lies over the whole card. */
  cover(layer: string, width: number, height: number): string;
}

export const patternId = ({ state, tone }: Pick<Health, 'state' | 'tone'>): string => `mark-${state}-${tone}`;

export function drawCard(
  node: FlowNode,
  stats: LayerStats | undefined,
  look: PictureLook,
  places?: Places,
): string {
  const { layer, height } = node;
  const row = isRow(layer.definition);
  const health = stats && healthOf(stats);
  const severity = worstSeverity(layer.problems);
  const outline = outlineOf(node);
  const parts = [
    pathElement(outline, {
      fill: row ? look.row : look.card,
      stroke: severity === 'error' ? look.bad : severity === 'warning' ? look.warn : look.border,
      'stroke-width': severity ? 1.5 : 1,
    }),
    pathElement(edgeOf(node), { fill: colourOf(layer, look) }),
    places ? places.mark(layer.name, tile, height) : health ? mark(health, height, look) : '',
    ...(row ? rowText(layer, stats, look, places) : cardText(layer, stats, look, places)),
    places ? places.cover(layer.name, card.width, height) : '',
  ];
  const [x, y] = node.position;
  return element(
    'g',
    {
      transform: `translate(${x} ${y})`,
      opacity: layer.given.bypass === true ? 0.5 : undefined,
    },
    parts.join(''),
  );
}

export const colourOf = ({ definition }: LayerView, look: PictureLook): string =>
  definition ? (look.categories[definition.category] ?? look.muted) : look.bad;

/** Corners are round where no card of the stack is above or below. */
function outlineOf({ height, first, last }: FlowNode): string {
  const [top, bottom] = [first ? corner : 0, last ? corner : 0];
  const round = (radius: number, dx: number, dy: number) =>
    radius === 0 ? '' : `a${radius},${radius} 0 0 1 ${dx * radius},${dy * radius}`;
  return [
    `M${top},0H${card.width - top}${round(top, 1, 1)}`,
    `V${height - bottom}${round(bottom, -1, 1)}`,
    `H${bottom}${round(bottom, -1, -1)}`,
    `V${top}${round(top, 1, -1)}Z`,
  ].join('');
}

/** The left edge, as wide as a corner is round. */
function edgeOf({ height, first, last }: FlowNode): string {
  const below = last ? `a${accent},${accent} 0 0 1 ${-accent},${-accent}` : 'H0';
  const above = first ? `V${accent}a${accent},${accent} 0 0 1 ${accent},${-accent}` : 'V0';
  return `M${accent},0V${height}${below}${above}Z`;
}

/** Each tile is a shape of its own: word processors do not draw patterns. */
function mark(health: Health, height: number, look: PictureLook): string {
  const count = Math.floor(height / tile);
  const top = (height - count * tile) / 2;
  const tiles = Array.from({ length: count }, (_, index) => markTile(health, look, top + index * tile));
  return element('rect', { width: tile, height, fill: look.background }) + tiles.join('');
}

export function markTile({ state, tone }: Health, look: PictureLook, y = 0): string {
  const { path, filled } = marks[state];
  const colour = tone === 'bad' ? look.bad : look.warn;
  return pathElement(path, {
    ...(filled ? { fill: colour } : { fill: 'none', stroke: colour, 'stroke-width': lineWidth }),
    transform: y === 0 ? undefined : `translate(0 ${y})`,
  });
}

interface Texts {
  readonly name: TextLook;
  readonly plain: TextLook;
  readonly muted: TextLook;
}

const textsOf = (look: PictureLook): Texts => ({
  name: { size: 12, fill: look.text, bold: true },
  plain: { size: 11, fill: look.text },
  muted: { size: 11, fill: look.muted },
});

const right = card.width - inset;
const left = 19;
const gap = 8;

export const shapeOf = ({ typed }: LayerView): string =>
  typed ? shortShapeText(typed.inferred.output) : '?';

export function describe(layer: LayerView): string {
  const { definition, type, given, typed } = layer;
  const kind = definition?.label ?? type;
  const label = isFrozen(layer) ? l10n.t('{0} · frozen', kind) : kind;
  const described = definition ? describeAttributes(definition.attributes, given) : '';
  const repeats = typed !== undefined && described === shortShapeText(typed.inferred.output);
  return described === '' || repeats ? label : `${label} · ${described}`;
}

const costText = ({ flops, activationBytes }: LayerSummary): string =>
  l10n.t('{0} operations · {1}', countText(flops), bytesText(activationBytes));

/** A text at the right end of a line, and one that takes the remaining width. */
function line(y: number, start: readonly [string, TextLook], end: readonly [string, TextLook]): string[] {
  const [endText, endLook] = end;
  const taken = endText === '' ? 0 : textWidth(endText, endLook) + gap;
  const [text, startLook] = start;
  return [
    textElement(fitting(text, right - left - taken, startLook), left, y, startLook),
    textElement(endText, right, y, { ...endLook, end: true }),
  ];
}

function cardText(
  layer: LayerView,
  stats: LayerStats | undefined,
  look: PictureLook,
  places: Places | undefined,
): string[] {
  const { name, plain, muted } = textsOf(look);
  const { summary, typed } = layer;
  const shape = shapeOf(layer);
  const glyph = typed
    ? pathElement(glyphPath(typed.inferred.output), {
        transform: `translate(${right - textWidth(shape, plain) - 25} 5)`,
        fill: 'none',
        stroke: look.muted,
      })
    : '';
  const room = right - left - textWidth(shape, plain) - 25 - gap;
  return [
    textElement(fitting(layer.name, room, name), left, 16, name),
    glyph,
    textElement(shape, right, 16, { ...plain, end: true }),
    ...line(
      37,
      [describe(layer), muted],
      [summary && summary.parameters > 0 ? `θ ${countText(summary.parameters)}` : '', muted],
    ),
    ...(places || stats
      ? cardPlaces.flatMap((place, index) => {
          const [x, width, y] = [left + index * 78, 68, 56];
          return places
            ? places.badge(layer.name, place, x, width, y)
            : badgeTexts(badgeAt(stats!, place), place, x, width, y, look);
        })
      : summary
        ? [textElement(fitting(costText(summary), right - left, muted), left, 56, muted)]
        : []),
  ];
}

function rowText(
  layer: LayerView,
  stats: LayerStats | undefined,
  look: PictureLook,
  places: Places | undefined,
): string[] {
  const { name, muted } = textsOf(look);
  const shown = fitting(layer.name, 120, name);
  const start = left + textWidth(shown, name) + gap;
  const [input] = layer.typed?.inputShapes ?? [];
  const keeps = input !== undefined && shortShapeText(input) === shapeOf(layer);
  const badge = keeps && stats ? badgeAt(stats, 'share') : undefined;
  const endText = keeps ? '' : shapeOf(layer);
  const taken = badge || (places && keeps) ? 72 + gap : endText === '' ? 0 : textWidth(endText, muted) + gap;
  return [
    textsElement(
      [
        [shown, name],
        [fitting(describe(layer), right - start - taken, muted), muted],
      ],
      left,
      17,
      gap,
    ),
    textElement(endText, right, 17, { ...muted, end: true }),
    ...(places && keeps
      ? [places.badge(layer.name, 'share', right - 72, 72, 17)]
      : badgeTexts(badge, 'share', right - 72, 72, 17, look)),
  ];
}

export const cardPlaces = ['spread', 'gradient', 'update'] as const;

/** Where a value begins after its sign on a card, so that it is nearer to that than to the next sign. In a row it ends with the line. */
export function placeOfValue(place: string, x: number, width: number) {
  return place === 'share' ? { x: x + width, end: true } : { x: x + 14, end: false };
}

/** As on the canvas: the statistic that declares this place. */
export function badgeAt(stats: LayerStats, place: string): StatsBadge | undefined {
  const shown = shownStatistics(stats).find(
    ({ statistic, value }) => value !== null && statistic.card === place,
  );
  return shown && badgeOf(shown);
}

function badgeTexts(
  badge: StatsBadge | undefined,
  place: string,
  x: number,
  width: number,
  y: number,
  look: PictureLook,
): string[] {
  if (!badge) return [];
  const { plain, muted } = textsOf(look);
  const at = placeOfValue(place, x, width);
  const worries = badge.tone === 'warn' || badge.tone === 'bad';
  const value = {
    ...plain,
    ...(worries ? { bold: true, fill: badge.tone === 'bad' ? look.bad : look.warn } : {}),
  };
  return [
    textElement(badge.label, x, y, muted),
    textElement(badge.value.trim(), at.x, y, { ...value, end: at.end }),
  ];
}
