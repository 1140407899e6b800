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

/** Within low … high; NaN stays NaN. The instructions min and max would do, but are several times slower. */
// @ts-ignore: decorator
@inline
export function within(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, c(high)), c(low));
}

/** 1.5 · 2²³: added to a small number it leaves the nearest whole number in the low bits. */
const ROUNDER: f32 = 12582912;

/** e^x; beyond ±87 it saturates at the smallest and largest normal numbers, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const clamped = within(x, -87.3365478515625, 88.3762626647949);
  const rounded = madd(clamped, c(1.44269504088896341), c(ROUNDER));
  const n = f32x4.sub(rounded, c(ROUNDER));
  let r = madd(n, c(-0.693359375), clamped);
  r = madd(n, c(2.12194440e-4), r);
  let p = madd(c(1.9875691500e-4), r, c(1.3981999507e-3));
  p = madd(p, r, c(8.3334519073e-3));
  p = madd(p, r, c(4.1665795894e-2));
  p = madd(p, r, c(1.6666665459e-1));
  p = madd(p, r, c(5.0000001201e-1));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, c(1)));
  // The shift drops all bits of `rounded` but the whole number.
  const exponent = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

/** 1 / (1 + e^−x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(c(1), f32x4.add(c(1), exp(f32x4.neg(x))));
}

/**
 * x·P(x²)/Q(x²), fitted on ±9 to a relative error of 2e-8; beyond, tanh is 1 to float32's last digit.
 * Within 4e-7 of tanh in float32 arithmetic.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const inside = within(x, -9, 9);
  const z = f32x4.mul(inside, inside);
  let p = madd(c(1.3355582417773348e-8), z, c(2.060983024421148e-5));
  p = madd(p, z, c(3.495637560263276e-3));
  p = madd(p, z, c(0.13381068408489227));
  p = madd(p, z, c(1));
  let q = madd(c(7.776959591865307e-7), z, c(3.285712737124413e-4));
  q = madd(q, z, c(2.5877173990011215e-2));
  q = madd(q, z, c(0.46714383363723755));
  q = madd(q, z, c(1));
  const y = f32x4.div(f32x4.mul(inside, p), q);
  // Rounding may overstep 1 by one unit, which no tanh does.
  return within(y, -1, 1);
}

/** Sigmoid as ½ + ½·tanh(x/2): half the work, exact to 2e-7 absolutely, which is what a gate needs. */
// @ts-ignore: decorator
@inline
export function gateSigmoid(x: v128): v128 {
  const half = c(0.5);
  return madd(tanh(f32x4.mul(x, half)), half, half);
}
