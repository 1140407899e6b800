/** Means and maxima of each channel over all positions of an image or sequence, or over the real ones. */
import type { FloatArray } from '../tensor.ts';

export function averagePositions(
  samples: number,
  positions: number,
  channels: number,
  lengths: Int32Array | undefined,
  x: FloatArray,
  y: FloatArray,
): void {
  for (let n = 0; n < samples; n++) {
    const count = lengths ? lengths[n] : positions;
    const start = n * positions * channels;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let p = 0; p < count; p++) sum += x[start + p * channels + c];
      y[n * channels + c] = count > 0 ? sum / count : 0;
    }
  }
}

export function averagePositionsBackward(
  samples: number,
  positions: number,
  channels: number,
  lengths: Int32Array | undefined,
  dy: FloatArray,
  dx: FloatArray,
): void {
  for (let n = 0; n < samples; n++) {
    const count = lengths ? lengths[n] : positions;
    for (let p = 0, at = n * positions * channels; p < count; p++)
      for (let c = 0; c < channels; c++, at++) dx[at] += dy[n * channels + c] / count;
  }
}

export function maxPositions(
  samples: number,
  positions: number,
  channels: number,
  lengths: Int32Array | undefined,
  x: FloatArray,
  y: FloatArray,
  argmax: Int32Array,
): void {
  for (let n = 0; n < samples; n++) {
    const count = lengths ? lengths[n] : positions;
    for (let c = 0; c < channels; c++) {
      const start = n * positions * channels + c;
      let best = count > 0 ? start : -1;
      for (let p = 1; p < count; p++) {
        const at = start + p * channels;
        if (x[at] > x[best] || Number.isNaN(x[at])) best = at;
      }
      argmax[n * channels + c] = best;
      y[n * channels + c] = best < 0 ? 0 : x[best];
    }
  }
}
