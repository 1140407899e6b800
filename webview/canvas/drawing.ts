/**
 * The network drawn on a canvas element: when its cards are too many and too small to be page elements, and in the
 * overview in the corner. A card is a block with its health mark, and with its name if that is legible.
 */
import type { Category, LayerDefinition } from '../../engine/layers/define.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import { card, isRow } from '../model/cardSizes.ts';
import type { Flow, FlowNode } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import { gaps } from '../model/grid.ts';
import type { NetworkView } from '../model/network.ts';
import { allInView, type Run } from '../model/run.ts';
import { shortName } from '../model/shortName.ts';
import { connectionsOf } from './connections.ts';
import { smallestText } from './detail.ts';
import { lineWidth, marks, tile } from './marks.ts';

export interface Looks {
  readonly card: string;
  readonly border: string;
  readonly edge: string;
  readonly text: string;
  readonly selected: string;
  readonly background: string;
  readonly tones: { readonly [T in Health['tone']]: string };
  readonly font: string;
  category(node: FlowNode): string;
}

/** The current colours of the style sheet. Reading them makes the browser compute all styles, so do it rarely. */
export function looksOf(element: HTMLElement): Looks {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const categories = new Map<Category | undefined, string>();
  return {
    card: colour('--card'),
    border: colour('--card-border'),
    edge: colour('--edge'),
    text: colour('--card-foreground'),
    selected: colour('--focus'),
    background: colour('--vscode-editor-background'),
    tones: { warn: colour('--warning'), bad: colour('--error') },
    font: style.fontFamily,
    category: ({ layer: { definition } }) => {
      const category = definition?.category;
      let known = categories.get(category);
      if (known === undefined) {
        known = colour(category === undefined ? '--error' : `--category-${category}`);
        categories.set(category, known);
      }
      return known;
    },
  };
}

export type Marks = ReadonlyMap<string, Health>;

export function marksOf({ stats }: Pick<Run, 'stats'>, view: NetworkView | undefined): Marks {
  return new Map(
    Object.entries(view ? allInView(stats, view) : {}).flatMap(([name, layer]): [string, Health][] => {
      const health = healthOf(layer);
      return health ? [[name, health]] : [];
    }),
  );
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly flow: Flow;
  readonly direction: Direction;
  readonly marks: Marks;
  readonly selection: ReadonlySet<string>;
  readonly looks: Looks;
  readonly view: View;
}

/** Widths on the screen of a card's edge and of a mark in it. */
const edgeWidth = 4;
const markWidth = 9;

/** Cards nearer to each other than this on the screen, in pixels, hide the connections between them. */
const leastGap = 1;

export function drawNetwork(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { flow, direction, marks, selection, looks, view } = drawing;
  const { x, y, zoom, width, height } = view;
  context.save();
  context.translate(x, y);
  context.scale(zoom, zoom);
  context.strokeStyle = looks.edge;
  context.lineWidth = Math.max(1.5, 0.8 / zoom);
  for (let index = 0; index < flow.nodes.length; index++)
    if (flow.nodes[index].frame) drawFrame(context, flow.nodes[index], looks, zoom);
  if (gaps[direction].rank * zoom >= leastGap) context.stroke(allConnections(flow, direction));
  const [left, top] = [-x / zoom, -y / zoom];
  const [right, bottom] = [left + width / zoom, top + height / zoom];
  context.textBaseline = 'middle';
  context.font = `600 ${smallestText}px ${looks.font}`;
  const shown = flow.nodes.filter(
    ({ position, width, height }) =>
      position[0] <= right &&
      position[0] + width >= left &&
      position[1] <= bottom &&
      position[1] + height >= top,
  );
  const cards = shown.filter(({ frame }) => !frame);
  drawBlocks(context, cards, looks, zoom);
  for (let index = 0; index < cards.length; index++) {
    const node = cards[index];
    const health = marks.get(node.id);
    if (health) drawHealth(context, node, health, { looks, zoom });
    if (node.height * zoom >= smallestText * 1.1) drawName(context, node, looks, zoom);
  }
  context.strokeStyle = looks.selected;
  context.lineWidth = 2 / zoom;
  if (selection.size > 0)
    for (const { id, position, width, height } of shown)
      if (selection.has(id)) context.strokeRect(position[0], position[1], width, height);
  context.restore();
}

function drawFrame(
  context: CanvasRenderingContext2D,
  { position: [x, y], width, height }: FlowNode,
  looks: Looks,
  zoom: number,
): void {
  context.save();
  context.fillStyle = looks.card;
  context.strokeStyle = looks.border;
  context.lineWidth = 1 / zoom;
  context.globalAlpha = 0.5;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeRect(x, y, width, height);
  context.restore();
}

/** A border that is thinner than this on the screen, in pixels, is not visible. */
const leastBorder = 0.1;

