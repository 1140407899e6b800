/**
 * Batch normalization, and groups of one channel; formulas in kernels/normalization.ts. Sums over many rows are in float32 within
 * short blocks and in float64 over the blocks, always in the order of rows. All channels of a block are summed before the next block,
 * because channel after channel would read every cache line several times. An address of 0 means that the buffer is absent.
 */
import { loadSome, storeSome } from './elementwise';
import { madd, putPair } from './simd';

/** Rows that are summed in float32 before the sum joins a float64. */
export const BLOCK: usize = 32;

// @ts-ignore: decorator
@inline
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** Σ over four lanes, added to two pairs of float64. */
// @ts-ignore: decorator
@inline
export function lowHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
export function highHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}

// @ts-ignore: decorator
@inline
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Sets the sums of channels from … to at `sums` to zero: for every four channels, two sums of four float64. `from` is a multiple of 4. */
export function clearSums(from: usize, to: usize, sums: usize): void {
  for (let c = from; c < to; c += 4)
    for (let i: usize = 0; i < 64; i += 16) v128.store(sums + 16 * c + i, f64x2.splat(0));
}

/** Adds the sums of a block to those of four channels at `at`. */
// @ts-ignore: decorator
@inline
export function addBlock(s: v128, q: v128, at: usize): void {
  v128.store(at, f64x2.add(v128.load(at), lowHalf(s)));
  v128.store(at, f64x2.add(v128.load(at, 16), highHalf(s)), 16);
  v128.store(at, f64x2.add(v128.load(at, 32), lowHalf(q)), 32);
  v128.store(at, f64x2.add(v128.load(at, 48), highHalf(q)), 48);
}

/** The first stretch with real rows; 0 if all rows are real. */
function firstReal(real: usize): usize {
  let n: usize = 0;
  if (real) while (load<u32>(real + 4 * n) == 0) n++;
  return n;
}

/** Σ d and Σ d² of four channels, or `n`, over the rows of a block, where d is the distance to the row at `origin`. */
function addMoments(rows: usize, step: usize, n: usize, x: usize, origin: usize, sums: usize): void {
  const from = loadSome(origin, n);
  let s = splat(0), q = s;
  if (n >= 4)
    for (; rows > 0; rows--) {
      const d = f32x4.sub(v128.load(x), from);
      s = f32x4.add(s, d);
      q = madd(d, d, q);
      x += step;
    }
  else
    for (; rows > 0; rows--) {
      const d = f32x4.sub(loadSome(x, n), from);
      s = f32x4.add(s, d);
      q = madd(d, d, q);
      x += step;
    }
  addBlock(s, q, sums);
}

/** Σ dy and Σ dy · (x − mean) of four channels, or `n`, over the rows of a block. */
function addDots(rows: usize, step: usize, n: usize, x: usize, dy: usize, mean: usize, sums: usize): void {
  const center = loadSome(mean, n);
  let s = splat(0), q = s;
  if (n >= 4)
    for (; rows > 0; rows--) {
      const g = v128.load(dy);
      s = f32x4.add(s, g);
      q = madd(g, f32x4.sub(v128.load(x), center), q);
      x += step;
      dy += step;
    }
  else
    for (; rows > 0; rows--) {
      const g = loadSome(dy, n);
      s = f32x4.add(s, g);
      q = madd(g, f32x4.sub(loadSome(x, n), center), q);
      x += step;
      dy += step;
    }
  addBlock(s, q, sums);
}

/**
 * The sums of addDots for channels from … to, over all real rows, or those of addMoments where `dy` is 0; `center` has a number for each
 * channel. `rows`, `stretch`, `real` and `sums` as in measureChannels.
 */
function addBlocks(
  rows: usize, channels: usize, from: usize, to: usize, x: usize, dy: usize, center: usize, stretch: usize, real: usize, sums: usize,
): void {
  const step = 4 * channels;
  clearSums(from, to, sums);
  let begin: usize = 0, at = begin, lengths = real;
  let last: usize = real ? 0 : rows;
  for (let r: usize = 0; r < rows; ) {
    if (r == last) {
      last += <usize>load<u32>(lengths);
      lengths += 4;
      at = begin;
      begin += stretch * step;
    }
    const block = min(BLOCK, last - r);
    for (let c = from; c < to; c += 4) {
      const own = at + 4 * c;
      if (dy) addDots(block, step, to - c, x + own, dy + own, center + 4 * c, sums + 16 * c);
      else addMoments(block, step, to - c, x + own, center + 4 * c, sums + 16 * c);
    }
    at += block * step;
    r += block;
  }
}

/**
 * Mean and variance of channels from … to over the rows, in one pass: the distances to the first row are summed, and
 * their squares, which loses no digits to a large mean. Given `real`, rows are in stretches of `stretch`, of which the first
 * real[n] are real; `rows` is the number of real rows. `sums`: see clearSums.
 */
