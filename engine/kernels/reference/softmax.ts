/** Softmax and log-softmax along one axis. */
import type { SoftmaxShape } from '../softmax.ts';
import type { FloatArray } from '../tensor.ts';

export function softmax(shape: SoftmaxShape, x: FloatArray, y: FloatArray): void {
  along(shape, (start, seen, end, step) => {
    const most = largest(x, start, seen, step);
    let sum = 0;
    for (let i = start; i < seen; i += step) {
      const e = Math.exp(x[i] - most);
      y[i] = e;
      sum += e;
    }
    for (let i = start; i < seen; i += step) y[i] /= sum;
    for (let i = seen; i < end; i += step) y[i] = 0;
  });
}

export function softmaxBackward(shape: SoftmaxShape, y: FloatArray, dy: FloatArray, dx: FloatArray): void {
  along(shape, (start, seen, _end, step) => {
    let dot = 0;
    for (let i = start; i < seen; i += step) dot += dy[i] * y[i];
    for (let i = start; i < seen; i += step) dx[i] += y[i] * (dy[i] - dot);
  });
}

export function logSoftmax(shape: SoftmaxShape, x: FloatArray, y: FloatArray): void {
  along(shape, (start, seen, end, step) => {
    const most = largest(x, start, seen, step);
    let sum = 0;
    for (let i = start; i < seen; i += step) sum += Math.exp(x[i] - most);
    const mass = Math.log(sum);
    for (let i = start; i < seen; i += step) y[i] = x[i] - most - mass;
    for (let i = seen; i < end; i += step) y[i] = 0;
  });
}

export function logSoftmaxBackward(shape: SoftmaxShape, y: FloatArray, dy: FloatArray, dx: FloatArray): void {
  along(shape, (start, seen, _end, step) => {
    let sum = 0;
    for (let i = start; i < seen; i += step) sum += dy[i];
    for (let i = start; i < seen; i += step) dx[i] += dy[i] - Math.exp(y[i]) * sum;
  });
}

/** Calls `run` for each softmax: its first element, where those that count and all of them end, and the distance between two. */
function along(
  { batch, outer, size, inner, lengths }: SoftmaxShape,
  run: (start: number, seen: number, end: number, step: number) => void,
): void {
  for (let group = 0; group < batch * outer; group++) {
    const count = lengths ? lengths[Math.floor(group / outer)] : size;
    for (let side = 0; side < inner; side++) {
      const start = group * size * inner + side;
      run(start, start + count * inner, start + size * inner, inner);
    }
  }
}

function largest(x: FloatArray, start: number, end: number, step: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i += step) if (x[i] > most) most = x[i];
  return most;
}
