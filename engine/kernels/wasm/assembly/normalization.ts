/**
 * Batch, layer and group normalization; formulas in kernels/normalization.ts. Sums over many rows run in float32 over
 * short blocks and in float64 over the blocks, always in the order of rows. An address of 0 stands for what is absent.
 */
import { loadSome, storeSome } from './elementwise';
import { madd, sumLanes } from './simd';

/** What stands in for an absent gamma or beta. */
const ONES: usize = memory.data<f32>([1, 1, 1, 1], 16);
const ZEROS: usize = memory.data(16, 16);

/** Rows summed in float32 at a time. */
const BLOCK: usize = 32;

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** Σ over four lanes, added to two pairs of float64. */
// @ts-ignore: decorator
@inline
function lowHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function highHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}

// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/**
 * Mean and variance of channels from … to over the rows, in one pass: the distances to the first row are summed, and
 * their squares, which loses no digits to a large mean.
 */
export function measureChannels(rows: usize, channels: usize, from: usize, to: usize, x: usize, mean: usize, variance: usize): void {
  const step = 4 * channels;
  const count = f64x2.splat(<f64>rows);
  for (let c = from; c < to; c += 4) {
    const n = to - c;
    const origin = loadSome(x + 4 * c, n);
    let at = x + 4 * c;
    let sumLow = f64x2.splat(0), sumHigh = sumLow, squaresLow = sumLow, squaresHigh = sumLow;
    for (let r: usize = 0; r < rows; ) {
      const end = min(rows, r + BLOCK);
      let s = splat(0), q = s;
      if (n >= 4)
        for (; r < end; r++) {
          const d = f32x4.sub(v128.load(at), origin);
          s = f32x4.add(s, d);
          q = madd(d, d, q);
          at += step;
        }
      else
        for (; r < end; r++) {
          const d = f32x4.sub(loadSome(at, n), origin);
          s = f32x4.add(s, d);
          q = madd(d, d, q);
          at += step;
        }
      sumLow = f64x2.add(sumLow, lowHalf(s));
      sumHigh = f64x2.add(sumHigh, highHalf(s));
      squaresLow = f64x2.add(squaresLow, lowHalf(q));
      squaresHigh = f64x2.add(squaresHigh, highHalf(q));
    }
    const moveLow = f64x2.div(sumLow, count), moveHigh = f64x2.div(sumHigh, count);
    const low = f64x2.sub(f64x2.div(squaresLow, count), f64x2.mul(moveLow, moveLow));
    const high = f64x2.sub(f64x2.div(squaresHigh, count), f64x2.mul(moveHigh, moveHigh));
    storeSome(mean + 4 * c, f32x4.add(origin, narrow(moveLow, moveHigh)), n);
    // Rounding may bring it just below zero; NaN stays.
    const v = narrow(low, high);
    storeSome(variance + 4 * c, v128.andnot(v, f32x4.lt(v, splat(0))), n);
  }
}

/** y = (x − mean) · scale + shift, the channels' constants one after the other in `table` [3, channels]. */
export function normalizeRows(rows: usize, channels: usize, table: usize, x: usize, y: usize): void {
  const block: usize = 4 * channels;
  const scale = table + block, shift = scale + block;
  for (let r: usize = 0; r < rows; r++) {
    let at: usize = 0;
    for (; at + 16 <= block; at += 16) {
      const d = f32x4.sub(v128.load(x + at), v128.load(table + at));
      v128.store(y + at, madd(d, v128.load(scale + at), v128.load(shift + at)));
    }
    if (at < block) {
      const n = (block - at) >> 2;
      const d = f32x4.sub(loadSome(x + at, n), loadSome(table + at, n));
      storeSome(y + at, madd(d, loadSome(scale + at, n), loadSome(shift + at, n)), n);
    }
    x += block;
    y += block;
  }
}

