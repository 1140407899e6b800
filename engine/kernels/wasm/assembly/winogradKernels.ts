/** The transforms of kernels and of their gradients for Winograd's F(4×4, 3×3), by the matrix G of winogradTransforms.ts. */
import { factor, madd, putPair } from './simd';
import { NARROW_BYTES } from './tiles';
import { addRows, SIDE } from './winogradTransforms';

/** Factors of G. */
const KERNEL_FACTORS: usize = memory.data<f32>([1 / 3, -4 / 15, 1 / 15, 4, 16]);

// Kernels go through a whole panel for each row or column of the tile: steps between their elements are often powers of
// two, and few addresses that far apart fit a cache at a time.

// Six elements of G times three, from the common terms: the outer two and the middle one. `f` is 1/3, −4/15 or 1/15.

// @ts-ignore: decorator
@inline
function kernel1(f: v128, g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.add(f32x4.mul(f, g1), f32x4.mul(f, f32x4.add(g0, g2)));
}

// @ts-ignore: decorator
@inline
function kernel2(f: v128, g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.sub(f32x4.mul(f, g1), f32x4.mul(f, f32x4.add(g0, g2)));
}

// @ts-ignore: decorator
@inline
function kernel3(f: v128, four: v128, g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.mul(f, f32x4.add(madd(four, g0, g2), f32x4.add(g1, g1)));
}

// @ts-ignore: decorator
@inline
function kernel4(f: v128, four: v128, g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.mul(f, f32x4.sub(madd(four, g2, g0), f32x4.add(g1, g1)));
}

/** G times three elements of `bytes` each, `fromStep` apart, as six that are `toStep` apart. */
function expand(bytes: usize, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const third = factor(KERNEL_FACTORS, 0), f3 = factor(KERNEL_FACTORS, 1), f4 = factor(KERNEL_FACTORS, 2), four = factor(KERNEL_FACTORS, 3);
  for (let at: usize = 0; at < bytes; at += NARROW_BYTES) {
    const p = from + at, p1 = p + fromStep, p2 = p + 2 * fromStep, q = to + at;
    const a0 = v128.load(p), a1 = v128.load(p1), a2 = v128.load(p2), b0 = v128.load(p, 16), b1 = v128.load(p1, 16), b2 = v128.load(p2, 16);
    putPair(q, a0, b0);
    putPair(q + toStep, kernel1(third, a0, a1, a2), kernel1(third, b0, b1, b2));
    putPair(q + 2 * toStep, kernel2(third, a0, a1, a2), kernel2(third, b0, b1, b2));
    putPair(q + 3 * toStep, kernel3(f3, four, a0, a1, a2), kernel3(f3, four, b0, b1, b2));
    putPair(q + 4 * toStep, kernel4(f4, four, a0, a1, a2), kernel4(f4, four, b0, b1, b2));
    putPair(q + 5 * toStep, a2, b2);
  }
}

// Three elements of Gᵀ times six; u3 and u4 come times 1/15.

// @ts-ignore: decorator
@inline
function gradient0(third: v128, sixteen: v128, u0: v128, u1: v128, u2: v128, u3: v128, u4: v128): v128 {
  return f32x4.add(f32x4.add(u0, f32x4.mul(third, f32x4.sub(u1, u2))), f32x4.sub(u4, f32x4.mul(sixteen, u3)));
}

// @ts-ignore: decorator
@inline
function gradient1(third: v128, four: v128, u1: v128, u2: v128, u3: v128, u4: v128): v128 {
  const sum = madd(four, u3, u4);
  return f32x4.sub(f32x4.mul(third, f32x4.add(u1, u2)), f32x4.add(sum, sum));
}

// @ts-ignore: decorator
@inline
function gradient2(third: v128, four: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128): v128 {
  return f32x4.add(f32x4.add(u5, f32x4.mul(third, f32x4.sub(u1, u2))), f32x4.mul(four, f32x4.sub(u4, u3)));
}

/** Gᵀ times six elements of `bytes` each, `step` apart, instead of the first three. */
function contract(bytes: usize, at: usize, step: usize): void {
  const third = factor(KERNEL_FACTORS, 0), fifteenth = factor(KERNEL_FACTORS, 2), four = factor(KERNEL_FACTORS, 3), sixteen = factor(KERNEL_FACTORS, 4);
  for (const end = at + bytes; at < end; at += NARROW_BYTES) {
    const p1 = at + step, p2 = at + 2 * step, p3 = at + 3 * step, p4 = at + 4 * step, p5 = at + 5 * step;
    const a0 = v128.load(at), a1 = v128.load(p1), a2 = v128.load(p2), a5 = v128.load(p5);
    const b0 = v128.load(at, 16), b1 = v128.load(p1, 16), b2 = v128.load(p2, 16), b5 = v128.load(p5, 16);
    const a3 = f32x4.mul(fifteenth, v128.load(p3)), a4 = f32x4.mul(fifteenth, v128.load(p4));
    const b3 = f32x4.mul(fifteenth, v128.load(p3, 16)), b4 = f32x4.mul(fifteenth, v128.load(p4, 16));
    putPair(at, gradient0(third, sixteen, a0, a1, a2, a3, a4), gradient0(third, sixteen, b0, b1, b2, b3, b4));
    putPair(p1, gradient1(third, four, a1, a2, a3, a4), gradient1(third, four, b1, b2, b3, b4));
    putPair(p2, gradient2(third, four, a1, a2, a3, a4, a5), gradient2(third, four, b1, b2, b3, b4, b5));
  }
}

/** U = G·g·Gᵀ for one panel of output columns: from g[9][C][width] to U[36][C][width], where [C][width] is `step` bytes. */
export function transformKernel(step: usize, g: usize, U: usize): void {
  const rowStep = SIDE * step;
  for (let column: usize = 0; column < 3; column++) expand(step, g + column * step, 3 * step, U + column * step, rowStep);
  for (let row = U; row < U + SIDE * rowStep; row += rowStep) expand(step, row, step, row, step);
}

/** dKernel += Gᵀ·dU·G for one panel: from dU[36][C][width], which it overwrites, to `width` columns of dKernel[9][C][F]. */
export function addKernelGradient(C: i32, F: i32, width: i32, dU: usize, dKernel: usize): void {
  const bytes = <usize>width * 4, step = <usize>C * bytes, rowStep = SIDE * step, kernelStep = <usize>F * 4;
  for (let row = dU; row < dU + SIDE * rowStep; row += rowStep) contract(step, row, step);
  for (let column: usize = 0; column < 3; column++) contract(step, dU + column * step, rowStep);
  for (let cell: usize = 0; cell < 9; cell++)
    addRows(C, bytes, dU + cell / 3 * rowStep + cell % 3 * step, dKernel + cell * <usize>C * kernelStep, kernelStep);
}
