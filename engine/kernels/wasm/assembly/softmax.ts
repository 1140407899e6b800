/**
 * Softmax and log-softmax along one axis: tensors are [groups, size, inner], and the first `seen` entries of `size` count. Where
 * `inner` is 1, a vector has entries of one softmax, otherwise one entry of four.
 */
import { loadSome, storeSome } from './elementwise';
import { exp } from './math';
import { flush, madd, putPair, sumLanes } from './simd';

export function softmax(groups: usize, seen: usize, size: usize, inner: usize, x: usize, y: usize): void {
  forward(false, groups, seen, size, inner, x, y);
}

export function logSoftmax(groups: usize, seen: usize, size: usize, inner: usize, x: usize, y: usize): void {
  forward(true, groups, seen, size, inner, x, y);
}

export function softmaxBackward(groups: usize, seen: usize, size: usize, inner: usize, y: usize, dy: usize, dx: usize): void {
  backward(false, groups, seen, size, inner, y, dy, dx);
}

export function logSoftmaxBackward(groups: usize, seen: usize, size: usize, inner: usize, y: usize, dy: usize, dx: usize): void {
  backward(true, groups, seen, size, inner, y, dy, dx);
}

// @ts-ignore: decorator
@inline
function forward(isLog: bool, groups: usize, seen: usize, size: usize, inner: usize, x: usize, y: usize): void {
  const bytes = 4 * size * inner, real = 4 * seen * inner;
  for (let g: usize = 0; g < groups; g++) {
    if (seen > 0) {
      if (inner == 1) row(isLog, seen, x, y);
      else for (let j: usize = 0; j < inner; j += 4) columns(isLog, seen, 4 * inner, inner - j, x + 4 * j, y + 4 * j);
    }
    if (real < bytes) memory.fill(y + real, 0, bytes - real);
    x += bytes;
    y += bytes;
  }
}

// @ts-ignore: decorator
@inline
function backward(isLog: bool, groups: usize, seen: usize, size: usize, inner: usize, y: usize, dy: usize, dx: usize): void {
  const bytes = 4 * size * inner;
  for (let g: usize = 0; g < groups; g++) {
    if (inner == 1) rowBackward(isLog, seen, y, dy, dx);
    else for (let j: usize = 0; j < inner; j += 4) columnsBackward(isLog, seen, 4 * inner, inner - j, y + 4 * j, dy + 4 * j, dx + 4 * j);
    y += bytes;
    dy += bytes;
    dx += bytes;
  }
}

/** ln x. */
// @ts-ignore: decorator
@inline
function ln(x: f32): f32 {
  return <f32>Math.log(<f64>x);
}

// @ts-ignore: decorator
@inline
function row(isLog: bool, count: usize, x: usize, y: usize): void {
  let most = load<f32>(x);
  for (let j: usize = 1; j < count; j++) most = max(most, load<f32>(x + 4 * j));
  const shift = f32x4.splat(most);
  let sums = f32x4.splat(0);
  let j: usize = 0;
  for (; j + 8 <= count; j += 8) {
    const p = x + 4 * j;
    const low = exp(f32x4.sub(v128.load(p), shift)), high = exp(f32x4.sub(v128.load(p, 16), shift));
    putPair(y + 4 * j, low, high);
    sums = f32x4.add(f32x4.add(sums, low), high);
  }
  if (j + 4 <= count) {
    const e = exp(f32x4.sub(v128.load(x + 4 * j), shift));
    v128.store(y + 4 * j, e);
    sums = f32x4.add(sums, e);
    j += 4;
  }
  let sum = sumLanes(sums);
  if (j < count) {
    const e = exp(f32x4.sub(loadSome(x + 4 * j, count - j), shift));
    storeSome(y + 4 * j, e, count - j);
    for (let i = j; i < count; i++) sum += load<f32>(y + 4 * i);
  }
  const last = f32x4.splat(isLog ? ln(sum) : 1 / sum);
  for (j = 0; j + 8 <= count; j += 8) {
    const p = x + 4 * j, to = y + 4 * j;
    putPair(to, result(isLog, v128.load(p), shift, v128.load(to), last), result(isLog, v128.load(p, 16), shift, v128.load(to, 16), last));
  }
  for (; j < count; j += 4) {
    const n = count - j, at = 4 * j;
    storeSome(y + at, result(isLog, loadSome(x + at, n), shift, loadSome(y + at, n), last), n);
  }
}

