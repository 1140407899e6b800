/**
 * Convolutions to 8 channels in the wide build. A tile of strip.ts has only six sums of 8 columns, but a processor has to work on
 * eight to be busy, and more rows would need more addresses than there are registers. So the image is copied channel by channel: then
 * windows side by side are 4 bytes apart, and a tile of two lines with up to 6 windows needs two addresses.
 */
import { madd } from './simd';
import { IS_WIDE, NARROW, NARROW_BYTES } from './tiles';
import { Window } from './window';

/** The most windows of a line in a tile. */
const ACROSS: i32 = 6;

/** Whether `convolveLines` computes the convolution with this window. */
export function suitsLines(w: Window): bool {
  return IS_WIDE && w.outputChannels == NARROW && w.strideX == 1;
}

/** Copies an image channel by channel into a larger one, whose border of zeros the caller has written once. */
export function copyByChannel(w: Window, from: usize, to: usize): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels;
  const cell = <usize>C * 4, line = <usize>w.paddedWidth * 4, channel = <usize>w.paddedHeight * line;
  to += <usize>w.padTop * line + <usize>w.padLeft * 4;
  const whole = W >= 4 ? C - C % 4 : 0;
  for (let y = 0; y < H; y++) {
    for (let c = 0; c < whole; c += 4) {
      const at = from + 4 * <usize>c, into = to + <usize>c * channel;
      // The last four columns may overlap those before them.
      for (let x = 0; x < W; x += 4) {
        const column = <usize>min(x, W - 4);
        transpose(at + column * cell, cell, into + column * 4, channel);
      }
    }
    for (let c = whole; c < C; c++) {
      const at = from + 4 * <usize>c, into = to + <usize>c * channel;
      for (let x: usize = 0; x < <usize>W; x++) store<f32>(into + 4 * x, load<f32>(at + x * cell));
    }
    from += <usize>W * cell;
    to += line;
  }
}

/** Four rows of four floats become four columns. */
// @ts-ignore: decorator
@inline
function transpose(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromStep), r2 = v128.load(from + 2 * fromStep), r3 = v128.load(from + 3 * fromStep);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to + toStep, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(to + 2 * toStep, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(to + 3 * toStep, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/**
 * `tiles` tiles of lines × across windows, side by side, of C = init + A·B over `k` steps: window x of a line reads the image at
 * image + table[p] + 4·x, and the next line is `line` bytes further on. C itself is added to if there is no `init`. `lines` and `across`
 * are constants at every call, so the branches fold.
 */
// @ts-ignore: decorator
@inline
function tile(lines: i32, across: i32, tiles: i32, k: usize, image: usize, line: usize, table: usize, panel: usize, init: usize, c: usize, outputLine: usize): void {
  const zero = f32x4.splat(0), end = table + 4 * k, initStep = init ? 0 : NARROW_BYTES;
  do {
    const second = image + line;
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
    let d00 = zero, d01 = zero, d10 = zero, d11 = zero, d20 = zero, d21 = zero, d30 = zero, d31 = zero, d40 = zero, d41 = zero, d50 = zero, d51 = zero;
    let from = init ? init : c, steps = table, b = panel;
    c00 = v128.load(from); c01 = v128.load(from, 16);
    if (across > 1) { from += initStep; c10 = v128.load(from); c11 = v128.load(from, 16); }
    if (across > 2) { from += initStep; c20 = v128.load(from); c21 = v128.load(from, 16); }
    if (across > 3) { from += initStep; c30 = v128.load(from); c31 = v128.load(from, 16); }
    if (across > 4) { from += initStep; c40 = v128.load(from); c41 = v128.load(from, 16); }
    if (across > 5) { from += initStep; c50 = v128.load(from); c51 = v128.load(from, 16); }
    if (lines > 1) {
      from = init ? init : c + outputLine;
      d00 = v128.load(from); d01 = v128.load(from, 16);
      if (across > 1) { from += initStep; d10 = v128.load(from); d11 = v128.load(from, 16); }
      if (across > 2) { from += initStep; d20 = v128.load(from); d21 = v128.load(from, 16); }
      if (across > 3) { from += initStep; d30 = v128.load(from); d31 = v128.load(from, 16); }
      if (across > 4) { from += initStep; d40 = v128.load(from); d41 = v128.load(from, 16); }
      if (across > 5) { from += initStep; d50 = v128.load(from); d51 = v128.load(from, 16); }
    }
    while (steps < end) {
      const at = load<u32>(steps), p = image + at, q = second + at;
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(p); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      if (across > 1) { x = v128.load_splat<f32>(p, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); }
      if (across > 2) { x = v128.load_splat<f32>(p, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); }
      if (across > 3) { x = v128.load_splat<f32>(p, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); }
      if (across > 4) { x = v128.load_splat<f32>(p, 16); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); }
      if (across > 5) { x = v128.load_splat<f32>(p, 20); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); }
      if (lines > 1) {
        x = v128.load_splat<f32>(q); d00 = madd(x, b0, d00); d01 = madd(x, b1, d01);
        if (across > 1) { x = v128.load_splat<f32>(q, 4); d10 = madd(x, b0, d10); d11 = madd(x, b1, d11); }
        if (across > 2) { x = v128.load_splat<f32>(q, 8); d20 = madd(x, b0, d20); d21 = madd(x, b1, d21); }
        if (across > 3) { x = v128.load_splat<f32>(q, 12); d30 = madd(x, b0, d30); d31 = madd(x, b1, d31); }
        if (across > 4) { x = v128.load_splat<f32>(q, 16); d40 = madd(x, b0, d40); d41 = madd(x, b1, d41); }
        if (across > 5) { x = v128.load_splat<f32>(q, 20); d50 = madd(x, b0, d50); d51 = madd(x, b1, d51); }
      }
      steps += 4;
      b += NARROW_BYTES;
    }
    v128.store(c, c00); v128.store(c, c01, 16);
    if (across > 1) { v128.store(c, c10, 32); v128.store(c, c11, 48); }
    if (across > 2) { v128.store(c, c20, 64); v128.store(c, c21, 80); }
    if (across > 3) { v128.store(c, c30, 96); v128.store(c, c31, 112); }
    if (across > 4) { v128.store(c, c40, 128); v128.store(c, c41, 144); }
    if (across > 5) { v128.store(c, c50, 160); v128.store(c, c51, 176); }
    if (lines > 1) {
      const below = c + outputLine;
      v128.store(below, d00); v128.store(below, d01, 16);
      if (across > 1) { v128.store(below, d10, 32); v128.store(below, d11, 48); }
      if (across > 2) { v128.store(below, d20, 64); v128.store(below, d21, 80); }
      if (across > 3) { v128.store(below, d30, 96); v128.store(below, d31, 112); }
      if (across > 4) { v128.store(below, d40, 128); v128.store(below, d41, 144); }
      if (across > 5) { v128.store(below, d50, 160); v128.store(below, d51, 176); }
    }
    image += 4 * <usize>across;
    c += <usize>across * NARROW_BYTES;
    tiles--;
  } while (tiles > 0);
}

