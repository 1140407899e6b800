/**
 * The innermost loops of the matrix product: tiles of up to 6 rows × PANEL columns held in registers, one loop over k.
 * Each is a separate function, exported by the module so that it is not inlined: within a larger function, older hosts keep part
 * of the tile in memory, at two thirds of the speed.
 */
import { madd } from './simd';

/**
 * Whether this is the wide build, for hosts that join two adjacent 128-bit vectors into one of 256 bits. They join pairs that are
 * stored 16 bytes apart from the same base, and the equal computations that lead there, so a tile can be twice as wide.
 */
export const IS_WIDE: bool = WIDE != 0;

/** Columns of a panel of B, and of a tile: as many as fit the registers for 6 rows. */
export const PANEL: i32 = IS_WIDE ? 16 : 8;
/** Bytes of a row of a packed panel. */
export const PANEL_BYTES: usize = IS_WIDE ? 64 : 32;
/** Columns of the last panel if 8 are enough, and their bytes: half a panel of the wide build. */
export const NARROW: i32 = 8;
export const NARROW_BYTES: usize = 32;

/** Zeros as the start of a sum, for every row. */
export const ZEROS: usize = memory.data(64, 16);

/** Columns of a panel for the columns that remain: NARROW if that is enough. */
// @ts-ignore: decorator
@inline
export function panelFor(columns: i32): i32 {
  return IS_WIDE && columns > NARROW ? PANEL : NARROW;
}

/**
 * `tiles` tiles of rows × columns, one below the other, of C = init + A·B over `k` steps. In the wide build several tiles share a
 * call; in the others `tiles` is 1, because older hosts keep a tile in memory if a second loop surrounds it. A's element (i, p) is at a + i·rowStep + p·kStep, and the next tile's A at a + tileStep; B's row p at
 * b + p·bStep; init's row i at init + i·initStep. `side` says that A's rows are adjacent, so that their distance is part of the
 * instruction; `keeps` packs B's rows at `kept`. `rows`, `wide` (16 columns, else 8), `side` and `keeps` are constants at every
 * call, so the branches fold.
 */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32, wide: bool, side: bool, keeps: bool, tiles: usize, k: usize,
  a: usize, rowStep: usize, kStep: usize, tileStep: usize, b: usize, bStep: usize,
  init: usize, initStep: usize, c: usize, cStep: usize, kept: usize,
): void {
  const a1 = rowStep, a2 = 2 * rowStep, a3 = 3 * rowStep, a4 = 4 * rowStep, a5 = 5 * rowStep;
  const zero = f32x4.splat(0);
  do {
    let at = a, row = b, steps = k;
    let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
    let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
    let c20 = zero, c21 = zero, c22 = zero, c23 = zero;
    let c30 = zero, c31 = zero, c32 = zero, c33 = zero;
    let c40 = zero, c41 = zero, c42 = zero, c43 = zero;
    let c50 = zero, c51 = zero, c52 = zero, c53 = zero;
    c00 = v128.load(init); c01 = v128.load(init, 16); if (wide) { c02 = v128.load(init, 32); c03 = v128.load(init, 48); }
    if (rows > 1) { init += initStep; c10 = v128.load(init); c11 = v128.load(init, 16); if (wide) { c12 = v128.load(init, 32); c13 = v128.load(init, 48); } }
    if (rows > 2) { init += initStep; c20 = v128.load(init); c21 = v128.load(init, 16); if (wide) { c22 = v128.load(init, 32); c23 = v128.load(init, 48); } }
    if (rows > 3) { init += initStep; c30 = v128.load(init); c31 = v128.load(init, 16); if (wide) { c32 = v128.load(init, 32); c33 = v128.load(init, 48); } }
    if (rows > 4) { init += initStep; c40 = v128.load(init); c41 = v128.load(init, 16); if (wide) { c42 = v128.load(init, 32); c43 = v128.load(init, 48); } }
    if (rows > 5) { init += initStep; c50 = v128.load(init); c51 = v128.load(init, 16); if (wide) { c52 = v128.load(init, 32); c53 = v128.load(init, 48); } }
    while (steps > 0) {
      const b0 = v128.load(row), b1 = v128.load(row, 16), b2 = wide ? v128.load(row, 32) : zero, b3 = wide ? v128.load(row, 48) : zero;
      if (keeps) {
        v128.store(kept, b0); v128.store(kept, b1, 16);
        if (wide) { v128.store(kept, b2, 32); v128.store(kept, b3, 48); }
        kept += wide ? 64 : 32;
      }
      let x = v128.load_splat<f32>(at);
      c00 = madd(x, b0, c00); c01 = madd(x, b1, c01); if (wide) { c02 = madd(x, b2, c02); c03 = madd(x, b3, c03); }
      if (rows > 1) { x = side ? v128.load_splat<f32>(at, 4) : v128.load_splat<f32>(at + a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); if (wide) { c12 = madd(x, b2, c12); c13 = madd(x, b3, c13); } }
      if (rows > 2) { x = side ? v128.load_splat<f32>(at, 8) : v128.load_splat<f32>(at + a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); if (wide) { c22 = madd(x, b2, c22); c23 = madd(x, b3, c23); } }
      if (rows > 3) { x = side ? v128.load_splat<f32>(at, 12) : v128.load_splat<f32>(at + a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); if (wide) { c32 = madd(x, b2, c32); c33 = madd(x, b3, c33); } }
      if (rows > 4) { x = side ? v128.load_splat<f32>(at, 16) : v128.load_splat<f32>(at + a4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); if (wide) { c42 = madd(x, b2, c42); c43 = madd(x, b3, c43); } }
      if (rows > 5) { x = side ? v128.load_splat<f32>(at, 20) : v128.load_splat<f32>(at + a5); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); if (wide) { c52 = madd(x, b2, c52); c53 = madd(x, b3, c53); } }
      at += kStep;
      row += bStep;
      steps--;
    }
    v128.store(c, c00); v128.store(c, c01, 16); if (wide) { v128.store(c, c02, 32); v128.store(c, c03, 48); }
    if (rows > 1) { c += cStep; v128.store(c, c10); v128.store(c, c11, 16); if (wide) { v128.store(c, c12, 32); v128.store(c, c13, 48); } }
    if (rows > 2) { c += cStep; v128.store(c, c20); v128.store(c, c21, 16); if (wide) { v128.store(c, c22, 32); v128.store(c, c23, 48); } }
    if (rows > 3) { c += cStep; v128.store(c, c30); v128.store(c, c31, 16); if (wide) { v128.store(c, c32, 32); v128.store(c, c33, 48); } }
    if (rows > 4) { c += cStep; v128.store(c, c40); v128.store(c, c41, 16); if (wide) { v128.store(c, c42, 32); v128.store(c, c43, 48); } }
    if (rows > 5) { c += cStep; v128.store(c, c50); v128.store(c, c51, 16); if (wide) { v128.store(c, c52, 32); v128.store(c, c53, 48); } }
    a += tileStep;
    c += cStep;
    init += initStep;
    tiles--;
  } while (IS_WIDE && tiles > 0);
}