/** The output of x from e = exp(x − shift). `last`: the reciprocal of the sum, or its logarithm. */
// @ts-ignore: decorator
@inline
function result(isLog: bool, x: v128, shift: v128, e: v128, last: v128): v128 {
  return isLog ? f32x4.sub(f32x4.sub(x, shift), last) : flush(f32x4.mul(e, last));
}

// @ts-ignore: decorator
@inline
function columns(isLog: bool, count: usize, step: usize, n: usize, x: usize, y: usize): void {
  const end = x + count * step, toY = y - x;
  let shift = loadSome(x, n);
  for (let p = x + step; p < end; p += step) shift = f32x4.pmax(shift, loadSome(p, n));
  let sum = f32x4.splat(0);
  for (let p = x; p < end; p += step) {
    const e = exp(f32x4.sub(loadSome(p, n), shift));
    storeSome(p + toY, e, n);
    sum = f32x4.add(sum, e);
  }
  const last = isLog
    ? f32x4(ln(f32x4.extract_lane(sum, 0)), ln(f32x4.extract_lane(sum, 1)), ln(f32x4.extract_lane(sum, 2)), ln(f32x4.extract_lane(sum, 3)))
    : f32x4.div(f32x4.splat(1), sum);
  for (let p = x; p < end; p += step) storeSome(p + toY, result(isLog, loadSome(p, n), shift, loadSome(p + toY, n), last), n);
}

/** What a gradient adds to the sum of a softmax. */
// @ts-ignore: decorator
@inline
function part(isLog: bool, y: v128, dy: v128, sum: v128): v128 {
  return isLog ? f32x4.add(dy, sum) : madd(y, dy, sum);
}

/** dx + y · (dy − sum), or dx + dy − e^y · sum. */
// @ts-ignore: decorator
@inline
function gradient(isLog: bool, y: v128, dy: v128, sum: v128, dx: v128): v128 {
  return flush(isLog ? f32x4.add(dx, f32x4.sub(dy, f32x4.mul(exp(y), sum))) : madd(y, f32x4.sub(dy, sum), dx));
}

// @ts-ignore: decorator
@inline
function rowBackward(isLog: bool, count: usize, y: usize, dy: usize, dx: usize): void {
  let sums = f32x4.splat(0);
  for (let j: usize = 0; j < count; j += 4) sums = part(isLog, loadSome(y + 4 * j, count - j), loadSome(dy + 4 * j, count - j), sums);
  const sum = f32x4.splat(sumLanes(sums));
  let j: usize = 0;
  for (; j + 8 <= count; j += 8) {
    const p = y + 4 * j, q = dy + 4 * j, to = dx + 4 * j;
    const low = gradient(isLog, v128.load(p), v128.load(q), sum, v128.load(to));
    const high = gradient(isLog, v128.load(p, 16), v128.load(q, 16), sum, v128.load(to, 16));
    putPair(to, low, high);
  }
  for (; j < count; j += 4) {
    const n = count - j, at = 4 * j;
    storeSome(dx + at, gradient(isLog, loadSome(y + at, n), loadSome(dy + at, n), sum, loadSome(dx + at, n)), n);
  }
}

// @ts-ignore: decorator
@inline
function columnsBackward(isLog: bool, count: usize, step: usize, n: usize, y: usize, dy: usize, dx: usize): void {
  const end = y + count * step, toGradient = dy - y, toResult = dx - y;
  let sum = f32x4.splat(0);
  for (let p = y; p < end; p += step) sum = part(isLog, loadSome(p, n), loadSome(p + toGradient, n), sum);
  for (let p = y; p < end; p += step) {
    const to = p + toResult;
    storeSome(to, gradient(isLog, loadSome(p, n), loadSome(p + toGradient, n), sum, loadSome(to, n)), n);
  }
}
