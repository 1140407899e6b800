/**
 * A laid-out network as an SVG file. It has only shapes and lines of text with their looks as attributes, so that programs that know
 * little of SVG, such as word processors, show the same picture as a browser.
 */
import { Position } from 'reactflow';
import { healthStates } from '../../engine/schema/healthStates.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { type Connection, connectionsOf } from '../canvas/connections.ts';
import { type LineLook, widths } from '../canvas/gradientFlow.ts';
import { handlesOf } from '../canvas/handles.ts';
import { tile } from '../canvas/marks.ts';
import { boundsOf } from '../model/bounds.ts';
import type { Flow, FlowNode } from '../model/flow.ts';
import type { Direction, Point } from '../model/geometry.ts';
import { drawCard, drawFrame, markTile, type Places, patternId } from './card.ts';
import { drawLegend, strokeOf } from './legend.ts';
import { fontFamily, type PictureLook } from './looks.ts';
import { type Box, drawNote, placeNotes } from './notes.ts';
import { element, pathElement, textElement, textWidth } from './svg.ts';

/** Around the network, in pixels. */
const margin = 24;
/** Of the head of an arrow. */
const arrow = { length: 8, half: 4 } as const;

export interface PictureOf {
  readonly flow: Flow;
  readonly direction: Direction;
  /** Absent: the picture has no statistics. */
  readonly stats: NetworkStats | undefined;
  readonly look: PictureLook;
  /** By layer. */
  readonly notes?: ReadonlyMap<string, string>;
  /** How connections look during a run; without it, as at rest. */
  readonly lines?: (from: OutputRef) => LineLook;
  /** Places for statistics that change, instead of `stats`. */
  readonly places?: Places;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export function drawPicture({
  flow,
  direction,
  stats = {},
  look,
  notes = new Map(),
  lines: lookOf = atRest,
  places,
}: PictureOf): Picture {
  const lines = connectionsOf(flow, direction);
  const points = lines.map(({ path }) => pointsOf(path));
  const network = frameOf(flow, points);
  const placed = placeNotes(flow.nodes, notes, points, network);
  const drawn = placed.reduce((all, note) => around(all, note.box), network);
  const lineLooks = lines.map(({ edge }) => lookOf(edge.from));
  const legend = drawLegend({ nodes: flow.nodes, stats, lines: lineLooks, above: drawn, look });
  const box = legend ? around(drawn, legend.box) : drawn;
  const size = { width: box.width + 2 * margin, height: box.height + 2 * margin };
  const content = [
    element('title', {}, 'Netloom'),
    places ? patterns(look) : '',
    element('rect', { x: box.x - margin, y: box.y - margin, ...size, fill: look.background }),
    ...flow.nodes.filter(({ frame }) => frame).map((node) => drawFrame(node, look)),
    ...lines.map((line, index) => connection(line, lineLooks[index], look, places !== undefined)),
    ...lines.map((line) => shapeOfLine(line, look)),
    ...flow.nodes.map((node) =>
      drawCard(node, Object.hasOwn(stats, node.id) ? stats[node.id] : undefined, look, places),
    ),
    ...flow.nodes.flatMap((node) => portNames(node, direction, look)),
    ...placed.map((note) => drawNote(note, look)),
    legend?.svg ?? '',
  ];
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...size,
      viewBox: [box.x - margin, box.y - margin, size.width, size.height].join(' '),
      'font-family': fontFamily,
    },
    `\n${content.filter((part) => part !== '').join('\n')}\n`,
  );
  return { svg: `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`, ...size };
}

const atRest = (): LineLook => ({ width: widths.rest });

function connection(
  { path, tip: [x, y], down }: Connection,
  { width, level }: LineLook,
  look: PictureLook,
  changes: boolean,
): string {
  const { length, half } = arrow;
  const head = down
    ? `M${x},${y}l${-half},${-length}h${2 * half}Z`
    : `M${x},${y}l${-length},${-half}v${2 * half}Z`;
  return (
    pathElement(path, {
      class: changes ? 'connection' : undefined,
      fill: 'none',
      ...strokeOf(level, look),
      'stroke-width': width,
    }) +
    pathElement(head, { class: changes ? 'connection-head' : undefined, fill: strokeOf(level, look).stroke })
  );
}

/** The shape of the tensor, where the graph writes it without being asked. On a line, it has a ground. */
function shapeOfLine({ label, edge: { shape } }: Connection, look: PictureLook): string {
  if (!label || !shape) return '';
  const text = shortShapeText(shape);
  const plain = { size: 11, fill: look.text };
  const [x, y] = label.at;
  if (label.ends) return textElement(text, x, y + 4, { ...plain, end: true });
  const width = textWidth(text, plain) + 8;
  return (
    element('rect', { x: x - width / 2, y: y - 8, width, height: 16, fill: look.background }) +
    textElement(text, x - width / 2 + 4, y + 4, plain)
  );
}

/** Distance of the name of a port from its card, and from the line that leads to it. */
const portGap = 5;

/** If a layer has several inputs or outputs, their names are beside their lines, as on the canvas. */
function portNames(node: FlowNode, direction: Direction, look: PictureLook): string[] {
  // The lines of a frame lead to the layers inside.
  if (node.frame) return [];
  const [left, top] = node.position;
  return handlesOf(node, direction)
    .filter(({ named }) => named)
    .map(({ label, position, x, y }) => {
      const below = position === Position.Bottom ? 2 * portGap + 4 : -portGap;
      const before = position === Position.Left;
      return textElement(label, left + x + (before ? -portGap : portGap), top + y + below, {
        size: 10,
        fill: look.muted,
        end: before,
      });
    });
}

function around(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)];
  return { x, y, width: right - x, height: bottom - y };
}

/** The points that a path names. */
function pointsOf(path: string): readonly Point[] {
  const numbers = path.match(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)?.map(Number) ?? [];
  return Array.from({ length: numbers.length >> 1 }, (_, index) => [
    numbers[2 * index],
    numbers[2 * index + 1],
  ]);
}

/** Cards, and lines that lead around them. */
function frameOf({ nodes }: Flow, lines: readonly (readonly Point[])[]): Box {
  const cards = nodes.length > 0 ? boundsOf(nodes) : { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [cards.x, cards.y, cards.x + cards.width, cards.y + cards.height];
  for (const [x, y] of lines.flat()) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** For marks that a script changes. */
function patterns(look: PictureLook): string {
  const drawn = healthStates.flatMap((state) =>
    (['bad', 'warn'] as const).map((tone) =>
      element(
        'pattern',
        { id: patternId({ state, tone }), width: tile, height: tile, patternUnits: 'userSpaceOnUse' },
        markTile({ state, tone }, look),
      ),
    ),
  );
  return element('defs', {}, drawn.join(''));
}
