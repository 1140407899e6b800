/** Elementwise kernels, sums over rows. Counts are in elements, addresses in bytes. */
import { exp as expV, sigmoid as sigmoidV, tanh as tanhV } from './math';
import { flush, madd, putPair, sumLanes } from './simd';

/** Up to three floats at the end of a row; the other lanes are zero. */
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

// Each function runs in two loops: over pairs of vectors, and over the rest at the end.

// @ts-ignore: decorator
@inline
function relu(x: v128): v128 {
  // x where x > 0 or x is NaN, otherwise 0: a NaN must be preserved.
  return v128.andnot(x, f32x4.le(x, f32x4.splat(0)));
}

export function reluForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = x + 4 * i;
    putPair(y + 4 * i, relu(v128.load(p)), relu(v128.load(p, 16)));
  }
  for (; i < count; i += 4) storeSome(y + 4 * i, relu(loadSome(x + 4 * i, count - i)), count - i);
}

// @ts-ignore: decorator
@inline
function passed(x: v128, dy: v128): v128 {
  return v128.and(dy, f32x4.gt(x, f32x4.splat(0)));
}

/** dx += dy where x > 0. */
export function reluBackward(count: usize, x: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = x + 4 * i, q = dy + 4 * i, to = dx + 4 * i;
    const low = f32x4.add(v128.load(to), passed(v128.load(p), v128.load(q)));
    const high = f32x4.add(v128.load(to, 16), passed(v128.load(p, 16), v128.load(q, 16)));
    putPair(to, flush(low), flush(high));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(dx + at, flush(f32x4.add(loadSome(dx + at, n), passed(loadSome(x + at, n), loadSome(dy + at, n)))), n);
  }
}

/** dx = dy where y > 0, otherwise 0. dx may be dy. */
export function reluBackwardFromOutput(count: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = y + 4 * i, q = dy + 4 * i;
    putPair(dx + 4 * i, flush(passed(v128.load(p), v128.load(q))), flush(passed(v128.load(p, 16), v128.load(q, 16))));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(dx + at, flush(passed(loadSome(y + at, n), loadSome(dy + at, n))), n);
  }
}

export function sigmoidForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = x + 4 * i;
    putPair(y + 4 * i, sigmoidV(v128.load(p)), sigmoidV(v128.load(p, 16)));
  }
  for (; i < count; i += 4) storeSome(y + 4 * i, sigmoidV(loadSome(x + 4 * i, count - i)), count - i);
}

export function tanhForward(count: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = x + 4 * i;
    putPair(y + 4 * i, flush(tanhV(v128.load(p))), flush(tanhV(v128.load(p, 16))));
  }
  for (; i < count; i += 4) storeSome(y + 4 * i, flush(tanhV(loadSome(x + 4 * i, count - i))), count - i);
}

// @ts-ignore: decorator
@inline
function sigmoidSlope(y: v128): v128 {
  return f32x4.sub(y, f32x4.mul(y, y));
}

// @ts-ignore: decorator
@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

// @ts-ignore: decorator
@inline
function slope(isTanh: bool, y: v128): v128 {
  return isTanh ? tanhSlope(y) : sigmoidSlope(y);
}

/** dx += dy · f′. */
// @ts-ignore: decorator
@inline
function addGradient(isTanh: bool, count: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = y + 4 * i, q = dy + 4 * i, to = dx + 4 * i;
    const low = madd(v128.load(q), slope(isTanh, v128.load(p)), v128.load(to));
    const high = madd(v128.load(q, 16), slope(isTanh, v128.load(p, 16)), v128.load(to, 16));
    putPair(to, flush(low), flush(high));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(dx + at, flush(madd(loadSome(dy + at, n), slope(isTanh, loadSome(y + at, n)), loadSome(dx + at, n))), n);
  }
}

/** dx = dy · f′. dx may be dy. */
// @ts-ignore: decorator
@inline
function scaleGradient(isTanh: bool, count: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = y + 4 * i, q = dy + 4 * i;
    const low = f32x4.mul(v128.load(q), slope(isTanh, v128.load(p)));
    const high = f32x4.mul(v128.load(q, 16), slope(isTanh, v128.load(p, 16)));
    putPair(dx + 4 * i, flush(low), flush(high));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(dx + at, flush(f32x4.mul(loadSome(dy + at, n), slope(isTanh, loadSome(y + at, n)))), n);
  }
}