/** Fills normalizeRows' table: mean, gamma / √(variance + ε), beta. */
export function prepareRows(channels: usize, epsilon: f32, mean: usize, variance: usize, gamma: usize, beta: usize, table: usize): void {
  const block: usize = 4 * channels;
  for (let c: usize = 0; c < channels; c++) {
    const at = 4 * c;
    const inverse: f32 = 1 / Mathf.sqrt(load<f32>(variance + at) + epsilon);
    store<f32>(table + at, load<f32>(mean + at));
    store<f32>(table + block + at, inverse * (gamma ? load<f32>(gamma + at) : 1));
    store<f32>(table + 2 * block + at, beta ? load<f32>(beta + at) : 0);
  }
}

/**
 * dGamma and dBeta of channels from … to, and the constants of addRowGradients in `table` [4, channels]: mean,
 * a = gamma · inverse, b = Σ dy / rows, c = inverse² · Σ dy · (x − mean) / rows; b and c are 0 when `fixed`.
 */
export function channelGradients(
  rows: usize, channels: usize, from: usize, to: usize, epsilon: f32, fixed: bool, x: usize, mean: usize, variance: usize,
  gamma: usize, dy: usize, dGamma: usize, dBeta: usize, table: usize,
): void {
  const step = 4 * channels;
  const part: f32 = fixed ? 0 : 1 / <f32>rows;
  for (let c = from; c < to; c += 4) {
    const n = to - c, at = 4 * c;
    const center = loadSome(mean + at, n);
    let xAt = x + at, dyAt = dy + at;
    let sumLow = f64x2.splat(0), sumHigh = sumLow, dotLow = sumLow, dotHigh = sumLow;
    for (let r: usize = 0; r < rows; ) {
      const end = min(rows, r + BLOCK);
      let s = splat(0), q = s;
      if (n >= 4)
        for (; r < end; r++) {
          const g = v128.load(dyAt);
          s = f32x4.add(s, g);
          q = madd(g, f32x4.sub(v128.load(xAt), center), q);
          xAt += step;
          dyAt += step;
        }
      else
        for (; r < end; r++) {
          const g = loadSome(dyAt, n);
          s = f32x4.add(s, g);
          q = madd(g, f32x4.sub(loadSome(xAt, n), center), q);
          xAt += step;
          dyAt += step;
        }
      sumLow = f64x2.add(sumLow, lowHalf(s));
      sumHigh = f64x2.add(sumHigh, highHalf(s));
      dotLow = f64x2.add(dotLow, lowHalf(q));
      dotHigh = f64x2.add(dotHigh, highHalf(q));
    }
    const sum = narrow(sumLow, sumHigh), dot = narrow(dotLow, dotHigh);
    const inverse = f32x4.div(splat(1), f32x4.sqrt(f32x4.add(loadSome(variance + at, n), splat(epsilon))));
    if (dGamma) storeSome(dGamma + at, madd(dot, inverse, loadSome(dGamma + at, n)), n);
    if (dBeta) storeSome(dBeta + at, f32x4.add(sum, loadSome(dBeta + at, n)), n);
    storeSome(table + at, center, n);
    storeSome(table + step + at, gamma ? f32x4.mul(inverse, loadSome(gamma + at, n)) : inverse, n);
    storeSome(table + 2 * step + at, f32x4.mul(sum, splat(part)), n);
    storeSome(table + 3 * step + at, f32x4.mul(f32x4.mul(inverse, inverse), f32x4.mul(dot, splat(part))), n);
  }
}

/** dx += a · (dy − b − (x − mean) · c), from channelGradients' table. */
export function addRowGradients(rows: usize, channels: usize, table: usize, x: usize, dy: usize, dx: usize): void {
  const block: usize = 4 * channels;
  const a = table + block, b = a + block, c = b + block;
  for (let r: usize = 0; r < rows; r++) {
    let at: usize = 0;
    for (; at + 16 <= block; at += 16) {
      const d = f32x4.sub(v128.load(table + at), v128.load(x + at));
      const g = madd(d, v128.load(c + at), f32x4.sub(v128.load(dy + at), v128.load(b + at)));
      v128.store(dx + at, madd(g, v128.load(a + at), v128.load(dx + at)));
    }
    if (at < block) {
      const n = (block - at) >> 2;
      const d = f32x4.sub(loadSome(table + at, n), loadSome(x + at, n));
      const g = madd(d, loadSome(c + at, n), f32x4.sub(loadSome(dy + at, n), loadSome(b + at, n)));
      storeSome(dx + at, madd(g, loadSome(a + at, n), loadSome(dx + at, n)), n);
    }
    x += block;
    dy += block;
    dx += block;
  }
}

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

