/**
 * The innermost loops of the matrix product: tiles of up to 6 rows × 8 columns held in registers, one loop over k.
 * Each is a function of its own, exported by the module so that it stays one: within a larger function older hosts
 * keep part of the tile in memory, at two thirds of the speed.
 */
import { madd } from './simd';

/** Bytes of a row of a packed panel of B, 8 floats. */
export const PANEL_BYTES: usize = 32;

/** Sixteen zero floats to begin a sum from, for every row alike. */
export const ZEROS: usize = memory.data(64, 16);

/**
 * rows × 8 of C = init + A·B over `k` steps. A's element (i, p) is at a + i·rowStep + p·kStep, B's row p at
 * b + p·bStep; init's row i at init + i·initStep. `side` says that A's rows stand side by side, so that
 * their distance is part of the instruction; `keeps` lays B's rows side by side at `kept`. `rows`, `side` and `keeps`
 * are constants at every call, so the branches fold.
 */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32, side: bool, keeps: bool, k: usize, a: usize, rowStep: usize, kStep: usize, b: usize, bStep: usize,
  init: usize, initStep: usize, c: usize, cStep: usize, kept: usize,
): void {
  const a1 = rowStep, a2 = 2 * rowStep, a3 = 3 * rowStep, a4 = 4 * rowStep, a5 = 5 * rowStep;
  let c00 = v128.load(init), c01 = v128.load(init, 16);
  let c10 = f32x4.splat(0), c11 = c10, c20 = c10, c21 = c10, c30 = c10, c31 = c10, c40 = c10, c41 = c10, c50 = c10, c51 = c10;
  if (rows > 1) { const from = init + initStep; c10 = v128.load(from); c11 = v128.load(from, 16); }
  if (rows > 2) { const from = init + 2 * initStep; c20 = v128.load(from); c21 = v128.load(from, 16); }
  if (rows > 3) { const from = init + 3 * initStep; c30 = v128.load(from); c31 = v128.load(from, 16); }
  if (rows > 4) { const from = init + 4 * initStep; c40 = v128.load(from); c41 = v128.load(from, 16); }
  if (rows > 5) { const from = init + 5 * initStep; c50 = v128.load(from); c51 = v128.load(from, 16); }
  while (k > 0) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    if (keeps) { v128.store(kept, b0); v128.store(kept, b1, 16); kept += PANEL_BYTES; }
    let x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    if (rows > 1) { x = side ? v128.load_splat<f32>(a, 4) : v128.load_splat<f32>(a + a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); }
    if (rows > 2) { x = side ? v128.load_splat<f32>(a, 8) : v128.load_splat<f32>(a + a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); }
    if (rows > 3) { x = side ? v128.load_splat<f32>(a, 12) : v128.load_splat<f32>(a + a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); }
    if (rows > 4) { x = side ? v128.load_splat<f32>(a, 16) : v128.load_splat<f32>(a + a4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); }
    if (rows > 5) { x = side ? v128.load_splat<f32>(a, 20) : v128.load_splat<f32>(a + a5); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); }
    a += kStep;
    b += bStep;
    k--;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  if (rows > 1) { c += cStep; v128.store(c, c10); v128.store(c, c11, 16); }
  if (rows > 2) { c += cStep; v128.store(c, c20); v128.store(c, c21, 16); }
  if (rows > 3) { c += cStep; v128.store(c, c30); v128.store(c, c31, 16); }
  if (rows > 4) { c += cStep; v128.store(c, c40); v128.store(c, c41, 16); }
  if (rows > 5) { c += cStep; v128.store(c, c50); v128.store(c, c51, 16); }
}

// A's rows apart by a variable step: A as stored, and images.
export function rows1(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }
export function rows2(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }
export function rows3(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }
export function rows4(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }
export function rows5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }
export function rows6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, false, false, k, a, s, 4, b, bs, i, is, c, cs, 0); }

// A's rows side by side: A transposed, or packed.
export function columns1(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }
export function columns2(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }
export function columns3(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }
export function columns4(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }
export function columns5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }
export function columns6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, true, false, k, a, 4, s, b, bs, i, is, c, cs, 0); }

// The same two for a panel's first tile, which meets B in place and lays it by for the others.
export function keepingRows5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(5, false, true, k, a, s, 4, b, bs, i, is, c, cs, to); }
export function keepingRows6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(6, false, true, k, a, s, 4, b, bs, i, is, c, cs, to); }
export function keepingColumns5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(5, true, true, k, a, 4, s, b, bs, i, is, c, cs, to); }
export function keepingColumns6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(6, true, true, k, a, 4, s, b, bs, i, is, c, cs, to); }
