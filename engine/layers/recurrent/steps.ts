/** The order in which a recurrent layer takes the steps of each sequence, and its dropout masks. */
import type { Random } from '../../kernels/random.ts';
import type { FloatArray } from '../../kernels/tensor.ts';
import type { RecurrentPass } from './shape.ts';

/**
 * Fills `inputRows` and `outputRows`. Step s of sample b reads row b · time + t of the batch-first sequence: t = s
 * forward, t = length − 1 − s backward; a step beyond the sample's length reads nothing (−1). The outputs of a bidirectional
 * layer go to the rows of their inputs; with goBackwards alone, they are in the order of steps.
 */
export function mapRows({ batch, lengths, attributes, saved, constants }: RecurrentPass): void {
  const { directions, time } = constants;
  const inputRows = saved.inputRows.data;
  const outputRows = saved.outputRows.data;
  for (let direction = 0, at = 0; direction < directions; direction++) {
    const readsBackward = direction === 1 || attributes.goBackwards;
    for (let step = 0; step < time; step++)
      for (let b = 0; b < batch; b++, at++) {
        const length = lengths ? lengths[b] : time;
        const real = step < length;
        const t = readsBackward ? length - 1 - step : step;
        inputRows[at] = real ? b * time + t : -1;
        outputRows[at] = real ? b * time + (attributes.goBackwards ? step : t) : -1;
      }
  }
}

/**
 * Draws the masks of one batch, sample by sample. A mask hides the same features or units at every step of its sequence;
 * a new mask for every step would erase the memory (Gal and Ghahramani, 2016).
 */
export function drawMasks({ batch, random, attributes, saved, constants }: RecurrentPass): void {
  const { directions, features } = constants;
  const { inputDropout, recurrentDropout, hiddenSize } = attributes;
  for (let b = 0; b < batch; b++) {
    if (saved.inputMask) drawMask(saved.inputMask.data, b, directions * features, inputDropout, random);
    if (saved.recurrentMask)
      drawMask(saved.recurrentMask.data, b, directions * hiddenSize, recurrentDropout, random);
  }
}

function drawMask(mask: FloatArray, sample: number, width: number, rate: number, random: Random): void {
  const kept = 1 / (1 - rate);
  for (let i = sample * width; i < (sample + 1) * width; i++) mask[i] = random.uniform() < rate ? 0 : kept;
}

/**
 * y = mask · x, or y += with `accumulate`, on `steps` blocks of `batch` rows [·, width] that begin at element `at`.
 * The mask is [batch, directions, width].
 */
export function applyMask(
  { batch, constants }: RecurrentPass,
  direction: number,
  mask: FloatArray,
  width: number,
  steps: number,
  x: FloatArray,
  y: FloatArray,
  at: number,
  accumulate: boolean,
): void {
  const { directions } = constants;
  for (let step = 0, n = at; step < steps; step++)
    for (let b = 0; b < batch; b++) {
      const from = (b * directions + direction) * width;
      for (let i = 0; i < width; i++, n++) y[n] = mask[from + i] * x[n] + (accumulate ? y[n] : 0);
    }
}

/** Copies `rows` rows of `width` elements between tables of different stride. */
export function copyRows(
  rows: number,
  width: number,
  x: FloatArray,
  xOffset: number,
  xStride: number,
  y: FloatArray,
  yOffset: number,
  yStride: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = xOffset + row * xStride;
    const to = yOffset + row * yStride;
    for (let i = 0; i < width; i++) y[to + i] = x[from + i];
  }
}

/** Like `copyRows`, but adds to y. */
export function addRows(
  rows: number,
  width: number,
  x: FloatArray,
  xOffset: number,
  xStride: number,
  y: FloatArray,
  yOffset: number,
  yStride: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = xOffset + row * xStride;
    const to = yOffset + row * yStride;
    for (let i = 0; i < width; i++) y[to + i] += x[from + i];
  }
}
