/**
 * Matrix product in tiles of up to 6 rows × PANEL columns held in registers, one loop over k (Goto and van de Geijn,
 * 2008, without their outermost blocking: the matrices of drawn networks fit the second-level cache). Every
 * element of C is summed in the order of k, in blocks of `K_BLOCK`, in any tile, so results do not depend on how rows and columns
 * are divided among threads.
 */
import { loadSome, storeSome } from './elementwise';
import {
  columns1, columns2, columns3, columns4, columns5, columns6, IS_WIDE, keepingColumns5, keepingColumns6, keepingRows5, keepingRows6,
  narrowColumns1, narrowColumns2, narrowColumns3, narrowColumns4, narrowColumns5, narrowColumns6,
  narrowRows1, narrowRows2, narrowRows3, narrowRows4, narrowRows5, narrowRows6, NARROW, NARROW_BYTES, PANEL, PANEL_BYTES, panelFor,
  rows1, rows2, rows3, rows4, rows5, rows6, ZEROS,
} from './tiles';

/** A panel of B is K_BLOCK × PANEL floats = 16 KiB, half of a first-level cache. */
const K_BLOCK: usize = IS_WIDE ? 256 : 512;

/**
 * The layout of A: as named; its transpose; the transpose packed tile by tile, each with `k` rows of as many floats as the tile
 * has rows.
 */
const ROWS: i32 = 0;
const COLUMNS: i32 = 1;
const PACKED: i32 = 2;

/**
 * With at least this many rows, the first tile of a panel has 5 or 6 of them, and enough tiles follow to make packing B
 * worthwhile.
 */
const KEEPING_ROWS: usize = 13;

/**
 * One panel, of PANEL columns or, if `narrow`, NARROW: C[m, columns] = init + A·B. `aStep` is the distance between A's rows or, for `COLUMNS`, between
 * its k-th and next rows as stored. Rows are divided evenly among tiles: 14 rows are 5 + 5 + 4, not 6 + 6 + 2, because a tile of
 * two rows is half idle. Given `kept`, the first tile packs B there and the others read it: a separate pass would wait for memory
 * without computing. Needs KEEPING_ROWS rows. `layout` and `narrow` are constants at every call.
 */
