/** Sums of squares, of values and of what an update changes; counts of values beyond bounds; and marks of positive columns. */
import { loadSome, storeSome } from './elementwise';
import { addTo, countLanes, FEW, maddDouble, promoteHigh, promoteLow, sumDoubleLanes, sumLanesAt } from './lanes';
import { madd, putPair } from './simd';

/** Elements of a block, whose squares `sumOfSquares` adds in float32 where float32 can hold them. */
const BLOCK: usize = 1024;

/**
 * Values are scaled by 2³² before they are squared, because squares of small gradients would underflow in float32. The factor is in
 * memory, because hosts of the wide build create a constant of two vectors again in every iteration.
 */
const SCALE: usize = memory.data<f32>([4294967296]);
const SQUARE_SCALE: f64 = 1 / (4294967296.0 * 4294967296.0);
/** From 2⁻⁹⁰ on, squares that float32 cannot represent do not change any digit of a block's sum. */
const LEAST_SUM: f32 = 8.077935669463161e-28;

// @ts-ignore: decorator
@inline
function addSquare(v: v128, scale: v128, sum: v128): v128 {
  const large = f32x4.mul(v, scale);
  return madd(large, large, sum);
}

/**
 * Σ x². Finite whenever all elements are: a block whose squares leave the range of float32 is added in float64, as are the elements
 * after the last block. A block leaves its sums at `sums`, 128 bytes, in pairs: hosts of the wide build join those (`putPair`).
 */
export function sumOfSquares(count: usize, x: usize, sums: usize): f64 {
  if (count <= FEW) return squaresOfFew(count, x);
  let total: f64 = 0;
  const whole = count & ~31;
  for (let i: usize = 0; i < whole; i += BLOCK) {
    const some = min(whole - i, BLOCK), at = x + 4 * i;
    addSquares(some, at, sums);
    const sum = sumLanesAt(sums) + sumLanesAt(sums + 64);
    total += isHeld(sum) ? SQUARE_SCALE * <f64>sum : squaresInDouble(some, at);
  }
  return total + squaresOfFew(count - whole, x + 4 * whole);
}

// @ts-ignore: decorator
@inline
function isHeld(sum: f32): bool {
  return sum >= LEAST_SUM && sum < f32.POSITIVE_INFINITY;
}

/** Writes eight vectors of sums. */
function addSquares(count: usize, x: usize, sums: usize): void {
  const scale = v128.load_splat<f32>(SCALE);
  // Eight sums, because a multiply-add waits for the previous one.
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = x + 4 * count; x < end; x += 128) {
    s0 = addSquare(v128.load(x), scale, s0);
    s1 = addSquare(v128.load(x, 16), scale, s1);
    s2 = addSquare(v128.load(x, 32), scale, s2);
    s3 = addSquare(v128.load(x, 48), scale, s3);
    s4 = addSquare(v128.load(x, 64), scale, s4);
    s5 = addSquare(v128.load(x, 80), scale, s5);
    s6 = addSquare(v128.load(x, 96), scale, s6);
    s7 = addSquare(v128.load(x, 112), scale, s7);
  }
  putPair(sums, s0, s1);
  putPair(sums + 32, s2, s3);
  putPair(sums + 64, s4, s5);
  putPair(sums + 96, s6, s7);
}

/** Σ x² in float64, which is slower, for `count`, a multiple of 4. Blocks of zeros are common and are skipped. */
function squaresInDouble(count: usize, x: usize): f64 {
  let bits = i32x4.splat(0);
  for (let i: usize = 0; i < count; i += 4) bits = v128.or(bits, v128.load(x + 4 * i));
  // The sign is ignored, because −0 is zero too.
  return v128.any_true(v128.and(bits, i32x4.splat(0x7fffffff))) ? squaresOfFew(count, x) : 0;
}

// @ts-ignore: decorator
@inline
function squaresOf(low: v128, high: v128): v128 {
  return maddDouble(low, low, f64x2.mul(high, high));
}

/** Σ x² in float64. */
// @ts-ignore: decorator
@inline
export function squaresOfFew(count: usize, x: usize): f64 {
  let sums = f64x2.splat(0);
  const end = x + 4 * count;
  for (; x + 16 <= end; x += 16) {
    const v = v128.load(x);
    sums = f64x2.add(sums, squaresOf(promoteLow(v), promoteHigh(v)));
  }
  let sum = sumDoubleLanes(sums);
  for (; x < end; x += 4) sum += <f64>load<f32>(x) * <f64>load<f32>(x);
  return sum;
}

/** Writes Σ before² and Σ (w − before)² as float64. `sums` as in `sumOfSquares`. */
export function measureChange(count: usize, w: usize, before: usize, out: usize, sums: usize): void {
  if (count <= FEW) {
    changesOfFew(count, w, before, out);
    return;
  }
  let parameters: f64 = 0, change: f64 = 0;
  const whole = count & ~15;
  for (let i: usize = 0; i < whole; i += BLOCK) {
    const some = min(whole - i, BLOCK), at = 4 * i;
    addChanges(some, w + at, before + at, sums);
    const sum = sumLanesAt(sums), changed = sumLanesAt(sums + 64);
    if (!isHeld(sum) || !isHeld(changed)) changesOfFew(some, w + at, before + at, out);
    parameters += isHeld(sum) ? <f64>sum : load<f64>(out);
    change += isHeld(changed) ? <f64>changed : load<f64>(out, 8);
  }
  changesOfFew(count - whole, w + 4 * whole, before + 4 * whole, out);
  addTo(out, parameters);
  addTo(out + 8, change);
}

