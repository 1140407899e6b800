/**
 * exp, tanh and sigmoid of four floats at once, after Cephes' expf and tanhf (S. Moshier): polynomials whose
 * error stays within a few units in the last place of float32.
 */
import { madd } from './simd';

// @ts-ignore: decorator
@inline
function c(value: f32): v128 {
  return f32x4.splat(value);
}

/** e^x; beyond ±87 it saturates at the smallest and largest normal numbers, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, c(88.3762626647949)), c(-87.3365478515625));
  const n = f32x4.nearest(f32x4.mul(clamped, c(1.44269504088896341)));
  let r = madd(n, c(-0.693359375), clamped);
  r = madd(n, c(2.12194440e-4), r);
  let p = madd(c(1.9875691500e-4), r, c(1.3981999507e-3));
  p = madd(p, r, c(8.3334519073e-3));
  p = madd(p, r, c(4.1665795894e-2));
  p = madd(p, r, c(1.6666665459e-1));
  p = madd(p, r, c(5.0000001201e-1));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, c(1)));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

/** 1 / (1 + e^−x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(c(1), f32x4.add(c(1), exp(f32x4.neg(x))));
}

/** Odd polynomial near 0, where 1 − 2/(e^2x + 1) would lose digits. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(c(-5.70498872745e-3), z, c(2.06390887954e-2));
  p = madd(p, z, c(-5.37397155531e-2));
  p = madd(p, z, c(1.33314422036e-1));
  p = madd(p, z, c(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), x, x);
  const size = f32x4.abs(x);
  const far = f32x4.sub(c(1), f32x4.div(c(2), f32x4.add(exp(f32x4.add(size, size)), c(1))));
  const signed = v128.or(v128.and(x, i32x4.splat(<i32>0x80000000)), far);
  return v128.bitselect(near, signed, f32x4.lt(size, c(0.625)));
}
