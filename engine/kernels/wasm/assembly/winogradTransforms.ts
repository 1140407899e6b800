/**
 * The transforms of Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray, 2016): a tile of 2×2 outputs is what a
 * 3×3 kernel g makes of 4×4 inputs d, computed as Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A with 16 products in place of 36, where
 *
 *     Bᵀ = 1  0 −1  0     G = 1   0   0     Aᵀ = 1  1  1  0
 *          0  1  1  0         ½   ½   ½          0  1 −1  1
 *          0 −1  1  0         ½  −½   ½
 *          0 −1  0  1         0   0   1
 *
 * and likewise for the gradients. Elements of a transformed tile are numbered along its rows, 0 … 15; tiles along rows
 * of tiles, then down an image, then over samples. Channels come in panels of 8, two vectors.
 */

const PANEL: i32 = 8;
const PANEL_BYTES: usize = 32;
const VECTOR: usize = 16;

/**
 * Rows a ± b of an image, `width` columns from `left`; what lies outside of the image is zero. `zeros` is a row of
 * zeros.
 */
function combineRows(
  subtract: bool, a: i32, b: i32, left: i32, width: i32, height: i32, imageWidth: i32, channels: i32, image: usize, zeros: usize, to: usize,
): void {
  const cell = <usize>channels * 4;
  const first = max(left, 0), last = max(first, min(left + width, imageWidth));
  const start = to + <usize>(first - left) * cell, end = start + <usize>(last - first) * cell;
  let rowA = a >= 0 && a < height ? image + <usize>(a * imageWidth + first) * cell : zeros;
  let rowB = b >= 0 && b < height ? image + <usize>(b * imageWidth + first) * cell : zeros;
  if (first > left) memory.fill(to, 0, start - to);
  for (let at = start; at < end; at += PANEL_BYTES) {
    const a0 = v128.load(rowA), a1 = v128.load(rowA, 16), b0 = v128.load(rowB), b1 = v128.load(rowB, 16);
    v128.store(at, subtract ? f32x4.sub(a0, b0) : f32x4.add(a0, b0));
    v128.store(at, subtract ? f32x4.sub(a1, b1) : f32x4.add(a1, b1), 16);
    rowA += PANEL_BYTES;
    rowB += PANEL_BYTES;
  }
  if (last < left + width) memory.fill(end, 0, <usize>(left + width - last) * cell);
}

/**
 * Row `i` of Bᵀ·d·B for `count` tiles from the `first`: to[4][block][C]. `zeros` and `line` are 2·block + 2 columns
 * of C floats.
 */
export function transformInput(
  i: i32, first: i32, count: i32, block: i32, H: i32, W: i32, C: i32, tilesY: i32, tilesX: i32, padTop: i32, padLeft: i32,
  x: usize, zeros: usize, line: usize, to: usize,
): void {
  const cell = <usize>C * 4, step = <usize>block * cell;
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const top = row % tilesY * 2 - padTop;
    combineRows(i != 1, top + i, i < 2 ? top + 2 : top + 1, 2 * tileX - padLeft, 2 * run + 2, H, W, C,
      x + <usize>(row / tilesY * H * W) * cell, zeros, line);
    let p = line;
    for (let tile = 0; tile < run; tile++) {
      for (let c = 0; c < C; c += PANEL) {
        const s0 = v128.load(p), s1 = v128.load(p + cell), s2 = v128.load(p + 2 * cell), s3 = v128.load(p + 3 * cell);
        const t0 = v128.load(p, 16), t1 = v128.load(p + cell, 16), t2 = v128.load(p + 2 * cell, 16), t3 = v128.load(p + 3 * cell, 16);
        v128.store(to, f32x4.sub(s0, s2));
        v128.store(to, f32x4.sub(t0, t2), 16);
        v128.store(to + step, f32x4.add(s1, s2));
        v128.store(to + step, f32x4.add(t1, t2), 16);
        v128.store(to + 2 * step, f32x4.sub(s2, s1));
        v128.store(to + 2 * step, f32x4.sub(t2, t1), 16);
        v128.store(to + 3 * step, f32x4.sub(s3, s1));
        v128.store(to + 3 * step, f32x4.sub(t3, t1), 16);
        p += PANEL_BYTES;
        to += PANEL_BYTES;
      }
      p += cell;
    }
    first += run;
    count -= run;
  }
}

/**
 * Row `i` of A·dy·Aᵀ for `count` tiles from the `first` and `panels` of the columns of dy from `base`:
 * to[4][panels][block][8]. `zeros` and `line` are 2·block columns of F floats.
 */