/** Writes four vectors of sums of before², and four of (w − before)². */
function addChanges(count: usize, w: usize, before: usize, sums: usize): void {
  let p0 = f32x4.splat(0), p1 = p0, p2 = p0, p3 = p0;
  let c0 = p0, c1 = p0, c2 = p0, c3 = p0;
  for (const end = w + 4 * count; w < end; w += 64) {
    const b0 = v128.load(before), b1 = v128.load(before, 16), b2 = v128.load(before, 32), b3 = v128.load(before, 48);
    const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
    p0 = madd(b0, b0, p0);
    p1 = madd(b1, b1, p1);
    p2 = madd(b2, b2, p2);
    p3 = madd(b3, b3, p3);
    const d0 = f32x4.sub(w0, b0);
    c0 = madd(d0, d0, c0);
    const d1 = f32x4.sub(w1, b1);
    c1 = madd(d1, d1, c1);
    const d2 = f32x4.sub(w2, b2);
    c2 = madd(d2, d2, c2);
    const d3 = f32x4.sub(w3, b3);
    c3 = madd(d3, d3, c3);
    before += 64;
  }
  putPair(sums, p0, p1);
  putPair(sums + 32, p2, p3);
  putPair(sums + 64, c0, c1);
  putPair(sums + 96, c2, c3);
}

/** The same in float64, which takes longer for many. */
// @ts-ignore: decorator
@inline
export function changesOfFew(count: usize, w: usize, before: usize, out: usize): void {
  let squares = f64x2.splat(0), changes = squares;
  const end = w + 4 * count;
  for (; w + 16 <= end; w += 16) {
    const v = v128.load(w), b = v128.load(before), low = promoteLow(b), high = promoteHigh(b);
    squares = f64x2.add(squares, squaresOf(low, high));
    changes = f64x2.add(changes, squaresOf(f64x2.sub(promoteLow(v), low), f64x2.sub(promoteHigh(v), high)));
    before += 16;
  }
  let square = sumDoubleLanes(squares), change = sumDoubleLanes(changes);
  for (; w < end; w += 4) {
    const b = <f64>load<f32>(before), d = <f64>load<f32>(w) - b;
    square += b * b;
    change += d * d;
    before += 4;
  }
  store<f64>(out, square);
  store<f64>(out, change, 8);
}

/** Adds to the two float64 at `out` how many elements of x [rows, columns], rows `step` bytes apart, are below low and above high. */
export function countBeyond(rows: usize, columns: usize, x: usize, step: usize, low: f32, high: f32, out: usize): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let below = i32x4.splat(0), above = below;
  let belowSingly = 0, aboveSingly = 0;
  for (; rows > 0; rows--) {
    let c: usize = 0;
    for (; c + 4 <= columns; c += 4) {
      const v = v128.load(x + 4 * c);
      below = i32x4.sub(below, f32x4.lt(v, lows));
      above = i32x4.sub(above, f32x4.gt(v, highs));
    }
    for (; c < columns; c++) {
      const v = load<f32>(x + 4 * c);
      belowSingly += i32(v < low);
      aboveSingly += i32(v > high);
    }
    x += step;
  }
  addTo(out, <f64>(countLanes(below) + belowSingly));
  addTo(out + 8, <f64>(countLanes(above) + aboveSingly));
}

/** The largest of each of four columns, at least 0; NaN is ignored. */
// @ts-ignore: decorator
@inline
function largestOf(rows: usize, step: usize, x: usize): v128 {
  let even = f32x4.splat(0), odd = even;
  for (; rows >= 2; rows -= 2) {
    even = f32x4.pmax(even, v128.load(x));
    odd = f32x4.pmax(odd, v128.load(x + step));
    x += 2 * step;
  }
  if (rows > 0) even = f32x4.pmax(even, v128.load(x));
  return f32x4.pmax(even, odd);
}

/** The same for fewer columns. */
function largestOfFew(rows: usize, columns: usize, step: usize, x: usize): v128 {
  let largest = f32x4.splat(0);
  for (; rows > 0; rows--) {
    largest = f32x4.pmax(largest, loadSome(x, columns));
    x += step;
  }
  return largest;
}

/** Rows that are examined for all columns before the next rows, so that they stay in the first-level cache. */
const MARKED_ROWS: usize = 32;

/**
 * Sets positive[c] to 1 for each column that is above zero in some row, skipping columns that are marked already. Returns how
 * many are not marked.
 */
export function markPositive(rows: usize, columns: usize, x: usize, positive: usize): usize {
  const zero = f32x4.splat(0), one = f32x4.splat(1), step = 4 * columns;
  let waiting: usize = 0;
  do {
    const some = min(rows, MARKED_ROWS);
    waiting = 0;
    for (let c: usize = 0; c < columns; c += 4) {
      const n = columns - c;
      let found = f32x4.gt(loadSome(positive + 4 * c, n), zero);
      // Lanes past the last column count as found, so that the loop does not wait for them.
      if (n < 4) found = v128.or(found, i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>n)));
      if (v128.all_true<i32>(found)) continue;
      found = v128.or(found, f32x4.gt(n < 4 ? largestOfFew(some, n, step, x + 4 * c) : largestOf(some, step, x + 4 * c), zero));
      storeSome(positive + 4 * c, v128.and(found, one), n);
      waiting += <usize>(4 + countLanes(found));
    }
    rows -= some;
    x += step * some;
  } while (rows > 0 && waiting > 0);
  return waiting;
}