// @ts-ignore: decorator
@inline
function panelOf(
  layout: i32, narrow: bool, m: usize, k: usize, a: usize, aStep: usize, b: usize, bStep: usize,
  init: usize, initStep: usize, c: usize, cStep: usize, kept: usize,
): void {
  let left = m;
  let tiles = (m + 5) / 6;
  while (tiles > 0) {
    const rows = (left + tiles - 1) / tiles;
    // So many tiles have that many rows, and those below them one less. The wide build computes them in one call.
    const equal: usize = IS_WIDE && (narrow || !kept) ? left - tiles * (rows - 1) : 1;
    const tileStep = rows * (layout == ROWS ? aStep : layout == COLUMNS ? 4 : 4 * k);
    left -= equal * rows;
    tiles -= equal;
    if (layout == PACKED) aStep = 4 * rows;
    if (!narrow && kept) {
      if (layout == ROWS) {
        if (rows == 6) keepingRows6(k, a, aStep, b, bStep, init, initStep, c, cStep, kept);
        else keepingRows5(k, a, aStep, b, bStep, init, initStep, c, cStep, kept);
      } else {
        if (rows == 6) keepingColumns6(k, a, aStep, b, bStep, init, initStep, c, cStep, kept);
        else keepingColumns5(k, a, aStep, b, bStep, init, initStep, c, cStep, kept);
      }
      b = kept;
      bStep = PANEL_BYTES;
      kept = 0;
    } else if (narrow && layout == ROWS) {
      if (rows == 6) narrowRows6(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 5) narrowRows5(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 4) narrowRows4(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 3) narrowRows3(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 2) narrowRows2(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else narrowRows1(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
    } else if (narrow) {
      if (rows == 6) narrowColumns6(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 5) narrowColumns5(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 4) narrowColumns4(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 3) narrowColumns3(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 2) narrowColumns2(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else narrowColumns1(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
    } else if (layout == ROWS) {
      if (rows == 6) rows6(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 5) rows5(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 4) rows4(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 3) rows3(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 2) rows2(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else rows1(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
    } else {
      if (rows == 6) columns6(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 5) columns5(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 4) columns4(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 3) columns3(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else if (rows == 2) columns2(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
      else columns1(equal, k, a, aStep, tileStep, b, bStep, init, initStep, c, cStep);
    }
    a += equal * tileStep;
    init += equal * rows * initStep;
    c += equal * rows * cStep;
  }
}

function panelRows(m: usize, k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, kept: usize): void { panelOf(ROWS, false, m, k, a, s, b, bs, i, is, c, cs, kept); }
function panelColumns(m: usize, k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, kept: usize): void { panelOf(COLUMNS, false, m, k, a, s, b, bs, i, is, c, cs, kept); }
function panelPacked(m: usize, k: usize, a: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize, kept: usize): void { panelOf(PACKED, false, m, k, a, 0, b, bs, i, is, c, cs, kept); }
function narrowPanel(layout: i32, m: usize, k: usize, a: usize, s: usize, b: usize, bs: usize, i: usize, is: usize, c: usize, cs: usize): void {
  if (layout == ROWS) panelOf(ROWS, true, m, k, a, s, b, bs, i, is, c, cs, 0);
  else if (layout == COLUMNS) panelOf(COLUMNS, true, m, k, a, s, b, bs, i, is, c, cs, 0);
  else panelOf(PACKED, true, m, k, a, 0, b, bs, i, is, c, cs, 0);
}

/** One panel of `width` columns, PANEL or NARROW: C[m, width] = init + A·B, with A as stored or its transpose. Steps are in bytes. */
// @ts-ignore: decorator
@inline
export function panel(
  transposed: bool, width: i32, m: usize, k: usize, a: usize, aStep: usize, b: usize, bStep: usize,
  init: usize, initStep: usize, c: usize, cStep: usize,
): void {
  if (width < PANEL) narrowPanel(transposed ? COLUMNS : ROWS, m, k, a, aStep, b, bStep, init, initStep, c, cStep);
  else if (transposed) panelColumns(m, k, a, aStep, b, bStep, init, initStep, c, cStep, 0);
  else panelRows(m, k, a, aStep, b, bStep, init, initStep, c, cStep, 0);
}

/** Packs the transpose of A for `PACKED`, a few rows at a time, so that tiles that share a cache line find it in the cache. */
function packA(m: usize, k: usize, a: usize, aStep: usize, to: usize): void {
  for (let p: usize = 0; p < k; p += 32) {
    const depth = min(32, k - p);
    let left = m;
    let tiles = (m + 5) / 6;
    let from = a + p * aStep, into = to;
    while (tiles > 0) {
      const rows = (left + tiles - 1) / tiles;
      packTile(rows, depth, from, aStep, into + 4 * rows * p);
      from += 4 * rows;
      into += 4 * rows * k;
      left -= rows;
      tiles--;
    }
  }
}

function packTile(rows: usize, k: usize, from: usize, aStep: usize, to: usize): void {
  if (rows == 6) {
    for (let p: usize = 0; p < k; p++) {
      v128.store(to, v128.load(from));
      store<u64>(to, load<u64>(from, 16), 16);
      from += aStep;
      to += 24;
    }
  } else if (rows == 5) {
    for (let p: usize = 0; p < k; p++) {
      v128.store(to, v128.load(from));
      store<u32>(to, load<u32>(from, 16), 16);
      from += aStep;
      to += 20;
    }
  } else {
    for (let p: usize = 0; p < k; p++) {
      for (let i: usize = 0; i < rows; i++) store<f32>(to + 4 * i, load<f32>(from + 4 * i));
      from += aStep;
      to += 4 * rows;
    }
  }
}

/** Copies `k` rows of `columns` of B into a panel of `width`, with zeros for missing columns. */
export function packB(transposed: bool, k: usize, columns: i32, width: i32, b: usize, bStep: usize, to: usize): void {
  if (columns == width) {
    if (transposed) packTransposed(k, width, b, bStep, to);
    else packRows(k, width, b, bStep, to);
    return;
  }
  if (!transposed) {
    for (; k > 0; k--) {
      for (let j = 0; j < width; j += 4) v128.store(to + <usize>j * 4, j < columns ? loadSome(b + <usize>j * 4, <usize>(columns - j)) : f32x4.splat(0));
      b += bStep;
      to += <usize>width * 4;
    }
    return;
  }
  for (let p: usize = 0; p < k; p++) {
    let at = b + 4 * p;
    for (let j = 0; j < width; j++) {
      store<f32>(to, j < columns ? load<f32>(at) : 0);
      at += bStep;
      to += 4;
    }
  }
}

function packRows(k: usize, width: i32, b: usize, bStep: usize, to: usize): void {
  for (; k > 0; k--) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    if (IS_WIDE && width > NARROW) {
      v128.store(to, v128.load(b, 32), 32);
      v128.store(to, v128.load(b, 48), 48);
    }
    b += bStep;
    to += <usize>width * 4;
  }
}

/** Eight rows of `k` floats become `k` rows of eight, `step` bytes apart, four by four in registers. `step` is a constant at every call. */
// @ts-ignore: decorator
@inline
function transpose(step: usize, k: usize, b: usize, bStep: usize, to: usize): void {
  let p: usize = 0;
  for (; p + 4 <= k; p += 4) {
    for (let half: usize = 0; half < 2; half++) {
      const at = b + p * 4 + half * 4 * bStep;
      const r0 = v128.load(at), r1 = v128.load(at + bStep), r2 = v128.load(at + 2 * bStep), r3 = v128.load(at + 3 * bStep);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const into = to + p * step + half * 16;
      v128.store(into, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
      v128.store(into + step, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
      v128.store(into + 2 * step, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
      v128.store(into + 3 * step, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
    }
  }
  for (; p < k; p++)
    for (let j: usize = 0; j < 8; j++) store<f32>(to + p * step + j * 4, load<f32>(b + p * 4 + j * bStep));
}

function packTransposed(k: usize, width: i32, b: usize, bStep: usize, to: usize): void {
  if (width == NARROW) {
    transpose(NARROW_BYTES, k, b, bStep, to);
    return;
  }
  transpose(PANEL_BYTES, k, b, bStep, to);
  transpose(PANEL_BYTES, k, b + 8 * bStep, bStep, to + NARROW_BYTES);
}

/** Packs op(B) in the order in which gemm reads it: panel after panel, each with `k` rows of its width. */
export function pack(transposeB: bool, k: usize, n: usize, b: usize, bStep: usize, to: usize): void {
  for (let j: usize = 0; j < n; j += PANEL) {
    const columns = <i32>min(<usize>PANEL, n - j), width = panelFor(columns);
    packB(transposeB, k, columns, width, transposeB ? b + j * bStep : b + 4 * j, bStep, to);
    to += k * <usize>width * 4;
  }
}

/** Rows of a transposed A that are packed at once: at most 264 KiB with K_BLOCK steps, within a second-level cache. */
const M_BLOCK: usize = 132;
/** Rows of A that are computed at once: half of a second-level cache with K_BLOCK steps, because every panel of B reads them. */
const A_ROWS: usize = IS_WIDE ? 504 : 252;
/** Rows that are computed at once if the last panel of C is narrow and therefore computed in scratch. */
const C_ROWS: usize = 1536;

/**
 * C = op(A)·op(B) (+ C with `accumulate`, + bias if given). Steps are in bytes. `packed` says that B was packed by `pack`.
 * `scratch` holds a packed panel of B (K_BLOCK × PANEL floats), a panel's bias, a block of C (C_ROWS × PANEL floats) and a packed
 * block of A (M_BLOCK × K_BLOCK floats).
 */
export function gemm(
  transposeA: bool, transposeB: bool, packed: bool, m: usize, n: usize, k: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize,
  accumulate: bool, bias: usize, scratch: usize,
): void {
  // Reading the transpose of A in place touches one cache line per step for the 24 bytes of a tile: packing is worthwhile if
  // several panels read it.
  if (!transposeA || n < 4 * <usize>NARROW) {
    const rows = n % <usize>NARROW == 0 ? A_ROWS : C_ROWS;
    for (let i: usize = 0; i < m; i += rows)
      block(transposeA ? COLUMNS : ROWS, transposeB, packed, min(rows, m - i), n, k, transposeA ? a + 4 * i : a + i * aStep, aStep,
        b, bStep, c + i * cStep, cStep, accumulate, bias, scratch);
    return;
  }
  for (let i: usize = 0; i < m; i += M_BLOCK)
    block(PACKED, transposeB, packed, min(M_BLOCK, m - i), n, k, a + 4 * i, aStep, b, bStep, c + i * cStep, cStep, accumulate, bias, scratch);
}

/** Like gemm; `layout` is the layout of A. */
function block(
  layout: i32, transposeB: bool, packed: bool, m: usize, n: usize, k: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize,
  accumulate: bool, bias: usize, scratch: usize,
): void {
  const narrowBias = scratch + K_BLOCK * PANEL_BYTES;
  const narrow = narrowBias + PANEL_BYTES;
  const packedA = narrow + C_ROWS * PANEL_BYTES;
  let p: usize = 0;
  // Once even if there is nothing to sum, to write the bias or zeros.
  do {
    const depth = min(K_BLOCK, k - p);
    let aAt = a + p * (layout == ROWS ? 4 : aStep);
    if (layout == PACKED) {
      packA(m, depth, aAt, aStep, packedA);
      aAt = packedA;
    }
    for (let j: usize = 0; j < n; j += PANEL) {
      const columns = <i32>min(<usize>PANEL, n - j), width = panelFor(columns), rowBytes = <usize>width * 4;
      const cAt = c + 4 * j;
      // The last panel may be narrower than a tile: it is computed in scratch and copied.
      const whole = columns == width;
      const into = whole ? cAt : narrow;
      const intoStep: usize = whole ? cStep : rowBytes;
      const adds = accumulate || p > 0;
      if (!whole && adds) copyBlock(m, columns, cAt, cStep, narrow, rowBytes);
      let init = into, initStep = intoStep;
      if (!adds) {
        initStep = 0;
        init = bias ? bias + 4 * j : ZEROS;
        if (bias && !whole) {
          packB(false, 1, columns, width, init, 0, narrowBias);
          init = narrowBias;
        }
      }
      let bAt = transposeB ? b + j * bStep + 4 * p : b + p * bStep + 4 * j;
      let bRow = bStep;
      let kept: usize = 0;
      if (packed) {
        bAt = b + 4 * j * k + p * rowBytes;
        bRow = rowBytes;
      } else if (transposeB || !whole) {
        packB(transposeB, depth, columns, width, bAt, bStep, scratch);
        bAt = scratch;
        bRow = rowBytes;
      } else if (m >= KEEPING_ROWS && width == PANEL) {
        kept = scratch;
      }
      if (width < PANEL) narrowPanel(layout, m, depth, aAt, aStep, bAt, bRow, init, initStep, into, intoStep);
      else if (layout == PACKED) panelPacked(m, depth, aAt, bAt, bRow, init, initStep, into, intoStep, kept);
      else if (layout == ROWS) panelRows(m, depth, aAt, aStep, bAt, bRow, init, initStep, into, intoStep, kept);
      else panelColumns(m, depth, aAt, aStep, bAt, bRow, init, initStep, into, intoStep, kept);
      if (!whole) copyBlock(m, columns, narrow, rowBytes, cAt, cStep);
    }
    p += K_BLOCK;
  } while (p < k);
}

function copyBlock(rows: usize, columns: i32, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += 4) {
      const n = <usize>(columns - j), at = <usize>j * 4;
      storeSome(to + at, loadSome(from + at, n), n);
    }
    from += fromStep;
    to += toStep;
  }
}