export function transformOutputGradient(
  i: i32, first: i32, count: i32, block: i32, outputHeight: i32, outputWidth: i32, F: i32, base: i32, panels: i32, tilesY: i32, tilesX: i32,
  dy: usize, zeros: usize, line: usize, to: usize,
): void {
  const cell = <usize>F * 4, panelStep = <usize>block * PANEL_BYTES, step = <usize>panels * panelStep;
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const top = row % tilesY * 2;
    combineRows(i == 2, i < 3 ? top : top + 1, i == 1 || i == 2 ? top + 1 : -1, 2 * tileX, 2 * run, outputHeight, outputWidth, F,
      dy + <usize>(row / tilesY * outputHeight * outputWidth) * cell, zeros, line);
    for (let j = 0; j < panels; j++) {
      let p = line + <usize>(base + j) * PANEL_BYTES, q = to + <usize>j * panelStep;
      for (let tile = 0; tile < run; tile++) {
        const s0 = v128.load(p), s1 = v128.load(p + cell), t0 = v128.load(p, 16), t1 = v128.load(p + cell, 16);
        v128.store(q, s0);
        v128.store(q, t0, 16);
        v128.store(q + step, f32x4.add(s0, s1));
        v128.store(q + step, f32x4.add(t0, t1), 16);
        v128.store(q + 2 * step, f32x4.sub(s0, s1));
        v128.store(q + 2 * step, f32x4.sub(t0, t1), 16);
        v128.store(q + 3 * step, s1);
        v128.store(q + 3 * step, t1, 16);
        p += 2 * cell;
        q += PANEL_BYTES;
      }
    }
    to += <usize>run * PANEL_BYTES;
    first += run;
    count -= run;
  }
}

/**
 * y = Aᵀ·m·A + bias, or y += Aᵀ·m·A + bias when `accumulate`, for `count` tiles from the `first` and the 8 columns of
 * panel `j`. m is [tiles][16][8].
 */
export function transformOutput(
  first: i32, count: i32, outputHeight: i32, outputWidth: i32, F: i32, j: i32, tilesY: i32, tilesX: i32,
  accumulate: bool, m: usize, bias: usize, y: usize,
): void {
  const cell = <usize>F * 4, rowStep = <usize>outputWidth * cell, column = <usize>j * PANEL_BYTES;
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const oy = row % tilesY * 2;
    const below = oy + 1 < outputHeight;
    let corner = y + <usize>((row / tilesY * outputHeight + oy) * outputWidth + 2 * tileX) * cell + column;
    for (let tile = tileX; tile < tileX + run; tile++) {
      const right = 2 * tile + 1 < outputWidth;
      for (let half: usize = 0; half < PANEL_BYTES; half += VECTOR) {
        const from = m + half, at = corner + half;
        let y00 = bias ? v128.load(bias + column + half) : f32x4.splat(0);
        let y01 = y00, y10 = y00, y11 = y00;
        if (accumulate) {
          y00 = f32x4.add(y00, v128.load(at));
          if (right) y01 = f32x4.add(y01, v128.load(at + cell));
          if (below) y10 = f32x4.add(y10, v128.load(at + rowStep));
          if (right && below) y11 = f32x4.add(y11, v128.load(at + rowStep + cell));
        }
        // Column by column of m: Aᵀ times it, then its part in each column of y.
        let m0 = v128.load(from), m1 = v128.load(from, 128), m2 = v128.load(from, 256), m3 = v128.load(from, 384);
        y00 = f32x4.add(y00, f32x4.add(m0, f32x4.add(m1, m2)));
        y10 = f32x4.add(y10, f32x4.add(m3, f32x4.sub(m1, m2)));
        m0 = v128.load(from, 32), m1 = v128.load(from, 160), m2 = v128.load(from, 288), m3 = v128.load(from, 416);
        let upper = f32x4.add(m0, f32x4.add(m1, m2)), lower = f32x4.add(m3, f32x4.sub(m1, m2));
        y00 = f32x4.add(y00, upper);
        y01 = f32x4.add(y01, upper);
        y10 = f32x4.add(y10, lower);
        y11 = f32x4.add(y11, lower);
        m0 = v128.load(from, 64), m1 = v128.load(from, 192), m2 = v128.load(from, 320), m3 = v128.load(from, 448);
        upper = f32x4.add(m0, f32x4.add(m1, m2)), lower = f32x4.add(m3, f32x4.sub(m1, m2));
        y00 = f32x4.add(y00, upper);
        y01 = f32x4.sub(y01, upper);
        y10 = f32x4.add(y10, lower);
        y11 = f32x4.sub(y11, lower);
        m0 = v128.load(from, 96), m1 = v128.load(from, 224), m2 = v128.load(from, 352), m3 = v128.load(from, 480);
        y01 = f32x4.add(y01, f32x4.add(m0, f32x4.add(m1, m2)));
        y11 = f32x4.add(y11, f32x4.add(m3, f32x4.sub(m1, m2)));
        v128.store(at, y00);
        if (right) v128.store(at + cell, y01);
        if (below) v128.store(at + rowStep, y10);
        if (right && below) v128.store(at + rowStep + cell, y11);
      }
      corner += 2 * cell;
      m += 16 * PANEL_BYTES;
    }
    first += run;
    count -= run;
  }
}

