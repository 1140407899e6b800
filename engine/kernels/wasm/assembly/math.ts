/**
 * exp, sigmoid and tanh of four floats at once. exp follows Cephes' expf (S. Moshier); tanh is a rational function
 * fitted by weighted least squares.
 */
import { madd } from './simd';

// @ts-ignore: decorator
@inline
function c(value: f32): v128 {
  return f32x4.splat(value);
}

/**
 * Constants of the functions below are in memory, so that each takes one load. For a constant in the code, hosts use three
 * operations in every place.
 */
// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load_splat<f32>(table + 4 * index);
}

/** Clamps to low … high; NaN stays NaN. The instructions min and max would do the same, but are several times slower. */
// @ts-ignore: decorator
@inline
export function within(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, c(high)), c(low));
}

/**
 * Least and largest argument, log₂ e, the rounder, −ln 2 in two parts, 1. The rounder is 1.5 · 2²³ + 127: added to a
 * small number it leaves the nearest whole number, biased like an exponent, in the low bits.
 */
const EXP: usize = memory.data<f32>([-87.3365478515625, 88.3762626647949, 1.44269504088896341, 12583039, -0.693359375, 2.12194440e-4, 1]);
/** Of r⁷ … r² in e^r. */
const EXP_SERIES: usize = memory.data<f32>([1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]);

/** e^x; beyond ±87 it saturates at the smallest and largest normal numbers, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, constant(EXP, 1)), constant(EXP, 0));
  const rounded = madd(clamped, constant(EXP, 2), constant(EXP, 3));
  const n = f32x4.sub(rounded, constant(EXP, 3));
  let r = madd(n, constant(EXP, 4), clamped);
  r = madd(n, constant(EXP, 5), r);
  let p = madd(constant(EXP_SERIES, 0), r, constant(EXP_SERIES, 1));
  p = madd(p, r, constant(EXP_SERIES, 2));
  p = madd(p, r, constant(EXP_SERIES, 3));
  p = madd(p, r, constant(EXP_SERIES, 4));
  p = madd(p, r, constant(EXP_SERIES, 5));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, constant(EXP, 6)));
  // The shift drops all bits of `rounded` but the exponent.
  return f32x4.mul(p, i32x4.shl(rounded, 23));
}

/** 1 / (1 + e^−x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(EXP, 6);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** −9, 9, −1, 1 and ½. */
const TANH: usize = memory.data<f32>([-9, 9, -1, 1, 0.5]);
/** Of z⁴ … z in P and Q; both end with 1. */
const TANH_P: usize = memory.data<f32>([1.3355582417773348e-8, 2.060983024421148e-5, 3.495637560263276e-3, 0.13381068408489227]);
const TANH_Q: usize = memory.data<f32>([7.776959591865307e-7, 3.285712737124413e-4, 2.5877173990011215e-2, 0.46714383363723755]);

/**
 * x·P(x²)/Q(x²), fitted on ±9 to a relative error of 2e-8; beyond, tanh is 1 to float32's last digit.
 * Within 4e-7 of tanh in float32 arithmetic.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const one = constant(TANH, 3);
  const inside = f32x4.pmax(f32x4.pmin(x, constant(TANH, 1)), constant(TANH, 0));
  const z = f32x4.mul(inside, inside);
  let p = madd(constant(TANH_P, 0), z, constant(TANH_P, 1));
  p = madd(p, z, constant(TANH_P, 2));
  p = madd(p, z, constant(TANH_P, 3));
  p = madd(p, z, one);
  let q = madd(constant(TANH_Q, 0), z, constant(TANH_Q, 1));
  q = madd(q, z, constant(TANH_Q, 2));
  q = madd(q, z, constant(TANH_Q, 3));
  q = madd(q, z, one);
  const y = f32x4.div(f32x4.mul(inside, p), q);
  // Rounding may overstep 1 by one unit, which no tanh does.
  return f32x4.pmax(f32x4.pmin(y, one), constant(TANH, 2));
}

/** Sigmoid as ½ + ½·tanh(x/2): half the work, exact to 2e-7 absolutely, which is what a gate needs. */
// @ts-ignore: decorator
@inline
export function gateSigmoid(x: v128): v128 {
  const half = constant(TANH, 4);
  return madd(tanh(f32x4.mul(x, half)), half, half);
}