// Each is a separate function, exported by the module, for the reason given in tiles.ts.
export function one1(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 1, t, k, a, l, s, b, i, c, cl); }
export function one2(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 2, t, k, a, l, s, b, i, c, cl); }
export function one3(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 3, t, k, a, l, s, b, i, c, cl); }
export function one4(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 4, t, k, a, l, s, b, i, c, cl); }
export function one5(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 5, t, k, a, l, s, b, i, c, cl); }
export function one6(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(1, 6, t, k, a, l, s, b, i, c, cl); }
export function two1(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 1, t, k, a, l, s, b, i, c, cl); }
export function two2(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 2, t, k, a, l, s, b, i, c, cl); }
export function two3(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 3, t, k, a, l, s, b, i, c, cl); }
export function two4(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 4, t, k, a, l, s, b, i, c, cl); }
export function two5(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 5, t, k, a, l, s, b, i, c, cl); }
export function two6(t: i32, k: usize, a: usize, l: usize, s: usize, b: usize, i: usize, c: usize, cl: usize): void { if (IS_WIDE) tile(2, 6, t, k, a, l, s, b, i, c, cl); }

/**
 * All windows of a sample in `image`, copied channel by channel: y = init + A·B over `k` cells, or y += A·B if there is no `init`. Windows of
 * a line are divided evenly among tiles.
 */
export function convolveLines(w: Window, k: usize, image: usize, table: usize, panel: usize, init: usize, y: usize): void {
  const H = w.outputHeight, W = w.outputWidth;
  const line = <usize>(w.strideY * w.paddedWidth) * 4, outputLine = <usize>W * NARROW_BYTES;
  for (let oy = 0; oy < H; oy += 2) {
    let a = image + <usize>oy * line, c = y + <usize>oy * outputLine;
    let left = W, tiles = (W + ACROSS - 1) / ACROSS;
    while (tiles > 0) {
      const across = (left + tiles - 1) / tiles;
      // So many tiles have that many windows, and the others one less.
      const equal = left - tiles * (across - 1);
      if (oy + 1 < H) {
        if (across == 6) two6(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 5) two5(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 4) two4(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 3) two3(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 2) two2(equal, k, a, line, table, panel, init, c, outputLine);
        else two1(equal, k, a, line, table, panel, init, c, outputLine);
      } else {
        if (across == 6) one6(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 5) one5(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 4) one4(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 3) one3(equal, k, a, line, table, panel, init, c, outputLine);
        else if (across == 2) one2(equal, k, a, line, table, panel, init, c, outputLine);
        else one1(equal, k, a, line, table, panel, init, c, outputLine);
      }
      a += 4 * <usize>(equal * across);
      c += <usize>(equal * across) * NARROW_BYTES;
      left -= equal * across;
      tiles -= equal;
    }
  }
}