export function measureChannels(
  rows: usize, channels: usize, from: usize, to: usize, x: usize, mean: usize, variance: usize, stretch: usize, real: usize, sums: usize,
): void {
  const first = x + 4 * firstReal(real) * stretch * channels;
  addBlocks(rows, channels, from, to, x, 0, first, stretch, real, sums);
  const count = f64x2.splat(<f64>rows);
  for (let c = from; c < to; c += 4) {
    const n = to - c, sum = sums + 16 * c;
    const moveLow = f64x2.div(v128.load(sum), count), moveHigh = f64x2.div(v128.load(sum, 16), count);
    const low = f64x2.sub(f64x2.div(v128.load(sum, 32), count), f64x2.mul(moveLow, moveLow));
    const high = f64x2.sub(f64x2.div(v128.load(sum, 48), count), f64x2.mul(moveHigh, moveHigh));
    storeSome(mean + 4 * c, f32x4.add(loadSome(first + 4 * c, n), narrow(moveLow, moveHigh)), n);
    // Rounding may make it slightly negative; NaN stays.
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
    for (; at + 32 <= block; at += 32) {
      const from = x + at, center = table + at, factor = scale + at, offset = shift + at;
      const low = madd(f32x4.sub(v128.load(from), v128.load(center)), v128.load(factor), v128.load(offset));
      const high = madd(f32x4.sub(v128.load(from, 16), v128.load(center, 16)), v128.load(factor, 16), v128.load(offset, 16));
      putPair(y + at, low, high);
    }
    for (; at < block; at += 16) {
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
 * a = gamma · inverse, b = Σ dy / rows, c = inverse² · Σ dy · (x − mean) / rows; b and c are 0 when `fixed`. `rows`, `stretch`,
 * `real` and `sums` as in measureChannels.
 */
export function channelGradients(
  rows: usize, channels: usize, from: usize, to: usize, epsilon: f32, fixed: bool, x: usize, mean: usize, variance: usize,
  gamma: usize, dy: usize, dGamma: usize, dBeta: usize, table: usize, stretch: usize, real: usize, sums: usize,
): void {
  const step = 4 * channels;
  const part: f32 = fixed ? 0 : 1 / <f32>rows;
  addBlocks(rows, channels, from, to, x, dy, mean, stretch, real, sums);
  for (let c = from; c < to; c += 4) {
    const n = to - c, at = 4 * c, own = sums + 16 * c;
    const sum = narrow(v128.load(own), v128.load(own, 16)), dot = narrow(v128.load(own, 32), v128.load(own, 48));
    const inverse = f32x4.div(splat(1), f32x4.sqrt(f32x4.add(loadSome(variance + at, n), splat(epsilon))));
    if (dGamma) storeSome(dGamma + at, madd(dot, inverse, loadSome(dGamma + at, n)), n);
    if (dBeta) storeSome(dBeta + at, f32x4.add(sum, loadSome(dBeta + at, n)), n);
    storeSome(table + at, loadSome(mean + at, n), n);
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
    for (; at + 32 <= block; at += 32) {
      const from = x + at, g = dy + at, to = dx + at, center = table + at, aAt = a + at, bAt = b + at, cAt = c + at;
      const low = madd(f32x4.sub(v128.load(center), v128.load(from)), v128.load(cAt), f32x4.sub(v128.load(g), v128.load(bAt)));
      const high = madd(f32x4.sub(v128.load(center, 16), v128.load(from, 16)), v128.load(cAt, 16), f32x4.sub(v128.load(g, 16), v128.load(bAt, 16)));
      putPair(to, madd(low, v128.load(aAt), v128.load(to)), madd(high, v128.load(aAt, 16), v128.load(to, 16)));
    }
    for (; at < block; at += 16) {
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

/** Groups of one channel, where four channels are four lanes: samples from … to. `table` [3, channels], then sums. */
export function normalizeInstances(
  from: usize, to: usize, positions: usize, channels: usize, epsilon: f32,
  x: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, y: usize, table: usize,
): void {
  const block: usize = 4 * channels;
  for (let n = from; n < to; n++) {
    const start = n * positions * block, center = mean + n * block, spread = inverse + n * block;
    measureChannels(positions, channels, 0, channels, x + start, center, spread, 0, 0, table + 3 * block);
    prepareRows(channels, epsilon, center, spread, gamma, beta, table);
    for (let c: usize = 0; c < channels; c++) store<f32>(spread + 4 * c, 1 / Mathf.sqrt(load<f32>(spread + 4 * c) + epsilon));
    normalizeRows(positions, channels, table, x + start, y + start);
  }
}

/** Their dx. `table` [5, channels], then sums. */
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
    channelGradients(positions, channels, 0, channels, 0, false, x + start, center, variance, gamma, dy + start, 0, 0, table, 0, 0, table + 5 * block);
    addRowGradients(positions, channels, table, x + start, dy + start, dx + start);
  }
}
