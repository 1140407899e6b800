/** Losses in one pass over the predictions. */
import { loadSome, storeSome } from './elementwise';
import { exp as expV } from './math';
import { flush, madd, putPair, sumLanes } from './simd';

/**
 * For each row of x [rows, classes]: p = softmax(x), losses[r] = −ln p[target] as float64, and dx += factor · (p − target)
 * unless dx is 0. A row whose target is `ignored` or no class has neither loss nor gradient.
 */
export function softmaxCrossEntropy(
  rows: usize, classes: usize, ignored: i32, factor: f32, x: usize, target: usize, p: usize, dx: usize, losses: usize,
): void {
  const scale = f32x4.splat(factor);
  const block: usize = 4 * classes;
  for (let r: usize = 0; r < rows; r++) {
    let most = load<f32>(x);
    let j: usize = 0;
    if (block >= 16) {
      let top = v128.load(x);
      for (; j + 16 <= block; j += 16) top = f32x4.pmax(top, v128.load(x + j));
      most = max(max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)), max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)));
    }
    for (; j < block; j += 4) most = max(most, load<f32>(x + j));
    const shift = f32x4.splat(most);
    let sums = f32x4.splat(0);
    for (j = 0; j + 32 <= block; j += 32) {
      const from = x + j;
      const low = expV(f32x4.sub(v128.load(from), shift)), high = expV(f32x4.sub(v128.load(from, 16), shift));
      putPair(p + j, low, high);
      sums = f32x4.add(f32x4.add(sums, low), high);
    }
    if (j + 16 <= block) {
      const e = expV(f32x4.sub(v128.load(x + j), shift));
      v128.store(p + j, e);
      sums = f32x4.add(sums, e);
      j += 16;
    }
    let sum = sumLanes(sums);
    if (j < block) {
      const n = (block - j) >> 2;
      storeSome(p + j, expV(f32x4.sub(loadSome(x + j, n), shift)), n);
      for (; j < block; j += 4) sum += load<f32>(p + j);
    }
    const share = f32x4.splat(1 / sum);
    const wanted = load<i32>(target + 4 * r);
    const counts = wanted != ignored && <u32>wanted < <u32>classes;
    const learns = counts && dx != 0;
    for (j = 0; j < block; j += 16) {
      const n = (block - j) >> 2;
      const v = flush(f32x4.mul(loadSome(p + j, n), share));
      storeSome(p + j, v, n);
      if (learns) storeSome(dx + j, flush(madd(scale, v, loadSome(dx + j, n))), n);
    }
    const at = 4 * <usize>wanted;
    if (learns) store<f32>(dx + at, load<f32>(dx + at) - factor);
    store<f64>(losses + 8 * r, counts ? Math.log(<f64>sum) - (<f64>load<f32>(x + at) - <f64>most) : 0);
    x += block;
    p += block;
    if (dx) dx += block;
  }
}

/** Σ of `count` float64, in order. */
export function sumDoubles(count: usize, x: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < count; i++) sum += load<f64>(x + 8 * i);
  return sum;
}
