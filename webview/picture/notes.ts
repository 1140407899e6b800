/**
 * Notes of layers in a picture: beside their card if there is room, as on the canvas, otherwise in a list below the network, under
 * the name of the layer.
 */
import { oneLine } from '../../engine/schema/plainText.ts';
import type { FlowNode } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';
import type { PictureLook } from './looks.ts';
import { element, fitting, textElement, textWidth } from './svg.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Widths of a note and its distance from its card, as on the canvas, in pixels. */
const width = 190;
const gap = 14;
const padding = 6;
const size = 10;
const lineHeight = 13;
/** Distance of the points at which a line is examined. */
const step = 8;
/** More of a note is cut. */
const mostLines = 8;

interface NoteInPicture {
  readonly box: Box;
  readonly lines: readonly string[];
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether a line, given by the points of its path, comes into a box. */
function crosses(points: readonly Point[], { x, y, width, height }: Box): boolean {
  return points.slice(1).some(([toX, toY], index) => {
    const [fromX, fromY] = points[index];
    const count = Math.ceil(Math.hypot(toX - fromX, toY - fromY) / step) + 1;
    return Array.from({ length: count + 1 }, (_, at) => at / count).some((share) => {
      const [right, down] = [fromX + share * (toX - fromX) - x, fromY + share * (toY - fromY) - y];
      return right >= 0 && right <= width && down >= 0 && down <= height;
    });
  });
}

const boxOf = ({ position: [x, y], width, height }: FlowNode): Box => ({ x, y, width, height });

const boxAt = (x: number, y: number, lines: readonly string[]): Box => ({
  x,
  y,
  width,
  height: lines.length * lineHeight + padding,
});

/** `lines`: the points of each connection. `taken`: the network without notes. The list starts below it. */
export function placeNotes(
  nodes: readonly FlowNode[],
  notes: ReadonlyMap<string, string>,
  lines: readonly (readonly Point[])[],
  taken: Box,
): readonly NoteInPicture[] {
  const cards = nodes.map(boxOf);
  const placed: NoteInPicture[] = [];
  let below = taken.y + taken.height + gap;
  for (const node of nodes) {
    const note = notes.get(node.id);
    if (note === undefined) continue;
    const own = linesOf(note);
    const beside = boxAt(node.position[0] + node.width + gap, node.position[1], own);
    const others = [...cards, ...placed.map(({ box }) => box)];
    if (!others.some((other) => overlap(beside, other)) && !lines.some((line) => crosses(line, beside))) {
      placed.push({ box: beside, lines: own });
      continue;
    }
    const listed = linesOf(`${node.title}: ${note}`);
    const box = boxAt(taken.x, below, listed);
    placed.push({ box, lines: listed });
    below += box.height + padding;
  }
  return placed;
}

/** The words of a note in lines that fit. */
function linesOf(note: string): readonly string[] {
  const look = { size, fill: '' };
  const room = width - 3 * padding;
  const lines: string[] = [];
  for (const written of note.split('\n')) {
    let line = '';
    for (const word of oneLine(written, 500).split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line === '' || textWidth(longer, look) <= room) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  const shown = lines.slice(0, mostLines);
  if (lines.length > mostLines) shown[mostLines - 1] += ' …';
  return shown.map((line) => fitting(line, room, look));
}

export function drawNote({ box: { x, y, ...extent }, lines }: NoteInPicture, look: PictureLook): string {
  const texts = lines.map((line, index) =>
    textElement(line, x + 2 * padding, y + (index + 1) * lineHeight - 1, { size, fill: look.muted }),
  );
  return element(
    'g',
    {},
    element('rect', { x, y, ...extent, fill: look.row }) +
      element('rect', { x, y, width: 2, height: extent.height, fill: look.warn }) +
      texts.join(''),
  );
}