/** dGamma and dBeta of channels from … to: sums over samples and positions. */
export function groupScaleGradients(
  samples: usize, positions: usize, channels: usize, groups: usize, from: usize, to: usize,
  x: usize, mean: usize, inverse: usize, dy: usize, dGamma: usize, dBeta: usize,
): void {
  const size = channels / groups, step = 4 * channels;
  for (let c = from; c < to; c += 4) {
    const n = to - c, at = 4 * c;
    const group = c / size;
    const inOne = (c + min<usize>(4, n) - 1) / size == group;
    let xAt = x + at, dyAt = dy + at;
    let sumLow = f64x2.splat(0), sumHigh = sumLow, dotLow = sumLow, dotHigh = sumLow;
    let s = splat(0), q = s;
    let pending: usize = 0;
    for (let sample: usize = 0; sample < samples; sample++) {
      const slots = 4 * sample * groups;
      const center = inOne ? v128.load_splat<f32>(mean + slots + 4 * group) : ofLanes(mean + slots, c, n, size);
      const scale = inOne ? v128.load_splat<f32>(inverse + slots + 4 * group) : ofLanes(inverse + slots, c, n, size);
      for (let p: usize = 0; p < positions; p++) {
        const g = loadSome(dyAt, n);
        s = f32x4.add(s, g);
        q = madd(f32x4.mul(g, scale), f32x4.sub(loadSome(xAt, n), center), q);
        xAt += step;
        dyAt += step;
        if (++pending < BLOCK) continue;
        sumLow = f64x2.add(sumLow, lowHalf(s));
        sumHigh = f64x2.add(sumHigh, highHalf(s));
        dotLow = f64x2.add(dotLow, lowHalf(q));
        dotHigh = f64x2.add(dotHigh, highHalf(q));
        s = splat(0);
        q = s;
        pending = 0;
      }
    }
    const sum = narrow(f64x2.add(sumLow, lowHalf(s)), f64x2.add(sumHigh, highHalf(s)));
    const dot = narrow(f64x2.add(dotLow, lowHalf(q)), f64x2.add(dotHigh, highHalf(q)));
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

/** Groups of one channel, where four channels are four lanes: samples from … to. `table` [3, channels]. */
export function normalizeInstances(
  from: usize, to: usize, positions: usize, channels: usize, epsilon: f32,
  x: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, y: usize, table: usize,
): void {
  const block: usize = 4 * channels;
  for (let n = from; n < to; n++) {
    const start = n * positions * block, center = mean + n * block, spread = inverse + n * block;
    measureChannels(positions, channels, 0, channels, x + start, center, spread);
    prepareRows(channels, epsilon, center, spread, gamma, beta, table);
    for (let c: usize = 0; c < channels; c++) store<f32>(spread + 4 * c, 1 / Mathf.sqrt(load<f32>(spread + 4 * c) + epsilon));
    normalizeRows(positions, channels, table, x + start, y + start);
  }
}

/** Their dx. `table` [5, channels]. */
export function addInstanceGradients(
  from: usize, to: usize, positions: usize, channels: usize,
  x: usize, mean: usize, inverse: usize, gamma: usize, dy: usize, dx: usize, table: usize,
): void {
  const block: usize = 4 * channels;
  const variance = table + 4 * block;
  for (let n = from; n < to; n++) {
    const start = n * positions * block, center = mean + n * block;
    for (let c: usize = 0; c < channels; c++) {
      const i = load<f32>(inverse + n * block + 4 * c);
      store<f32>(variance + 4 * c, 1 / (i * i));
    }
    channelGradients(positions, channels, 0, channels, 0, false, x + start, center, variance, gamma, dy + start, 0, 0, table);
    addRowGradients(positions, channels, table, x + start, dy + start, dx + start);
  }
}
