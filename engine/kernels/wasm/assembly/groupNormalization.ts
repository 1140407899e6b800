/**
 * Layer and group normalization; formulas in kernels/normalization.ts. Sums as in normalization.ts. An address of 0 means that
 * the buffer is absent.
 */
import { loadSome, storeSome } from './elementwise';
import { addBlock, BLOCK, clearSums, narrow, splat } from './normalization';
import { madd, putPair, sumLanes } from './simd';

/** The value for an absent gamma or beta. */
const ONES: usize = memory.data<f32>([1, 1, 1, 1], 16);
const ZEROS: usize = memory.data(16, 16);

/** Σ over `length` floats; the few beyond whole vectors come last. */
// @ts-ignore: decorator
@inline
function sumOf(length: usize, x: usize): f32 {
  let s0 = splat(0), s1 = s0;
  let j: usize = 0;
  for (; j + 8 <= length; j += 8) {
    s0 = f32x4.add(s0, v128.load(x + 4 * j));
    s1 = f32x4.add(s1, v128.load(x + 4 * j, 16));
  }
  let sum = sumLanes(f32x4.add(s0, s1));
  for (; j < length; j++) sum += load<f32>(x + 4 * j);
  return sum;
}

/** Σ (x − mean)². */
// @ts-ignore: decorator
@inline
function squaresOf(length: usize, x: usize, mean: f32): f32 {
  const center = splat(mean);
  let s0 = splat(0), s1 = s0;
  let j: usize = 0;
  for (; j + 8 <= length; j += 8) {
    const d0 = f32x4.sub(v128.load(x + 4 * j), center), d1 = f32x4.sub(v128.load(x + 4 * j, 16), center);
    s0 = madd(d0, d0, s0);
    s1 = madd(d1, d1, s1);
  }
  let sum = sumLanes(f32x4.add(s0, s1));
  for (; j < length; j++) {
    const d = load<f32>(x + 4 * j) - mean;
    sum += d * d;
  }
  return sum;
}

/** Groups from … to, counted over all samples. */
export function normalizeGroups(
  from: usize, to: usize, positions: usize, channels: usize, groups: usize, epsilon: f32,
  x: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, y: usize,
): void {
  const size = channels / groups, step = 4 * channels;
  const count = <f64>(positions * size);
  for (let slot = from; slot < to; slot++) {
    const first = 4 * (slot % groups) * size;
    const start = (slot / groups) * positions * step + first;
    let sum: f64 = 0;
    for (let p: usize = 0; p < positions; p++) sum += <f64>sumOf(size, x + start + p * step);
    const center = <f32>(sum / count);
    let squares: f64 = 0;
    for (let p: usize = 0; p < positions; p++) squares += <f64>squaresOf(size, x + start + p * step, center);
    const scale = <f32>(1 / Math.sqrt(squares / count + <f64>epsilon));
    store<f32>(mean + 4 * slot, center);
    store<f32>(inverse + 4 * slot, scale);
    const m = splat(center), s = splat(scale);
    const gammaAt = gamma ? gamma + first : ONES, gammaStep: usize = gamma ? 16 : 0;
    const betaAt = beta ? beta + first : ZEROS, betaStep: usize = beta ? 16 : 0;
    for (let p: usize = 0; p < positions; p++) {
      let from = x + start + p * step, into = y + start + p * step, g = gammaAt, b = betaAt;
      let left = size;
      if (gamma && beta)
        for (; left >= 8; left -= 8) {
          const low = f32x4.mul(f32x4.sub(v128.load(from), m), s), high = f32x4.mul(f32x4.sub(v128.load(from, 16), m), s);
          putPair(into, madd(low, v128.load(g), v128.load(b)), madd(high, v128.load(g, 16), v128.load(b, 16)));
          from += 32;
          into += 32;
          g += 32;
          b += 32;
        }
      for (; left >= 4; left -= 4) {
        v128.store(into, madd(f32x4.mul(f32x4.sub(v128.load(from), m), s), v128.load(g), v128.load(b)));
        from += 16;
        into += 16;
        g += gammaStep;
        b += betaStep;
      }
      if (left > 0) storeSome(into, madd(f32x4.mul(f32x4.sub(loadSome(from, left), m), s), loadSome(g, left), loadSome(b, left)), left);
    }
  }
}

