/**
 * Matrix products whose left matrix is read from an image in place: A(i, p) is at image + rows[i] + steps[p]. With the corners of
 * windows as rows and the cells of one window as steps, this is a convolution without a column buffer; with the two exchanged, it
 * is the gradient of its kernel (Dukhan 2019, "The indirect convolution algorithm").
 */
import { loadSome, storeSome } from './elementwise';
import { madd } from './simd';
import { IS_WIDE, NARROW, PANEL_BYTES } from './tiles';

/**
 * rows × 16 or, not `wide`, × 8 of C = init + A·B over `k` steps. `rows` and `wide` are constants at every call, so the branches
 * fold.
 */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32, wide: bool, k: usize, image: usize, rowTable: usize, steps: usize, b: usize, bStep: usize,
  init: usize, initStep: usize, c: usize, cStep: usize,
): void {
  const zero = f32x4.splat(0);
  let a0: usize = 0, a1: usize = 0, a2: usize = 0, a3: usize = 0, a4: usize = 0, a5: usize = 0;
  let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
  let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
  let c20 = zero, c21 = zero, c22 = zero, c23 = zero;
  let c30 = zero, c31 = zero, c32 = zero, c33 = zero;
  let c40 = zero, c41 = zero, c42 = zero, c43 = zero;
  let c50 = zero, c51 = zero, c52 = zero, c53 = zero;
  a0 = image + load<u32>(rowTable); c00 = v128.load(init); c01 = v128.load(init, 16); if (wide) { c02 = v128.load(init, 32); c03 = v128.load(init, 48); }
  if (rows > 1) { a1 = image + load<u32>(rowTable, 4); init += initStep; c10 = v128.load(init); c11 = v128.load(init, 16); if (wide) { c12 = v128.load(init, 32); c13 = v128.load(init, 48); } }
  if (rows > 2) { a2 = image + load<u32>(rowTable, 8); init += initStep; c20 = v128.load(init); c21 = v128.load(init, 16); if (wide) { c22 = v128.load(init, 32); c23 = v128.load(init, 48); } }
  if (rows > 3) { a3 = image + load<u32>(rowTable, 12); init += initStep; c30 = v128.load(init); c31 = v128.load(init, 16); if (wide) { c32 = v128.load(init, 32); c33 = v128.load(init, 48); } }
  if (rows > 4) { a4 = image + load<u32>(rowTable, 16); init += initStep; c40 = v128.load(init); c41 = v128.load(init, 16); if (wide) { c42 = v128.load(init, 32); c43 = v128.load(init, 48); } }
  if (rows > 5) { a5 = image + load<u32>(rowTable, 20); init += initStep; c50 = v128.load(init); c51 = v128.load(init, 16); if (wide) { c52 = v128.load(init, 32); c53 = v128.load(init, 48); } }
  const end = steps + 4 * k;
  while (steps < end) {
    const at = load<u32>(steps);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = wide ? v128.load(b, 32) : zero, b3 = wide ? v128.load(b, 48) : zero;
    let x = v128.load_splat<f32>(a0 + at); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01); if (wide) { c02 = madd(x, b2, c02); c03 = madd(x, b3, c03); }
    if (rows > 1) { x = v128.load_splat<f32>(a1 + at); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); if (wide) { c12 = madd(x, b2, c12); c13 = madd(x, b3, c13); } }
    if (rows > 2) { x = v128.load_splat<f32>(a2 + at); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); if (wide) { c22 = madd(x, b2, c22); c23 = madd(x, b3, c23); } }
    if (rows > 3) { x = v128.load_splat<f32>(a3 + at); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); if (wide) { c32 = madd(x, b2, c32); c33 = madd(x, b3, c33); } }
    if (rows > 4) { x = v128.load_splat<f32>(a4 + at); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); if (wide) { c42 = madd(x, b2, c42); c43 = madd(x, b3, c43); } }
    if (rows > 5) { x = v128.load_splat<f32>(a5 + at); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); if (wide) { c52 = madd(x, b2, c52); c53 = madd(x, b3, c53); } }
    steps += 4;
    b += bStep;
  }
  v128.store(c, c00); v128.store(c, c01, 16); if (wide) { v128.store(c, c02, 32); v128.store(c, c03, 48); }
  if (rows > 1) { c += cStep; v128.store(c, c10); v128.store(c, c11, 16); if (wide) { v128.store(c, c12, 32); v128.store(c, c13, 48); } }
  if (rows > 2) { c += cStep; v128.store(c, c20); v128.store(c, c21, 16); if (wide) { v128.store(c, c22, 32); v128.store(c, c23, 48); } }
  if (rows > 3) { c += cStep; v128.store(c, c30); v128.store(c, c31, 16); if (wide) { v128.store(c, c32, 32); v128.store(c, c33, 48); } }
  if (rows > 4) { c += cStep; v128.store(c, c40); v128.store(c, c41, 16); if (wide) { v128.store(c, c42, 32); v128.store(c, c43, 48); } }
  if (rows > 5) { c += cStep; v128.store(c, c50); v128.store(c, c51, 16); if (wide) { v128.store(c, c52, 32); v128.store(c, c53, 48); } }
}