// The two below go over a whole panel for each row or column of the tile: steps between their elements are often
// powers of two, and few addresses that far apart fit a cache at a time.

/** U = G·g·Gᵀ for one panel of output columns: from g[9][C][8] to U[16][C][8]. */
export function transformKernel(C: i32, g: usize, U: usize): void {
  const step = <usize>C * PANEL_BYTES;
  const half = f32x4.splat(0.5);
  for (let column: usize = 0; column < 3; column++) {
    const from = g + column * step, to = U + column * step;
    for (let at: usize = 0; at < step; at += VECTOR) {
      const p = from + at, q = to + at;
      const g0 = v128.load(p), g1 = f32x4.mul(half, v128.load(p + 3 * step)), g2 = v128.load(p + 6 * step);
      const outer = f32x4.mul(half, f32x4.add(g0, g2));
      v128.store(q, g0);
      v128.store(q + 4 * step, f32x4.add(outer, g1));
      v128.store(q + 8 * step, f32x4.sub(outer, g1));
      v128.store(q + 12 * step, g2);
    }
  }
  for (let row: usize = 0; row < 4; row++) {
    const to = U + 4 * row * step;
    for (let at: usize = 0; at < step; at += VECTOR) {
      const q = to + at;
      const g0 = v128.load(q), g1 = f32x4.mul(half, v128.load(q + step)), g2 = v128.load(q + 2 * step);
      const outer = f32x4.mul(half, f32x4.add(g0, g2));
      v128.store(q + step, f32x4.add(outer, g1));
      v128.store(q + 2 * step, f32x4.sub(outer, g1));
      v128.store(q + 3 * step, g2);
    }
  }
}

/** dKernel += Gᵀ·dU·G for one panel: from dU[16][C][8], which it overwrites, to 8 columns of dKernel[9][C][F]. */
export function addKernelGradient(C: i32, F: i32, dU: usize, dKernel: usize): void {
  const step = <usize>C * PANEL_BYTES, row = <usize>F * 4, rowsStep = 3 * <usize>C * row;
  const half = f32x4.splat(0.5);
  for (let i: usize = 0; i < 4; i++) {
    const from = dU + 4 * i * step;
    for (let at: usize = 0; at < step; at += VECTOR) {
      const q = from + at;
      const u1 = f32x4.mul(half, v128.load(q + step)), u2 = f32x4.mul(half, v128.load(q + 2 * step));
      const inner = f32x4.add(u1, u2);
      v128.store(q, f32x4.add(v128.load(q), inner));
      v128.store(q + step, f32x4.sub(u1, u2));
      v128.store(q + 2 * step, f32x4.add(inner, v128.load(q + 3 * step)));
    }
  }
  for (let column: usize = 0; column < 3; column++) {
    const from = dU + column * step;
    let into = dKernel + column * <usize>C * row;
    for (let at: usize = 0; at < step; at += VECTOR) {
      const q = from + at, to = into + (at & VECTOR);
      const u1 = f32x4.mul(half, v128.load(q + 4 * step)), u2 = f32x4.mul(half, v128.load(q + 8 * step));
      const inner = f32x4.add(u1, u2);
      v128.store(to, f32x4.add(v128.load(to), f32x4.add(v128.load(q), inner)));
      v128.store(to + rowsStep, f32x4.add(v128.load(to + rowsStep), f32x4.sub(u1, u2)));
      v128.store(to + 2 * rowsStep, f32x4.add(v128.load(to + 2 * rowsStep), f32x4.add(inner, v128.load(q + 12 * step))));
      if (at & VECTOR) into += row;
    }
  }
}
