/** Elementwise kernels, sums over rows, softmax. Counts are in elements, addresses in bytes. */
import { exp as expV, sigmoid as sigmoidV, tanh as tanhV } from './math';
import { flush, madd, sumLanes } from './simd';

/** Up to three floats at the end of a row, the other lanes zero. */
// @ts-ignore: decorator
@inline
export function loadSome(at: usize, count: usize): v128 {
  if (count >= 4) return v128.load(at);
  let v = v128.load32_zero(at);
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(at + 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(at + 8));
  return v;
}

// @ts-ignore: decorator
@inline
export function storeSome(at: usize, v: v128, count: usize): void {
  if (count >= 4) {
    v128.store(at, v);
    return;
  }
  store<f32>(at, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(at + 4, f32x4.extract_lane(v, 1));
  if (count > 2) store<f32>(at + 8, f32x4.extract_lane(v, 2));
}

// Each body is written once, for `n` lanes from byte `at`, and inlined twice: for whole vectors, where the
// branches of loadSome and storeSome fold away, and for the rest at the end.

// @ts-ignore: decorator
@inline
function reluForwardAt(at: usize, n: usize, x: usize, y: usize): void {
  const v = loadSome(x + at, n);
  // x where x > 0 or x is NaN, else 0: a NaN must stay to be seen.
  storeSome(y + at, v128.andnot(v, f32x4.le(v, f32x4.splat(0))), n);
}

export function reluForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) reluForwardAt(4 * i, 4, x, y);
  if (i < count) reluForwardAt(4 * i, count - i, x, y);
}

// @ts-ignore: decorator
@inline
function reluBackwardAt(at: usize, n: usize, x: usize, dy: usize, dx: usize): void {
  const passes = f32x4.gt(loadSome(x + at, n), f32x4.splat(0));
  storeSome(dx + at, flush(f32x4.add(loadSome(dx + at, n), v128.and(loadSome(dy + at, n), passes))), n);
}

/** dx += dy where x > 0. */
export function reluBackward(count: usize, x: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) reluBackwardAt(4 * i, 4, x, dy, dx);
  if (i < count) reluBackwardAt(4 * i, count - i, x, dy, dx);
}

// @ts-ignore: decorator
@inline
function reluBackwardInPlaceAt(at: usize, n: usize, y: usize, dy: usize): void {
  const passes = f32x4.gt(loadSome(y + at, n), f32x4.splat(0));
  storeSome(dy + at, flush(v128.and(loadSome(dy + at, n), passes)), n);
}

/** dy = 0 where y ≤ 0. */
export function reluBackwardInPlace(count: usize, y: usize, dy: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4)
    reluBackwardInPlaceAt(4 * i, 4, y, dy);
  if (i < count) reluBackwardInPlaceAt(4 * i, count - i, y, dy);
}

export function sigmoidForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) v128.store(y + 4 * i, sigmoidV(v128.load(x + 4 * i)));
  if (i < count) storeSome(y + 4 * i, sigmoidV(loadSome(x + 4 * i, count - i)), count - i);
}

// @ts-ignore: decorator
@inline
function sigmoidBackwardAt(at: usize, n: usize, y: usize, dy: usize, dx: usize): void {
  const v = loadSome(y + at, n);
  const slope = f32x4.sub(v, f32x4.mul(v, v));
  storeSome(dx + at, flush(madd(loadSome(dy + at, n), slope, loadSome(dx + at, n))), n);
}

/** dx += dy · y(1 − y). */
export function sigmoidBackward(count: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) sigmoidBackwardAt(4 * i, 4, y, dy, dx);
  if (i < count) sigmoidBackwardAt(4 * i, count - i, y, dy, dx);
}

/** dy *= y(1 − y). */
export function sigmoidBackwardInPlace(count: usize, y: usize, dy: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = dy + 4 * i;
    const v = loadSome(y + 4 * i, n);
    storeSome(at, flush(f32x4.mul(loadSome(at, n), f32x4.sub(v, f32x4.mul(v, v)))), n);
  }
}

export function tanhForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) v128.store(y + 4 * i, flush(tanhV(v128.load(x + 4 * i))));
  if (i < count) storeSome(y + 4 * i, flush(tanhV(loadSome(x + 4 * i, count - i))), count - i);
}

// @ts-ignore: decorator
@inline
function tanhBackwardAt(at: usize, n: usize, y: usize, dy: usize, dx: usize): void {
  const v = loadSome(y + at, n);
  const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(v, v));
  storeSome(dx + at, flush(madd(loadSome(dy + at, n), slope, loadSome(dx + at, n))), n);
}

/** dx += dy · (1 − y²). */
export function tanhBackward(count: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) tanhBackwardAt(4 * i, 4, y, dy, dx);
  if (i < count) tanhBackwardAt(4 * i, count - i, y, dy, dx);
}

/** dy *= 1 − y². */
export function tanhBackwardInPlace(count: usize, y: usize, dy: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = dy + 4 * i;
    const v = loadSome(y + 4 * i, n);
    storeSome(at, flush(f32x4.mul(loadSome(at, n), f32x4.sub(f32x4.splat(1), f32x4.mul(v, v)))), n);
  }
}