function tile1(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function tile2(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function tile3(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function tile4(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function tile5(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function tile6(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, IS_WIDE, k, a, r, s, b, bs, i, is, c, cs); }
function narrow1(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(1, false, k, a, r, s, b, bs, i, is, c, cs); }
function narrow2(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(2, false, k, a, r, s, b, bs, i, is, c, cs); }
function narrow3(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(3, false, k, a, r, s, b, bs, i, is, c, cs); }
function narrow4(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(4, false, k, a, r, s, b, bs, i, is, c, cs); }
function narrow5(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(5, false, k, a, r, s, b, bs, i, is, c, cs); }
function narrow6(k: usize, a: usize, r: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void { tile(6, false, k, a, r, s, b, bs, i, is, c, cs); }

/** Bytes that `strip` needs at `edge`. */
export const EDGE_BYTES: usize = 6 * PANEL_BYTES;

/**
 * `m` rows of `columns` of C = init + A·B over `k` steps, in a panel of `width`. Without `accumulate`, `init` is one row for all,
 * as long as a panel; otherwise it is C itself. Tables contain byte offsets. Rows are divided evenly among tiles: 14 are 5 + 5 +
 * 4, because a tile of two rows is half idle. A strip narrower than its panel is computed at `edge` and copied.
 */
export function strip(
  m: usize, k: usize, image: usize, rowTable: usize, steps: usize, b: usize, bStep: usize,
  columns: i32, width: i32, accumulate: bool, init: usize, c: usize, cStep: usize, edge: usize,
): void {
  const whole = columns == width, rowBytes = <usize>width * 4;
  const into = whole ? cStep : rowBytes;
  const initStep = accumulate ? into : 0;
  let left = m;
  let tiles = (m + 5) / 6;
  while (tiles > 0) {
    const rows = (left + tiles - 1) / tiles;
    const to = whole ? c : edge;
    if (accumulate) {
      init = to;
      if (!whole) copyColumns(rows, columns, c, cStep, edge, rowBytes);
    }
    if (IS_WIDE && width == NARROW) {
      if (rows == 6) narrow6(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 5) narrow5(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 4) narrow4(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 3) narrow3(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 2) narrow2(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else narrow1(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
    } else {
      if (rows == 6) tile6(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 5) tile5(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 4) tile4(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 3) tile3(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else if (rows == 2) tile2(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
      else tile1(k, image, rowTable, steps, b, bStep, init, initStep, to, into);
    }
    if (!whole) copyColumns(rows, columns, edge, rowBytes, c, cStep);
    rowTable += 4 * rows;
    c += cStep * rows;
    left -= rows;
    tiles--;
  }
}

function copyColumns(rows: usize, columns: i32, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += 4) {
      const n = <usize>(columns - j), at = <usize>j * 4;
      storeSome(to + at, loadSome(from + at, n), n);
    }
    from += fromStep;
    to += toStep;
  }
}
