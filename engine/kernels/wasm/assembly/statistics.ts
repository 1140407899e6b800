/** One pass over a tensor for all of its statistics; sums in float64 over blocks, so that long tensors keep their digits. */
import { loadSome, storeSome } from './elementwise';
import { madd, sumLanes } from './simd';

const BLOCK: usize = 1024;

/** Writes count, sum, sum of squares, least, largest, zeros, below, above, not finite as float64. Only finite values enter the sums. */
export function moments(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  // Most layers have no rails, and counting what lies beyond them is a third of the work.
  if (low == f32.NEGATIVE_INFINITY && high == f32.POSITIVE_INFINITY) measure(false, count, x, low, high, out);
  else measure(true, count, x, low, high, out);
}

// @ts-ignore: decorator
@inline
function measure(rails: bool, count: usize, x: usize, low: f32, high: f32, out: usize): void {
  let sum: f64 = 0, squares: f64 = 0;
  const zero = f32x4.splat(0);
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let least = f32x4.splat(f32.POSITIVE_INFINITY), largest = f32x4.splat(f32.NEGATIVE_INFINITY);
  let zeros = i32x4.splat(0), below = zeros, above = zeros, strange = zeros;
  let i: usize = 0;
  const whole = count & ~3;
  while (i < whole) {
    const end = min(whole, i + BLOCK);
    let s = zero, q = zero;
    for (; i < end; i += 4) {
      const raw = v128.load(x + 4 * i);
      const odd = f32x4.ne(f32x4.sub(raw, raw), zero);
      const v = v128.andnot(raw, odd);
      s = f32x4.add(s, v);
      q = f32x4.add(q, f32x4.mul(v, v));
      // A value that is not finite must move neither bound.
      least = f32x4.pmin(least, v128.bitselect(least, v, odd));
      largest = f32x4.pmax(largest, v128.bitselect(largest, v, odd));
      strange = i32x4.sub(strange, odd);
      zeros = i32x4.sub(zeros, v128.andnot(f32x4.eq(v, zero), odd));
      if (rails) {
        below = i32x4.sub(below, v128.andnot(f32x4.lt(v, lows), odd));
        above = i32x4.sub(above, v128.andnot(f32x4.gt(v, highs), odd));
      }
    }
    sum += <f64>sumLanes(s);
    squares += <f64>sumLanes(q);
  }
  let leastOne = min(min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)), min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)));
  let largestOne = max(max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)), max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)));
  let zeroCount = countLanes(zeros), belowCount = countLanes(below), aboveCount = countLanes(above), strangeCount = countLanes(strange);
  for (; i < count; i++) {
    const v = load<f32>(x + 4 * i);
    if (v - v != 0) {
      strangeCount++;
      continue;
    }
    sum += <f64>v;
    squares += <f64>(v * v);
    leastOne = min(leastOne, v);
    largestOne = max(largestOne, v);
    if (v == 0) zeroCount++;
    if (v < low) belowCount++;
    if (v > high) aboveCount++;
  }
  // Squares of numbers beyond 1e19 leave float32 though the numbers are finite.
  if (squares == f64.POSITIVE_INFINITY) {
    squares = 0;
    for (let j: usize = 0; j < count; j++) {
      const v = <f64>load<f32>(x + 4 * j);
      if (v - v == 0) squares += v * v;
    }
  }
  store<f64>(out, <f64>count);
  store<f64>(out, sum, 8);
  store<f64>(out, squares, 16);
  store<f64>(out, <f64>leastOne, 24);
  store<f64>(out, <f64>largestOne, 32);
  store<f64>(out, <f64>zeroCount, 40);
  store<f64>(out, <f64>belowCount, 48);
  store<f64>(out, <f64>aboveCount, 56);
  store<f64>(out, <f64>strangeCount, 64);
}

/** Σ x², in float64 over blocks; NaN or infinite when any element is, or when a square leaves float32. */
export function sumOfSquares(count: usize, x: usize): f64 {
  let total: f64 = 0;
  let i: usize = 0;
  const whole = count & ~7;
  while (i < whole) {
    const end = min(whole, i + BLOCK);
    let even = f32x4.splat(0), odd = even;
    for (; i < end; i += 8) {
      const v = v128.load(x + 4 * i), w = v128.load(x + 4 * i, 16);
      even = madd(v, v, even);
      odd = madd(w, w, odd);
    }
    total += <f64>sumLanes(f32x4.add(even, odd));
  }
  for (; i < count; i++) total += <f64>load<f32>(x + 4 * i) * <f64>load<f32>(x + 4 * i);
  return total;
}

/** Sets positive[c], a float, to 1 for each column that is somewhere above zero; columns already marked are passed over. */
export function markPositive(rows: usize, columns: usize, x: usize, positive: usize): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  for (let c: usize = 0; c < columns; c += 4) {
    const n = columns - c;
    let found = f32x4.gt(loadSome(positive + 4 * c, n), zero);
    // Lanes past the last column count as found, so that they hold nothing up.
    if (n < 4) found = v128.or(found, i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>n)));
    let at = x + 4 * c;
    for (let r: usize = 0; r < rows && !v128.all_true<i32>(found); r++) {
      found = v128.or(found, f32x4.gt(loadSome(at, n), zero));
      at += 4 * columns;
    }
    storeSome(positive + 4 * c, v128.and(found, one), n);
  }
}

function countLanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Σ (a − b)². */
export function squaredDistance(count: usize, a: usize, b: usize): f64 {
  let sum: f64 = 0;
  const whole = count & ~3;
  let i: usize = 0;
  while (i < whole) {
    const end = min(whole, i + BLOCK);
    let s = f32x4.splat(0);
    for (; i < end; i += 4) {
      const d = f32x4.sub(v128.load(a + 4 * i), v128.load(b + 4 * i));
      s = f32x4.add(s, f32x4.mul(d, d));
    }
    sum += <f64>sumLanes(s);
  }
  for (; i < count; i++) {
    const d = load<f32>(a + 4 * i) - load<f32>(b + 4 * i);
    sum += <f64>(d * d);
  }
  return sum;
}
