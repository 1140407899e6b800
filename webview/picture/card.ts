/** A layer in an exported picture: the card or the row of the canvas, as shapes and text. */
import * as l10n from '@vscode/l10n';
import type { LayerSummary } from '../../engine/graph/typed.ts';
import { bytesText, counted, countText, shortShapeText } from '../../engine/schema/text.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { badgeOf, type StatsBadge } from '../../engine/stats/format.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import { lineWidth, marks, tile } from '../canvas/marks.ts';
import { card, isRow, standsForLayers } from '../model/cardSizes.ts';
import { kindWords, lossWords, parameterWords, separator } from '../model/cardWords.ts';
import { isFrozen } from '../model/changingLayers.ts';
import type { FlowNode } from '../model/flow.ts';
import { type LayerView, worstSeverity } from '../model/network.ts';
import { glyphPath } from '../model/shapeGlyph.ts';
import { shortName } from '../model/shortName.ts';
import type { PictureLook } from './looks.ts';
import {
  element,
  fitting,
  fittingParts,
  pathElement,
  type TextLook,
  textElement,
  textsElement,
  textWidth,
} from './svg.ts';

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
  const { layer, width } = node;
  const face = faceOf(node);
  const row = isRow(layer.definition);
  const health = stats && healthOf(stats);
  const severity = worstSeverity(layer.problems);
  const parts = [
    ...(standsForLayers(layer.definition) && !node.frame ? furtherCards(face, look) : []),
    pathElement(outlineOf(face), {
      fill: row ? look.row : look.card,
      stroke: severity === 'error' ? look.bad : severity === 'warning' ? look.warn : look.border,
      'stroke-width': severity ? 1.5 : 1,
    }),
    pathElement(edgeOf(face), { fill: colourOf(layer, look) }),
    places ? places.mark(layer.name, tile, face.height) : health ? mark(health, face, look) : '',
    ...(row ? rowText(node, stats, look, places) : cardText(node, stats, look, places)),
    places ? places.cover(layer.name, width, face.height) : '',
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

const colourOf = ({ definition }: LayerView, look: PictureLook): string =>
  definition ? (look.categories[definition.category] ?? look.muted) : look.bad;

type Face = Pick<FlowNode, 'width' | 'height' | 'first' | 'last'>;

/** What is filled: the card, or the head of a frame, below which its layers follow. */
const faceOf = ({ frame, width, height, first, last }: FlowNode): Face =>
  frame ? { width, height: card.full, first, last: false } : { width, height, first, last };

/** The outline of a frame, below everything that it surrounds. */
export function drawFrame({ position: [x, y], width, height }: FlowNode, look: PictureLook): string {
  return pathElement(outlineOf({ width, height, first: true, last: true }), {
    transform: `translate(${x} ${y})`,
    fill: 'none',
    stroke: look.muted,
    'stroke-dasharray': '4 3',
  });
}

/** A block is drawn on further cards, because it represents several layers. */
const furtherCards = (face: Face, look: PictureLook): string[] =>
  [6, 3].map((shift) =>
    pathElement(outlineOf(face), {
      transform: `translate(${shift} ${shift})`,
      fill: look.row,
      stroke: look.border,
    }),
  );

/** Corners are round where no card of the stack is above or below. */
function outlineOf({ width, height, first, last }: Face): string {
  const [top, bottom] = [first ? corner : 0, last ? corner : 0];
  const round = (radius: number, dx: number, dy: number) =>
    radius === 0 ? '' : `a${radius},${radius} 0 0 1 ${dx * radius},${dy * radius}`;
  return [
    `M${top},0H${width - top}${round(top, 1, 1)}`,
    `V${height - bottom}${round(bottom, -1, 1)}`,
    `H${bottom}${round(bottom, -1, -1)}`,
    `V${top}${round(top, 1, -1)}Z`,
  ].join('');
}

/** The left edge, at least as wide as a corner is round. */
function edgeOf({ height, first, last }: Face, width: number = accent): string {
  const below = last ? `a${accent},${accent} 0 0 1 ${-accent},${-accent}` : 'H0';
  const above = first ? `V${accent}a${accent},${accent} 0 0 1 ${accent},${-accent}` : 'V0';
  return `M${width},0V${height}H${accent}${below}${above}Z`;
}

/** Each tile is a shape of its own: word processors do not draw patterns. */
function mark(health: Health, face: Face, look: PictureLook): string {
  const count = Math.floor(face.height / tile);
  const top = (face.height - count * tile) / 2;
  const tiles = Array.from({ length: count }, (_, index) => markTile(health, look, top + index * tile));
  return pathElement(edgeOf(face, tile), { fill: look.background }) + tiles.join('');
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

const fittingName = (title: string, room: number, look: TextLook): string =>
  shortName(title, room, (text) => textWidth(text, look));

/** Where the texts of a card end. */
const rightOf = ({ width }: FlowNode): number => width - inset;
const left = 19;
const gap = 8;

export const shapeOf = ({ typed }: LayerView): string =>
  typed ? shortShapeText(typed.inferred.output) : '?';

export function describe(layer: LayerView): string {
  const { kind, settings } = kindWords(layer);
  const label = isFrozen(layer) ? l10n.t('{0} · frozen', kind) : kind;
  return [label, ...settings].join(separator);
}

/** As on the canvas: without room for kind and settings, the settings alone, because the colour of a card says what it is about. */
function describeIn(layer: LayerView, room: number, look: TextLook): string {
  const whole = describe(layer);
  const settings = kindWords(layer).settings.join(separator);
  const fits = (text: string) => text !== '' && textWidth(text, look) <= room;
  return !fits(whole) && fits(settings) && !isFrozen(layer) ? settings : fittingParts(whole, room, look);
}

/** The number of copies of a block that a card represents. */
export function copiesOf({ definition, given }: LayerView): string {
  const copies = Number(given.repeat ?? 1);
  return standsForLayers(definition) && copies > 1 ? `×${copies}` : '';
}

const costText = ({ flops, activationBytes }: LayerSummary): string =>
  `${counted(flops, 'operations', countText(flops))} · ${bytesText(activationBytes)}`;

/** A text that ends at `right`, and one that takes the remaining width of the line. */
function line(
  [y, right]: readonly [y: number, right: number],
  start: (room: number) => string,
  startLook: TextLook,
  end: readonly [string, TextLook],
): string[] {
  const [endText, endLook] = end;
  const taken = endText === '' ? 0 : textWidth(endText, endLook) + gap;
  return [
    textElement(start(right - left - taken), left, y, startLook),
    textElement(endText, right, y, { ...endLook, end: true }),
  ];
}

function cardText(
  node: FlowNode,
  stats: LayerStats | undefined,
  look: PictureLook,
  places: Places | undefined,
): string[] {
  const { name, plain, muted } = textsOf(look);
  const { layer, title } = node;
  const { summary, typed } = layer;
  const right = rightOf(node);
  const besideName = [copiesOf(layer), lossWords(layer)?.short ?? ''].filter(Boolean).join(' · ');
  const shape = shapeOf(layer);
  // Statistics take a whole line. Otherwise the settings get one.
  const measured = places !== undefined || stats !== undefined;
  const words = parameterWords(layer);
  const parameters = words ? fitting(`θ ${words.short}`, 110, muted) : '';
  const glyph = typed
    ? pathElement(glyphPath(typed.inferred.output), {
        transform: `translate(${right - textWidth(shape, plain) - 25} 5)`,
        fill: 'none',
        stroke: look.muted,
      })
    : '';
  const taken =
    textWidth(shape, plain) + 25 + gap + (besideName === '' ? 0 : textWidth(besideName, plain) + gap);
  const room = right - left - taken;
  return [
    textsElement(
      [
        [fittingName(title, room, name), name],
        [besideName, plain],
      ],
      left,
      16,
      gap,
    ),
    glyph,
    textElement(shape, right, 16, { ...plain, end: true }),
    ...line([37, right], (room) => describeIn(layer, room, muted), muted, [
      measured ? parameters : '',
      muted,
    ]),
    ...(measured
      ? cardPlaces.flatMap((place, index) => {
          const [x, width, y] = [left + index * 78, 68, 56];
          return places
            ? places.badge(layer.name, place, x, width, y)
            : badgeTexts(badgeAt(stats!, place), place, x, width, y, look);
        })
      : line([56, right], (room) => fittingParts(summary ? costText(summary) : '', room, muted), muted, [
          parameters,
          muted,
        ])),
  ];
}

function rowText(
  node: FlowNode,
  stats: LayerStats | undefined,
  look: PictureLook,
  places: Places | undefined,
): string[] {
  const { name, plain, muted } = textsOf(look);
  const { layer, title } = node;
  const right = rightOf(node);
  const shown = fittingName(title, 120, name);
  const start = left + textWidth(shown, name) + gap;
  const [input] = layer.typed?.inputShapes ?? [];
  const keeps = input !== undefined && shortShapeText(input) === shapeOf(layer);
  const badge = keeps && stats ? badgeAt(stats, 'share') : undefined;
  const endText = keeps ? '' : shapeOf(layer);
  const judged = lossWords(layer)?.short ?? '';
  const judgedTaken = judged === '' ? 0 : textWidth(judged, plain) + gap;
  const taken = badge || (places && keeps) ? 72 + gap : endText === '' ? 0 : textWidth(endText, muted) + gap;
  return [
    textsElement(
      [
        [shown, name],
        [describeIn(layer, right - start - taken - judgedTaken, muted), muted],
        [judged, plain],
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
