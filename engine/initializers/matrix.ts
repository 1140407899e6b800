/** Orthogonal and identity: matrices that keep the length of vectors. */
import type { Random } from '../kernels/random.ts';
import { sizeOf } from '../kernels/tensor.ts';
import { number } from '../schema/attributes.ts';
import { defineInitializer } from './define.ts';

/** The parameter as a matrix: all axes but the last, by the last. */
function matrixSize(
  shape: readonly number[],
  count: number,
): { readonly rows: number; readonly columns: number } {
  const columns = shape.length < 2 ? count : shape[shape.length - 1];
  return { rows: count / columns, columns };
}

/** `many` random vectors of `length` ≥ `many` numbers, each of length 1 and at right angles to the others. */
function orthonormalVectors(many: number, length: number, random: Random): Float64Array {
  const vectors = new Float64Array(many * length);
  for (let i = 0; i < many; i++) {
    const vector = vectors.subarray(i * length, (i + 1) * length);
    let norm = 0;
    // A vector almost within the span of the earlier ones leaves only rounding errors: draw again.
    while (norm < 1e-3) {
      for (let k = 0; k < length; k++) vector[k] = random.normal();
      // A second pass removes the rounding errors of the first.
      for (let round = 0; round < 2; round++)
        for (let j = 0; j < i; j++) removePart(vector, vectors.subarray(j * length, (j + 1) * length));
      norm = Math.sqrt(dot(vector, vector));
    }
    for (let k = 0; k < length; k++) vector[k] /= norm;
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Subtracts from `vector` its part along the unit vector `direction`. */
function removePart(vector: Float64Array, direction: Float64Array): void {
  const along = dot(vector, direction);
  for (let k = 0; k < vector.length; k++) vector[k] -= along * direction[k];
}

/** What a parameter maps at each tap: inputs (rows) to outputs (columns). */
const mappingOf = (shape: readonly number[]): { readonly rows: number; readonly columns: number } => ({
  rows: shape.length < 2 ? 1 : shape[shape.length - 2],
  columns: shape[shape.length - 1] ?? 1,
});

const gain = number({ default: 1, doc: 'Factor on the matrix.' });

export const orthogonal = defineInitializer({
  type: 'orthogonal',
  label: 'Orthogonal',
  doc: `A random matrix whose rows or columns (whichever are fewer) have length 1 and are at right angles to each other. Repeated multiplication by a square one neither stretches nor
shrinks a vector, so it is the usual initializer of **recurrent** weights. A parameter with more than two axes is treated as a matrix with the last axis as columns.

[Saxe et al., 2014](https://arxiv.org/abs/1312.6120)`,
  attributes: { gain },
  spread({ gain }, { shape }) {
    const { rows, columns } = matrixSize(shape, sizeOf(shape));
    return { mean: 0, std: gain / Math.sqrt(Math.max(rows, columns)) };
  },
  fill(values, { shape }, random, { gain }) {
    const { rows, columns } = matrixSize(shape, values.length);
    const tall = rows >= columns;
    const vectors = tall
      ? orthonormalVectors(columns, rows, random)
      : orthonormalVectors(rows, columns, random);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        values[row * columns + column] = gain * vectors[tall ? column * rows + row : row * columns + column];
  },
});

export const identity = defineInitializer({
  type: 'identity',
  label: 'Identity',
  doc: `Ones on the diagonal, zeros elsewhere, so the layer first passes its input on unchanged. As the recurrent weights of a simple network with ReLU it keeps
memory over long times. In the kernel of a convolution, the ones are at the centre.

[Le et al., 2015](https://arxiv.org/abs/1504.00941)`,
  attributes: { gain },
  spread({ gain }, { shape }) {
    const { rows, columns } = mappingOf(shape);
    const share = Math.min(rows, columns) / sizeOf(shape);
    return { mean: gain * share, std: gain * Math.sqrt(share * (1 - share)) };
  },
  fill(values, { shape }, _random, { gain }) {
    const { rows, columns } = mappingOf(shape);
    const taps = shape.slice(0, -2);
    const centre = taps.reduce((index, size) => index * size + Math.floor(size / 2), 0);
    values.fill(0);
    for (let i = 0; i < Math.min(rows, columns); i++) values[(centre * rows + i) * columns + i] = gain;
  },
});
