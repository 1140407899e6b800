/**
 * Attention, one map at a time. A map is one head of one sample: its products and the softmax between them run while its weights
 * are in the cache.
 * Formulas and layouts: kernels/attention.ts. Addresses are in bytes, counts in elements.
 */
import { loadSome, storeSome } from './elementwise';
import { gemm } from './gemm';
import { exp } from './math';
import { flush, madd, putPair, sumLanes } from './simd';

/** The largest of x[0 … count); a NaN may be left out, because it makes the sum of the row NaN. */
function largest(count: usize, x: usize): f32 {
  let most = f32x4.splat(-Infinity), other = most;
  let j: usize = 0;
  for (; j + 8 <= count; j += 8) {
    most = f32x4.pmax(most, v128.load(x + 4 * j));
    other = f32x4.pmax(other, v128.load(x + 4 * j, 16));
  }
  most = f32x4.pmax(most, other);
  let found = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  for (; j < count; j++) {
    const v = load<f32>(x + 4 * j);
    if (v > found) found = v;
  }
  return found;
}

/** Softmax of scale · x over the first `seen` of `columns`, in place; the others become 0. */
function softmaxOf(seen: usize, columns: usize, scale: f32, x: usize): void {
  const shift = f32x4.splat(largest(seen, x)), factor = f32x4.splat(scale);
  let sums = f32x4.splat(0), more = sums;
  let j: usize = 0;
  for (; j + 8 <= seen; j += 8) {
    const at = x + 4 * j;
    const low = exp(f32x4.mul(factor, f32x4.sub(v128.load(at), shift))), high = exp(f32x4.mul(factor, f32x4.sub(v128.load(at, 16), shift)));
    putPair(at, low, high);
    sums = f32x4.add(sums, low);
    more = f32x4.add(more, high);
  }
  let sum = sumLanes(f32x4.add(sums, more));
  for (; j < seen; j += 4) {
    const at = x + 4 * j, n = min(<usize>4, seen - j);
    storeSome(at, exp(f32x4.mul(factor, f32x4.sub(loadSome(at, n), shift))), n);
    for (let i: usize = 0; i < n; i++) sum += load<f32>(at + 4 * i);
  }
  const part = f32x4.splat(1 / sum);
  for (j = 0; j + 8 <= seen; j += 8) {
    const at = x + 4 * j;
    putPair(at, flush(f32x4.mul(v128.load(at), part)), flush(f32x4.mul(v128.load(at, 16), part)));
  }
  for (; j < seen; j += 4) storeSome(x + 4 * j, flush(f32x4.mul(loadSome(x + 4 * j, seen - j), part)), seen - j);
  if (seen < columns) memory.fill(x + 4 * seen, 0, 4 * (columns - seen));
}

/** g = scale · y · (g − Σ g·y), in place. */
function softmaxGradient(columns: usize, scale: f32, y: usize, g: usize): void {
  let sums = f32x4.splat(0), more = sums;
  let j: usize = 0;
  for (; j + 8 <= columns; j += 8) {
    const p = y + 4 * j, at = g + 4 * j;
    sums = madd(v128.load(p), v128.load(at), sums);
    more = madd(v128.load(p, 16), v128.load(at, 16), more);
  }
  for (; j < columns; j += 4) sums = madd(loadSome(y + 4 * j, columns - j), loadSome(g + 4 * j, columns - j), sums);
  const mean = f32x4.splat(sumLanes(f32x4.add(sums, more))), factor = f32x4.splat(scale);
  for (j = 0; j + 8 <= columns; j += 8) {
    const p = y + 4 * j, at = g + 4 * j;
    const low = f32x4.mul(f32x4.mul(factor, v128.load(p)), f32x4.sub(v128.load(at), mean));
    const high = f32x4.mul(f32x4.mul(factor, v128.load(p, 16)), f32x4.sub(v128.load(at, 16), mean));
    putPair(at, flush(low), flush(high));
  }
  for (; j < columns; j += 4) {
    const n = columns - j, at = g + 4 * j;
    storeSome(at, flush(f32x4.mul(f32x4.mul(factor, loadSome(y + 4 * j, n)), f32x4.sub(loadSome(at, n), mean))), n);
  }
}

/** Maps from … to, of which there are `heads` for each sample. */
export function attend(
  from: usize, to: usize, heads: usize, steps: usize, keySize: usize, causal: bool, scale: f32, lengths: usize,
  query: usize, key: usize, value: usize, weights: usize, context: usize, scratch: usize,
): void {
  const step = 4 * heads * keySize, line = 4 * steps;
  for (let map = from; map < to; map++) {
    const n = map / heads, at = n * steps * step + 4 * (map % heads) * keySize, w = weights + map * steps * line;
    gemm(false, true, false, steps, steps, keySize, query + at, step, key + at, step, w, line, false, 0, scratch);
    const length: usize = lengths ? <usize>load<u32>(lengths + 4 * n) : steps;
    for (let i: usize = 0; i < steps; i++) softmaxOf(causal ? min(length, i + 1) : length, steps, scale, w + i * line);
    gemm(false, false, false, steps, keySize, steps, w, line, value + at, step, context + at, step, false, 0, scratch);
  }
}

/** `scores` [steps, steps] is for the gradients of one map's scores. */
export function attendBackward(
  from: usize, to: usize, heads: usize, steps: usize, keySize: usize, scale: f32,
  query: usize, key: usize, value: usize, weights: usize, dContext: usize, dQuery: usize, dKey: usize, dValue: usize,
  scores: usize, scratch: usize,
): void {
  const step = 4 * heads * keySize, line = 4 * steps;
  for (let map = from; map < to; map++) {
    const at = (map / heads) * steps * step + 4 * (map % heads) * keySize, w = weights + map * steps * line;
    gemm(true, false, false, steps, keySize, steps, w, line, dContext + at, step, dValue + at, step, false, 0, scratch);
    gemm(false, true, false, steps, steps, keySize, dContext + at, step, value + at, step, scores, line, false, 0, scratch);
    for (let i: usize = 0; i < steps; i++) softmaxGradient(steps, scale, w + i * line, scores + i * line);
    gemm(false, false, false, steps, keySize, steps, scores, line, key + at, step, dQuery + at, step, false, 0, scratch);
    gemm(true, false, false, steps, keySize, steps, scores, line, query + at, step, dKey + at, step, false, 0, scratch);
  }
}