/** dx += dy · y(1 − y). */
export function sigmoidBackward(count: usize, y: usize, dy: usize, dx: usize): void {
  addGradient(false, count, y, dy, dx);
}

/** dx = dy · y(1 − y). dx may be dy. */
export function sigmoidBackwardFromOutput(count: usize, y: usize, dy: usize, dx: usize): void {
  scaleGradient(false, count, y, dy, dx);
}

/** dx += dy · (1 − y²). */
export function tanhBackward(count: usize, y: usize, dy: usize, dx: usize): void {
  addGradient(true, count, y, dy, dx);
}

/** dx = dy · (1 − y²). dx may be dy. */
export function tanhBackwardFromOutput(count: usize, y: usize, dy: usize, dx: usize): void {
  scaleGradient(true, count, y, dy, dx);
}

/** y += factor · x. */
export function addScaled(count: usize, factor: f32, x: usize, y: usize): void {
  const f = f32x4.splat(factor);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = x + 4 * i, to = y + 4 * i;
    putPair(to, madd(f, v128.load(p), v128.load(to)), madd(f, v128.load(p, 16), v128.load(to, 16)));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(y + at, madd(f, loadSome(x + at, n), loadSome(y + at, n)), n);
  }
}

/** Applies an activation by its number (codes in kernels.ts): 0 none, 1 relu, 2 sigmoid, 3 tanh. */
export function activate(activation: i32, count: usize, y: usize): void {
  if (activation == 1) reluForward(count, y, y);
  else if (activation == 2) sigmoidForward(count, y, y);
  else if (activation == 3) tanhForward(count, y, y);
}

/** Hosts copy and fill memory by a call of their own, which takes longer than a loop over this many bytes. */
const FEW_BYTES: usize = 512;

export function copy(bytes: usize, x: usize, y: usize): void {
  if (bytes > FEW_BYTES) {
    memory.copy(y, x, bytes);
    return;
  }
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) putPair(y + i, v128.load(x + i), v128.load(x + i, 16));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i));
}

/** Zeros whole buffers. The `fill` of typed arrays writes one element at a time on shared memory. */
export function clear(bytes: usize, x: usize): void {
  if (bytes > FEW_BYTES) {
    memory.fill(x, 0, bytes);
    return;
  }
  const zero = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) putPair(x + i, zero, zero);
  for (; i < bytes; i += 4) store<f32>(x + i, 0);
}

/** y[r, :] += bias. */
export function addBias(rows: usize, columns: usize, bias: usize, y: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let j: usize = 0;
    for (; j + 8 <= columns; j += 8) {
      const p = bias + 4 * j, to = y + 4 * j;
      putPair(to, f32x4.add(v128.load(to), v128.load(p)), f32x4.add(v128.load(to, 16), v128.load(p, 16)));
    }
    for (; j < columns; j += 4) storeSome(y + 4 * j, f32x4.add(loadSome(y + 4 * j, columns - j), loadSome(bias + 4 * j, columns - j)), columns - j);
    y += 4 * columns;
  }
}