/** Cards without what is on them. In thousands of cards, most time would go into changes of colour, so the colour of each kind is set once. */
function drawBlocks(
  context: CanvasRenderingContext2D,
  cards: readonly FlowNode[],
  looks: Looks,
  zoom: number,
): void {
  context.fillStyle = looks.card;
  for (let index = 0; index < cards.length; index++) {
    const { position, height } = cards[index];
    context.fillRect(position[0], position[1], card.width, height);
  }
  const border = Math.min(1, 0.5 / zoom);
  if (border * zoom >= leastBorder) {
    context.strokeStyle = looks.border;
    context.lineWidth = border;
    for (let index = 0; index < cards.length; index++) {
      const { position, height } = cards[index];
      context.strokeRect(position[0], position[1], card.width, height);
    }
  }
  const byKind = new Map<LayerDefinition | undefined, FlowNode[]>();
  for (let index = 0; index < cards.length; index++) {
    const kind = cards[index].layer.definition;
    const same = byKind.get(kind);
    if (same) same.push(cards[index]);
    else byKind.set(kind, [cards[index]]);
  }
  const edge = Math.min(card.width / 5, edgeWidth / zoom);
  for (const [kind, own] of byKind) {
    context.fillStyle = looks.category(own[0]);
    context.globalAlpha = isRow(kind) ? 0.7 : 1;
    for (let index = 0; index < own.length; index++) {
      const { position, height } = own[index];
      context.fillRect(position[0], position[1], edge, height);
    }
  }
  context.globalAlpha = 1;
}

function drawHealth(
  context: CanvasRenderingContext2D,
  { position: [x, y], height }: FlowNode,
  health: Health,
  { looks, zoom }: Pick<Drawing, 'looks'> & { readonly zoom: number },
): void {
  const edge = Math.min(card.width / 5, edgeWidth / zoom);
  context.globalAlpha = health.tone === 'bad' ? 0.35 : 0.22;
  context.fillStyle = looks.tones[health.tone];
  context.fillRect(x + edge, y, card.width - edge, height);
  context.globalAlpha = 1;
  drawMark(context, { x, y, height, zoom }, health, looks);
}

function drawName(
  context: CanvasRenderingContext2D,
  { id, position: [x, y], height }: FlowNode,
  looks: Looks,
  zoom: number,
): void {
  const start = x + Math.min(card.width / 4, (markWidth + 4) / zoom);
  context.fillStyle = looks.text;
  context.save();
  context.translate(start, y + height / 2);
  context.scale(1 / zoom, 1 / zoom);
  const room = (x + card.width - start) * zoom;
  const short = shortName(id, room / narrowest, (text) => widthOf(context, looks, text));
  context.fillText(short, 0, 0, room);
  context.restore();
}

/** More names than most networks have layers. */
const mostWidths = 20_000;

const widths = new WeakMap<Looks, Map<string, number>>();

/** Measuring costs more than drawing, and names are drawn again with every movement of the view. */
function widthOf(context: CanvasRenderingContext2D, looks: Looks, text: string): number {
  const known = widths.get(looks) ?? new Map<string, number>();
  widths.set(looks, known);
  const width = known.get(text) ?? context.measureText(text).width;
  if (known.size > mostWidths) known.clear();
  known.set(text, width);
  return width;
}

/** How much narrower letters may get before a name is shortened. */
const narrowest = 0.8;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly zoom: number;
}

const paths = new Map<string, Path2D>();

/** The shapes of marks.ts, repeated downwards, as large on the screen as on a card. */
function drawMark(
  context: CanvasRenderingContext2D,
  { x, y, height, zoom }: Place,
  { state, tone }: Health,
  looks: Looks,
): void {
  const size = Math.min(height, markWidth / zoom, card.width / 4);
  const { path, filled } = marks[state];
  const shape = paths.get(state) ?? new Path2D(path);
  paths.set(state, shape);
  context.fillStyle = looks.background;
  context.fillRect(x, y, size, height);
  context.save();
  context.beginPath();
  context.rect(x, y, size, height);
  context.clip();
  context.translate(x, y);
  context.scale(size / tile, size / tile);
  context.lineWidth = lineWidth;
  context.strokeStyle = looks.tones[tone];
  context.fillStyle = looks.tones[tone];
  for (let down = 0; down + size <= height + 0.01; down += size) {
    if (filled) context.fill(shape);
    else context.stroke(shape);
    context.translate(0, tile);
  }
  context.restore();
}

const connections = new WeakMap<Flow, Path2D>();

/** All connections as one path, in the coordinates of the graph. */
function allConnections(flow: Flow, direction: Direction): Path2D {
  const known = connections.get(flow);
  if (known) return known;
  const path = new Path2D(
    connectionsOf(flow, direction)
      .map(({ path }) => path)
      .join(''),
  );
  connections.set(flow, path);
  return path;
}
