/** Short names for the SIMD operations that all kernels use. Multiply-add is fused if the host has relaxed SIMD. */

export const LANES: usize = 4;

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Number `i` of a table in every lane. Hosts make a constant of the source again wherever it is used, in up to eight instructions. A
 * number in memory takes one.
 */
// @ts-ignore: decorator
@inline
export function factor(table: usize, i: usize): v128 {
  return v128.load_splat<f32>(table + 4 * i);
}

/**
 * Sizes below which values become 0: gradients and states that are carried on; gradients that are to be squared; running
 * means of such squares. Smaller values would lead to subnormal numbers, with which processors compute a hundred times more
 * slowly. Where gradients vanish, most numbers would be subnormal. 2⁻⁹⁴, 2⁻⁵⁴ and 2⁻¹²³ leave room above float32's least normal
 * number, 2⁻¹²⁶, for a factor of 2⁻³² and for 2⁻¹⁵ · g².
 */
const LEAST: usize = memory.data<f32>([5.048709793414476e-29, 5.551115123125783e-17, 9.403954806578300e-38]);

// @ts-ignore: decorator
@inline
function zeroBelow(v: v128, least: v128): v128 {
  // NaN is not less than the limit, so it stays.
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), least));
}

/** A gradient, or a state to be carried on. */
// @ts-ignore: decorator
@inline
export function flush(v: v128): v128 {
  return zeroBelow(v, v128.load_splat<f32>(LEAST));
}

/** A gradient that is to be squared. */
// @ts-ignore: decorator
@inline
export function flushForSquare(v: v128): v128 {
  return zeroBelow(v, v128.load_splat<f32>(LEAST, 4));
}

/** A running mean of squares. */
// @ts-ignore: decorator
@inline
export function flushSquare(v: v128): v128 {
  return zeroBelow(v, v128.load_splat<f32>(LEAST, 8));
}

// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Stores two adjacent vectors. If they are computed in the same way, and nothing is read between the two stores, hosts of the
 * wide build join them into one vector of twice the width. So both are computed first.
 */
// @ts-ignore: decorator
@inline
export function putPair(to: usize, low: v128, high: v128): void {
  v128.store(to, low);
  v128.store(to, high, 16);
}