/** sums[j] += Σ_r x[r, j] for columns from … to, which begin at a multiple of 16. */
export function addColumnSums(rows: usize, columns: usize, from: usize, to: usize, x: usize, sums: usize): void {
  const step = 4 * columns;
  let j = from;
  // Four adjacent vectors use whole cache lines of every row. An addition does not wait for the one of the row before.
  for (; j + 16 <= to; j += 16) {
    let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    let at = x + 4 * j, left = rows;
    for (; left >= 2; left -= 2) {
      const next = at + step;
      a0 = f32x4.add(a0, v128.load(at));
      a1 = f32x4.add(a1, v128.load(at, 16));
      a2 = f32x4.add(a2, v128.load(at, 32));
      a3 = f32x4.add(a3, v128.load(at, 48));
      b0 = f32x4.add(b0, v128.load(next));
      b1 = f32x4.add(b1, v128.load(next, 16));
      b2 = f32x4.add(b2, v128.load(next, 32));
      b3 = f32x4.add(b3, v128.load(next, 48));
      at = next + step;
    }
    if (left > 0) {
      a0 = f32x4.add(a0, v128.load(at));
      a1 = f32x4.add(a1, v128.load(at, 16));
      a2 = f32x4.add(a2, v128.load(at, 32));
      a3 = f32x4.add(a3, v128.load(at, 48));
    }
    const into = sums + 4 * j, further = into + 32;
    putPair(into, f32x4.add(v128.load(into), f32x4.add(a0, b0)), f32x4.add(v128.load(into, 16), f32x4.add(a1, b1)));
    putPair(further, f32x4.add(v128.load(further), f32x4.add(a2, b2)), f32x4.add(v128.load(further, 16), f32x4.add(a3, b3)));
  }
  for (; j + 8 <= to; j += 8) {
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    let at = x + 4 * j, left = rows;
    for (; left >= 4; left -= 4) {
      const p = at + step, q = p + step, r = q + step;
      a0 = f32x4.add(a0, v128.load(at));
      a1 = f32x4.add(a1, v128.load(at, 16));
      b0 = f32x4.add(b0, v128.load(p));
      b1 = f32x4.add(b1, v128.load(p, 16));
      c0 = f32x4.add(c0, v128.load(q));
      c1 = f32x4.add(c1, v128.load(q, 16));
      d0 = f32x4.add(d0, v128.load(r));
      d1 = f32x4.add(d1, v128.load(r, 16));
      at = r + step;
    }
    for (; left > 0; left--) {
      a0 = f32x4.add(a0, v128.load(at));
      a1 = f32x4.add(a1, v128.load(at, 16));
      at += step;
    }
    const into = sums + 4 * j;
    const low = f32x4.add(f32x4.add(a0, b0), f32x4.add(c0, d0)), high = f32x4.add(f32x4.add(a1, b1), f32x4.add(c1, d1));
    putPair(into, f32x4.add(v128.load(into), low), f32x4.add(v128.load(into, 16), high));
  }
  for (; j < to; j += 4) {
    const n = to - j;
    let sum = f32x4.splat(0);
    let at = x + 4 * j;
    for (let r: usize = 0; r < rows; r++) {
      sum = f32x4.add(sum, loadSome(at, n));
      at += step;
    }
    storeSome(sums + 4 * j, f32x4.add(loadSome(sums + 4 * j, n), sum), n);
  }
}

/**
 * Sums of all columns over portions from … to of `each` rows, written one after the other: the first of them at `sums`.
 */
export function columnSums(rows: usize, columns: usize, each: usize, from: usize, to: usize, x: usize, sums: usize): void {
  for (let portion = from; portion < to; portion++) {
    memory.fill(sums, 0, 4 * columns);
    addColumnSums(min(each, rows - portion * each), columns, 0, columns, x + 4 * portion * each * columns, sums);
    sums += 4 * columns;
  }
}

/** x *= factor. */
export function scale(count: usize, factor: f32, x: usize): void {
  const f = f32x4.splat(factor);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const to = x + 4 * i;
    putPair(to, f32x4.mul(f, v128.load(to)), f32x4.mul(f, v128.load(to, 16)));
  }
  for (; i < count; i += 4) storeSome(x + 4 * i, f32x4.mul(f, loadSome(x + 4 * i, count - i)), count - i);
}

/** y = a · b, or y += with `accumulate`. */
export function multiply(count: usize, accumulate: bool, a: usize, b: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = a + 4 * i, q = b + 4 * i, to = y + 4 * i;
    const u = v128.load(p), v = v128.load(p, 16), s = v128.load(q), t = v128.load(q, 16);
    if (accumulate) putPair(to, madd(u, s, v128.load(to)), madd(v, t, v128.load(to, 16)));
    else putPair(to, f32x4.mul(u, s), f32x4.mul(v, t));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const u = loadSome(a + at, n), v = loadSome(b + at, n);
    storeSome(y + at, accumulate ? madd(u, v, loadSome(y + at, n)) : f32x4.mul(u, v), n);
  }
}
