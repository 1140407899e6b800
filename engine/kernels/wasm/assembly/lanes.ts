/** Sums and extremes over the lanes of vectors, for the kernels that measure. */
import { sumLanes } from './simd';

/** Up to this many elements are summed in float64: blocks in float32 would take longer. */
export const FEW: usize = 64;

/** The sum of the four vectors at `sums`. */
// @ts-ignore: decorator
@inline
export function sumLanesAt(sums: usize): f32 {
  const low = f32x4.add(v128.load(sums), v128.load(sums, 16)), high = f32x4.add(v128.load(sums, 32), v128.load(sums, 48));
  return sumLanes(f32x4.add(low, high));
}

/** The sum of the two vectors at `sums`, in float64. */
// @ts-ignore: decorator
@inline
export function sumPairAt(sums: usize): v128 {
  return f64x2.add(widen(v128.load(sums)), widen(v128.load(sums, 16)));
}

/** Two sums of two lanes each. */
// @ts-ignore: decorator
@inline
function widen(v: v128): v128 {
  return f64x2.add(promoteLow(v), promoteHigh(v));
}

/** The lower two lanes in float64. */
// @ts-ignore: decorator
@inline
export function promoteLow(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The upper two lanes in float64. */
// @ts-ignore: decorator
@inline
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
export function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

// @ts-ignore: decorator
@inline
export function maddDouble(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function sumDoubleLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
export function leastLane(v: v128): f32 {
  const pair = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}

// @ts-ignore: decorator
@inline
export function largestLane(v: v128): f32 {
  const pair = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}

/** The least lane of one vector and the largest of another, in float64. */
// @ts-ignore: decorator
@inline
export function extremeLanes(least: v128, largest: v128): v128 {
  // The largest is the least of the negated values, so both are found at once.
  const negated = f32x4.neg(largest);
  const pairs = f32x4.pmin(v128.shuffle<f32>(least, negated, 0, 4, 1, 5), v128.shuffle<f32>(least, negated, 2, 6, 3, 7));
  const both = promoteLow(f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3)));
  return v128.xor(both, i64x2(0, i64.MIN_VALUE));
}

/** The sums of the lanes of three vectors of counts below 2¹⁵: [a, b, c, 0]. */
// @ts-ignore: decorator
@inline
export function countOfEach(a: v128, b: v128, c: v128): v128 {
  const one = i16x8.splat(1);
  const pairs = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(a, b), one), others = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(c, i32x4.splat(0)), one);
  return i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(pairs, others), one);
}

// @ts-ignore: decorator
@inline
export function countLanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
