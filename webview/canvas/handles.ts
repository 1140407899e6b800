/** Where connections start and end on a card, relative to its upper left corner. */
import * as l10n from '@vscode/l10n';
import { Position } from 'reactflow';
import { card } from '../model/cardSizes.ts';
import { type FlowNode, inputHandle, outputHandle } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import { inputSlots } from '../model/network.ts';

export const handleSize = 10;

export interface PlacedHandle {
  readonly id: string;
  readonly type: 'source' | 'target';
  readonly position: Position;
  readonly label: string;
  /** One of several named handles, whose names are written beside them. */
  readonly named: boolean;
  readonly filled: boolean;
  readonly x: number;
  readonly y: number;
}

/**
 * Handles are spaced evenly along the side. Within a stack they are at the sides of the rows, since there is no room
 * between rows, and an input must not lie on the output above it. Those of a frame are at the sides of its head, away from the lines
 * that lead to the layers inside. A frame in a frame has none, because it is connected in its block.
 */
export function handlesOf(
  { layer, first, last, width, height, inputOrder, frame, frames }: FlowNode,
  direction: Direction,
): readonly PlacedHandle[] {
  if (frame && frames.length > 0) return [];
  const inputs = inputSlots(layer);
  const { outputs } = layer;
  const down = direction === 'down' && !frame;
  const size = { width, height: frame ? card.full : height };
  const into = down && first ? Position.Top : Position.Left;
  const out = down && last ? Position.Bottom : Position.Right;
  return [
    ...inputs.map(
      ({ index, label, ref, named }): PlacedHandle => ({
        id: inputHandle(index),
        type: 'target',
        position: into,
        label,
        named: named && inputs.length > 1,
        filled: ref !== undefined,
        ...placeAt(into, portAt(inputOrder.indexOf(index), inputs.length, named, ref === undefined), size),
      }),
    ),
    ...outputs.map(
      ({ ref, read }, index): PlacedHandle => ({
        id: outputHandle(ref),
        type: 'source',
        position: out,
        label: ref.output ?? l10n.t('output'),
        named: outputs.length > 1,
        filled: read,
        ...placeAt(out, { index, count: outputs.length, named: true }, size),
      }),
    ),
  ];
}

/** Among inputs without names, the free one is set apart, at the end of the side. */
function portAt(index: number, count: number, named: boolean, free: boolean): Ports {
  const taken = named || count === 1 ? count : count - 1;
  return { index, count: Math.max(1, taken), named, ...(free && !named && count > 1 ? { apart: true } : {}) };
}

interface Ports {
  readonly index: number;
  readonly count: number;
  /** The first is the main output, at the position of a single one. */
  readonly named: boolean;
  readonly apart?: true;
}

function placeAt(
  side: Position,
  { index, count, named, apart }: Ports,
  { width, height }: Pick<FlowNode, 'width' | 'height'>,
): { readonly x: number; readonly y: number } {
  const along = side === Position.Top || side === Position.Bottom;
  const start = named || count === 1 ? (along ? 0.5 : card.row / 2 / height) : 0;
  const share = apart ? 0.93 : start > 0 ? start + ((1 - start) * index) / count : (index + 1) / (count + 1);
  if (along) return { x: share * width, y: side === Position.Top ? 0 : height };
  return { x: side === Position.Left ? 0 : width, y: share * height };
}