// Panels of PANEL columns. A's rows are a variable step apart: A as stored, and images.
export function rows1(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function rows2(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function rows3(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function rows4(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function rows5(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function rows6(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, IS_WIDE, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }

// A's rows are adjacent: A transposed, or packed.
export function columns1(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function columns2(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function columns3(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function columns4(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function columns5(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function columns6(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, IS_WIDE, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }

// The same two for the first tile of a panel, which reads B in place and packs it for the others.
export function keepingRows5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(5, IS_WIDE, false, true, 1, k, a, s, 4, 0, b, bs, i, is, c, cs, to); }
export function keepingRows6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(6, IS_WIDE, false, true, 1, k, a, s, 4, 0, b, bs, i, is, c, cs, to); }
export function keepingColumns5(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(5, IS_WIDE, true, true, 1, k, a, 4, s, 0, b, bs, i, is, c, cs, to); }
export function keepingColumns6(k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, to: usize): void { tile(6, IS_WIDE, true, true, 1, k, a, 4, s, 0, b, bs, i, is, c, cs, to); }

// Panels of NARROW columns in the wide build.
export function narrowRows1(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(1, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowRows2(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(2, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowRows3(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(3, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowRows4(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(4, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowRows5(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(5, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowRows6(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(6, false, false, false, t, k, a, s, 4, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns1(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(1, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns2(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(2, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns3(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(3, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns4(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(4, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns5(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(5, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
export function narrowColumns6(t: usize, k: usize, a: usize, s: usize, ts: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { if (IS_WIDE) tile(6, false, true, false, t, k, a, 4, s, ts, b, bs, i, is, c, cs, 0); }
