/** Converts tensors between other frameworks' layouts and Netloom's. */
import { sizeOf } from '../../kernels/tensor.ts';
import type { Shape } from '../buffers.ts';
import { stridesOf } from '../strided.ts';
import { inverseOrder } from './layout.ts';

/** Where one of Netloom's tensors is within a tensor of another framework ("theirs"). The properties apply in this order. */
export interface ForeignTensor {
  readonly name: string;
  /** The entry of their first axis, e.g. a direction. */
  readonly index?: number;
  /** One of `of` equal parts of their first axis. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Their first axis consists of blocks of gates: block i of Netloom is their block gates[i]. */
  readonly gates?: readonly number[];
  /** Axis i of Netloom is their axis axes[i]. Default: the same order. */
  readonly axes?: readonly number[];
  /** Netloom splits their one remaining axis into several. */
  readonly flat?: true;
}

/** A name alone is a tensor with the same layout; a list is tensors whose sum is Netloom's tensor. */
export type ForeignSource = string | ForeignTensor | readonly ForeignTensor[];

export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export const sourcesOf = (source: ForeignSource): readonly ForeignTensor[] =>
  typeof source === 'string' ? [{ name: source }] : 'name' in source ? [source] : source;

/** Axis i of the result is axis axes[i] of `values`. */
function moveAxes({ shape, data }: Values, axes: readonly number[]): Values {
  const strides = stridesOf(shape);
  const moved = axes.map((axis) => shape[axis]);
  const result = new Float64Array(sizeOf(moved));
  const index = moved.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    result[i] = data[index.reduce((offset, at, axis) => offset + at * strides[axes[axis]], 0)];
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === moved[axis]; axis--) index[axis] = 0;
  }
  return { shape: moved, data: result };
}

/** Entries from … to of the first axis. */
const rows = ({ shape: [, ...rest], data }: Values, from: number, to: number): Values => ({
  shape: [to - from, ...rest],
  data: data.slice(from * sizeOf(rest), to * sizeOf(rest)),
});

/** Block i of the result's first axis is block order[i] of `values`. */
function moveBlocks({ shape, data }: Values, order: readonly number[]): Values {
  const size = data.length / order.length;
  const result = new Float64Array(data.length);
  for (const [i, from] of order.entries())
    result.set(data.subarray(from * size, (from + 1) * size), i * size);
  return { shape, data: result };
}

/** The part of their tensor that Netloom's tensor contains. */
export function readTensor(
  { index, part, gates, axes }: Omit<ForeignTensor, 'name'>,
  theirs: Values,
): Values {
  let values = theirs;
  if (index !== undefined) {
    const { shape, data } = rows(values, index, index + 1);
    values = { shape: shape.slice(1), data };
  }
  if (part) {
    const size = values.shape[0] / part.of;
    values = rows(values, part.index * size, (part.index + 1) * size);
  }
  if (gates) values = moveBlocks(values, gates);
  return axes ? moveAxes(values, axes) : values;
}

/**
 * Their tensors that contain Netloom's, by name. Of several tensors whose sum is Netloom's, all but the first are zero, and so is
 * every part that Netloom does not have.
 */
export function writeTensors(tensors: readonly { readonly source: ForeignSource; readonly ours: Values }[]): {
  readonly [name: string]: Values;
} {
  const pieces = tensors.flatMap(({ source, ours }) =>
    sourcesOf(source).map((theirs, term) => {
      const { axes, gates, flat } = theirs;
      let piece: Values = term === 0 ? ours : { ...ours, data: new Float64Array(ours.data.length) };
      if (flat) piece = { ...piece, shape: [sizeOf(piece.shape)] };
      if (axes) piece = moveAxes(piece, inverseOrder(axes));
      return { theirs, piece: gates ? moveBlocks(piece, inverseOrder(gates)) : piece };
    }),
  );
  const written: { [name: string]: Values } = {};
  for (const {
    theirs: { name, index, part },
    piece: { shape, data },
  } of pieces) {
    const others = pieces
      .filter((other) => other.theirs.name === name)
      .map((other) => other.theirs.index ?? 0);
    const entry = part ? [part.of * shape[0], ...shape.slice(1)] : shape;
    const whole = index === undefined ? entry : [Math.max(...others) + 1, ...entry];
    written[name] ??= { shape: whole, data: new Float64Array(sizeOf(whole)) };
    written[name].data.set(data, (index ?? 0) * sizeOf(entry) + (part?.index ?? 0) * data.length);
  }
  return written;
}