/** dx of groups from … to. */
export function addGroupGradients(
  from: usize, to: usize, positions: usize, channels: usize, groups: usize,
  x: usize, mean: usize, inverse: usize, gamma: usize, dy: usize, dx: usize,
): void {
  const size = channels / groups, step = 4 * channels;
  const share: f64 = 1 / <f64>(positions * size);
  for (let slot = from; slot < to; slot++) {
    const first = 4 * (slot % groups) * size;
    const start = (slot / groups) * positions * step + first;
    const center = splat(load<f32>(mean + 4 * slot)), scale = load<f32>(inverse + 4 * slot);
    const gammaAt = gamma ? gamma + first : ONES, gammaStep: usize = gamma ? 16 : 0;
    let sum: f64 = 0, dot: f64 = 0;
    for (let p: usize = 0; p < positions; p++) {
      let xAt = x + start + p * step, dyAt = dy + start + p * step, g = gammaAt;
      let s = splat(0), q = s;
      let left = size;
      for (; left >= 4; left -= 4) {
        const v = f32x4.mul(v128.load(dyAt), v128.load(g));
        s = f32x4.add(s, v);
        q = madd(v, f32x4.sub(v128.load(xAt), center), q);
        xAt += 16;
        dyAt += 16;
        g += gammaStep;
      }
      if (left > 0) {
        // Lanes beyond the group have a gradient of 0.
        const v = f32x4.mul(loadSome(dyAt, left), loadSome(g, left));
        s = f32x4.add(s, v);
        q = madd(v, f32x4.sub(loadSome(xAt, left), center), q);
      }
      sum += <f64>sumLanes(s);
      dot += <f64>sumLanes(q);
    }
    const b = splat(<f32>(sum * share)), c = splat(<f32>(dot * share * <f64>scale * <f64>scale)), a = splat(scale);
    for (let p: usize = 0; p < positions; p++) {
      let xAt = x + start + p * step, dyAt = dy + start + p * step, dxAt = dx + start + p * step, g = gammaAt;
      let left = size;
      if (gamma)
        for (; left >= 8; left -= 8) {
          const low = madd(v128.load(dyAt), v128.load(g), madd(f32x4.sub(center, v128.load(xAt)), c, f32x4.neg(b)));
          const high = madd(v128.load(dyAt, 16), v128.load(g, 16), madd(f32x4.sub(center, v128.load(xAt, 16)), c, f32x4.neg(b)));
          putPair(dxAt, madd(low, a, v128.load(dxAt)), madd(high, a, v128.load(dxAt, 16)));
          xAt += 32;
          dyAt += 32;
          dxAt += 32;
          g += 32;
        }
      for (; left >= 4; left -= 4) {
        const v = madd(v128.load(dyAt), v128.load(g), madd(f32x4.sub(center, v128.load(xAt)), c, f32x4.neg(b)));
        v128.store(dxAt, madd(v, a, v128.load(dxAt)));
        xAt += 16;
        dyAt += 16;
        dxAt += 16;
        g += gammaStep;
      }
      if (left > 0) {
        const v = madd(loadSome(dyAt, left), loadSome(g, left), madd(f32x4.sub(center, loadSome(xAt, left)), c, f32x4.neg(b)));
        storeSome(dxAt, madd(v, a, loadSome(dxAt, left)), left);
      }
    }
  }
}

/**
 * Adds to the sums of four channels, or `n`, beginning with channel c, over `rows` rows from row `first` on: Σ dy and Σ dy · x̂. Rows are
 * positions of samples.
 */
function addScaleSums(
  first: usize, rows: usize, positions: usize, step: usize, c: usize, n: usize, size: usize, groups: usize,
  x: usize, mean: usize, inverse: usize, dy: usize, sums: usize,
): void {
  const group = c / size;
  const inOne = (c + min<usize>(4, n) - 1) / size == group;
  let s = splat(0), q = s;
  for (let r = first; r < first + rows; ) {
    const sample = r / positions, slots = 4 * sample * groups;
    const center = inOne ? v128.load_splat<f32>(mean + slots + 4 * group) : ofLanes(mean + slots, c, n, size);
    const scale = inOne ? v128.load_splat<f32>(inverse + slots + 4 * group) : ofLanes(inverse + slots, c, n, size);
    for (const end = min(first + rows, (sample + 1) * positions); r < end; r++) {
      const at = r * step + 4 * c;
      const g = loadSome(dy + at, n);
      s = f32x4.add(s, g);
      q = madd(f32x4.mul(g, scale), f32x4.sub(loadSome(x + at, n), center), q);
    }
  }
  addBlock(s, q, sums);
}

/** dGamma and dBeta of channels from … to: sums over samples and positions. `sums`: see clearSums. */
export function groupScaleGradients(
  samples: usize, positions: usize, channels: usize, groups: usize, from: usize, to: usize,
  x: usize, mean: usize, inverse: usize, dy: usize, dGamma: usize, dBeta: usize, sums: usize,
): void {
  const size = channels / groups, rows = samples * positions;
  clearSums(from, to, sums);
  for (let r: usize = 0; r < rows; r += BLOCK)
    for (let c = from; c < to; c += 4)
      addScaleSums(r, min(BLOCK, rows - r), positions, 4 * channels, c, to - c, size, groups, x, mean, inverse, dy, sums + 16 * c);
  for (let c = from; c < to; c += 4) {
    const n = to - c, at = 4 * c, own = sums + 16 * c;
    const sum = narrow(v128.load(own), v128.load(own, 16)), dot = narrow(v128.load(own, 32), v128.load(own, 48));
    if (dGamma) storeSome(dGamma + at, f32x4.add(dot, loadSome(dGamma + at, n)), n);
    if (dBeta) storeSome(dBeta + at, f32x4.add(sum, loadSome(dBeta + at, n)), n);
  }
}

/** The value of each of four channels' groups. */
function ofLanes(values: usize, channel: usize, count: usize, size: usize): v128 {
  let v = v128.load_splat<f32>(values + 4 * (channel / size));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(values + 4 * ((channel + 1) / size)));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(values + 4 * ((channel + 2) / size)));
  if (count > 3) v = f32x4.replace_lane(v, 3, load<f32>(values + 4 * ((channel + 3) / size)));
  return v;
}