// @ts-ignore: decorator
@inline
function addScaledAt(at: usize, n: usize, f: v128, x: usize, y: usize): void {
  storeSome(y + at, madd(f, loadSome(x + at, n), loadSome(y + at, n)), n);
}

/** y += factor · x. */
export function addScaled(count: usize, factor: f32, x: usize, y: usize): void {
  const f = f32x4.splat(factor);
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) addScaledAt(4 * i, 4, f, x, y);
  if (i < count) addScaledAt(4 * i, count - i, f, x, y);
}

/** Applies an activation by its number (codes in kernels.ts): 0 none, 1 relu, 2 sigmoid, 3 tanh. */
export function activate(activation: i32, count: usize, y: usize): void {
  if (activation == 1) reluForward(count, y, y);
  else if (activation == 2) sigmoidForward(count, y, y);
  else if (activation == 3) tanhForward(count, y, y);
}

export function copy(bytes: usize, x: usize, y: usize): void {
  memory.copy(y, x, bytes);
}

/** Zeros whole buffers; a typed array's own fill goes element by element on shared memory. */
export function clear(bytes: usize, x: usize): void {
  memory.fill(x, 0, bytes);
}

/** y[r, :] += bias. */
export function addBias(rows: usize, columns: usize, bias: usize, y: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let j: usize = 0;
    for (; j + 4 <= columns; j += 4) v128.store(y + 4 * j, f32x4.add(v128.load(y + 4 * j), v128.load(bias + 4 * j)));
    if (j < columns) storeSome(y + 4 * j, f32x4.add(loadSome(y + 4 * j, columns - j), loadSome(bias + 4 * j, columns - j)), columns - j);
    y += 4 * columns;
  }
}

/** sums[j] += Σ_r x[r, j] for columns from … to. */
export function addColumnSums(rows: usize, columns: usize, from: usize, to: usize, x: usize, sums: usize): void {
  let j = from;
  // Four vectors side by side use whole cache lines of every row.
  for (; j + 16 <= to; j += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let at = x + 4 * j;
    for (let r: usize = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
      at += 4 * columns;
    }
    const into = sums + 4 * j;
    v128.store(into, f32x4.add(v128.load(into), s0));
    v128.store(into, f32x4.add(v128.load(into, 16), s1), 16);
    v128.store(into, f32x4.add(v128.load(into, 32), s2), 32);
    v128.store(into, f32x4.add(v128.load(into, 48), s3), 48);
  }
  for (; j < to; j += 4) {
    const n = to - j;
    let sum = f32x4.splat(0);
    let at = x + 4 * j;
    for (let r: usize = 0; r < rows; r++) {
      sum = f32x4.add(sum, loadSome(at, n));
      at += 4 * columns;
    }
    storeSome(sums + 4 * j, f32x4.add(loadSome(sums + 4 * j, n), sum), n);
  }
}

/** Softmax of each row, shifted by its largest element. */
export function softmaxForward(rows: usize, columns: usize, x: usize, y: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let most = load<f32>(x);
    for (let j: usize = 1; j < columns; j++) most = max(most, load<f32>(x + 4 * j));
    const shift = f32x4.splat(most);
    let sums = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 4 <= columns; j += 4) {
      const e = expV(f32x4.sub(v128.load(x + 4 * j), shift));
      v128.store(y + 4 * j, e);
      sums = f32x4.add(sums, e);
    }
    let sum = sumLanes(sums);
    if (j < columns) {
      const e = expV(f32x4.sub(loadSome(x + 4 * j, columns - j), shift));
      storeSome(y + 4 * j, e, columns - j);
      for (let i = j; i < columns; i++) sum += load<f32>(y + 4 * i);
    }
    const scale = f32x4.splat(1 / sum);
    for (j = 0; j < columns; j += 4) storeSome(y + 4 * j, flush(f32x4.mul(loadSome(y + 4 * j, columns - j), scale)), columns - j);
    x += 4 * columns;
    y += 4 * columns;
  }
}

/** dx += y · (dy − Σ dy·y). */
export function softmaxBackward(rows: usize, columns: usize, y: usize, dy: usize, dx: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let sums = f32x4.splat(0);
    for (let j: usize = 0; j < columns; j += 4) {
      const n = columns - j;
      sums = madd(loadSome(y + 4 * j, n), loadSome(dy + 4 * j, n), sums);
    }
    const sum = f32x4.splat(sumLanes(sums));
    for (let j: usize = 0; j < columns; j += 4) {
      const n = columns - j, at = 4 * j;
      storeSome(dx + at, flush(madd(loadSome(y + at, n), f32x4.sub(loadSome(dy + at, n), sum), loadSome(dx + at, n))), n);
    }
    y += 4 * columns;
    dy += 4 * columns;
    dx += 4 * columns;
  }
}

/** x *= factor. */
export function scale(count: usize, factor: f32, x: usize): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0; i < count; i += 4) storeSome(x + 4 * i, f32x4.mul(f, loadSome(x + 4 * i, count - i)), count - i);
}

/** y = a · b, or y += with `accumulate`. */
export function multiply(count: usize, accumulate: bool, a: usize, b: usize, y: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const u = loadSome(a + at, n), v = loadSome(b + at, n);
    storeSome(y + at, accumulate ? madd(u, v, loadSome(y + at, n)) : f32x4.mul(u, v), n);
  }
}
