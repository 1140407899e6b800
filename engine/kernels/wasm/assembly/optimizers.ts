/** Optimizer updates over a flat range of parameters, in pairs of vectors, then what is left at the end. */
import { loadSome, storeSome } from './elementwise';
import { flush, flushForSquare, flushSquare, madd, putPair } from './simd';

/** w −= learningRate · g. */
export function sgdPlain(count: usize, learningRate: f32, w: usize, g: usize): void {
  const rate = f32x4.splat(-learningRate);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i;
    putPair(to, madd(rate, v128.load(p), v128.load(to)), madd(rate, v128.load(p, 16), v128.load(to, 16)));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    storeSome(w + at, madd(rate, loadSome(g + at, n), loadSome(w + at, n)), n);
  }
}

/** v = momentum · v + share · g; w −= learningRate · v, or learningRate · (g + momentum · v) with Nesterov's look-ahead. */
export function sgdMomentum(count: usize, learningRate: f32, momentum: f32, share: f32, nesterov: bool, w: usize, g: usize, velocity: usize): void {
  const rate = f32x4.splat(-learningRate), m = f32x4.splat(momentum), s = f32x4.splat(share);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, q = velocity + 4 * i;
    const g0 = v128.load(p), g1 = v128.load(p, 16), w0 = v128.load(to), w1 = v128.load(to, 16);
    const v0 = flush(madd(m, v128.load(q), f32x4.mul(s, g0))), v1 = flush(madd(m, v128.load(q, 16), f32x4.mul(s, g1)));
    putPair(q, v0, v1);
    if (nesterov) putPair(to, madd(rate, madd(m, v0, g0), w0), madd(rate, madd(m, v1, g1), w1));
    else putPair(to, madd(rate, v0, w0), madd(rate, v1, w1));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = loadSome(g + at, n);
    const v = flush(madd(m, loadSome(velocity + at, n), f32x4.mul(s, gradient)));
    storeSome(velocity + at, v, n);
    storeSome(w + at, madd(rate, nesterov ? madd(m, v, gradient) : v, loadSome(w + at, n)), n);
  }
}

// The running means of Adam and similar optimizers, and the root that divides a step.

// @ts-ignore: decorator
@inline
function meanOf(keep: v128, mean: v128, take: v128, gradient: v128): v128 {
  return flush(madd(keep, mean, f32x4.mul(take, gradient)));
}

// @ts-ignore: decorator
@inline
function squareOf(keep: v128, square: v128, take: v128, gradient: v128): v128 {
  return flushSquare(madd(keep, square, f32x4.mul(take, f32x4.mul(gradient, gradient))));
}

// @ts-ignore: decorator
@inline
function adamMove(rate: v128, first: v128, second: v128, scale: v128, eps: v128): v128 {
  return f32x4.div(f32x4.mul(rate, first), madd(f32x4.sqrt(second), scale, eps));
}

/**
 * m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= rate · (m / c₁) / (√(v / c₂) + ε). Given `largest`, the largest v so far
 * replaces v.
 */
export function adam(
  count: usize, learningRate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, correction1: f32, correction2: f32,
  w: usize, g: usize, m: usize, v: usize, largest: usize,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2);
  const eps = f32x4.splat(epsilon), rate = f32x4.splat(learningRate / correction1), scale = f32x4.splat(1 / Mathf.sqrt(correction2));
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, firsts = m + 4 * i, seconds = v + 4 * i;
    const g0 = flushForSquare(v128.load(p)), g1 = flushForSquare(v128.load(p, 16));
    const m0 = meanOf(b1, v128.load(firsts), r1, g0), m1 = meanOf(b1, v128.load(firsts, 16), r1, g1);
    const v0 = squareOf(b2, v128.load(seconds), r2, g0), v1 = squareOf(b2, v128.load(seconds, 16), r2, g1);
    let s0 = v0, s1 = v1;
    if (largest) {
      const most = largest + 4 * i;
      s0 = f32x4.pmax(v128.load(most), v0);
      s1 = f32x4.pmax(v128.load(most, 16), v1);
      putPair(most, s0, s1);
    }
    const w0 = f32x4.sub(v128.load(to), adamMove(rate, m0, s0, scale, eps));
    const w1 = f32x4.sub(v128.load(to, 16), adamMove(rate, m1, s1, scale, eps));
    putPair(firsts, m0, m1);
    putPair(seconds, v0, v1);
    putPair(to, w0, w1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const first = meanOf(b1, loadSome(m + at, n), r1, gradient), second = squareOf(b2, loadSome(v + at, n), r2, gradient);
    storeSome(m + at, first, n);
    storeSome(v + at, second, n);
    let square = second;
    if (largest) {
      square = f32x4.pmax(loadSome(largest + at, n), second);
      storeSome(largest + at, square, n);
    }
    storeSome(w + at, f32x4.sub(loadSome(w + at, n), adamMove(rate, first, square, scale, eps)), n);
  }
}

/**
 * s = ρs + (1 − ρ)g²; w −= rate · d, d = g / (√(s − mean²) + ε), or d = g / … + momentum · d. `mean` and `velocity` are 0 if they
 * are not used.
 */
export function rmsprop(
  count: usize, learningRate: f32, rho: f32, rest: f32, momentum: f32, epsilon: f32,
  w: usize, g: usize, square: usize, mean: usize, velocity: usize,
): void {
  const keep = f32x4.splat(rho), take = f32x4.splat(rest), carry = f32x4.splat(momentum);
  const eps = f32x4.splat(epsilon), rate = f32x4.splat(-learningRate), zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, squares = square + 4 * i;
    const g0 = flushForSquare(v128.load(p)), g1 = flushForSquare(v128.load(p, 16));
    const s0 = squareOf(keep, v128.load(squares), take, g0), s1 = squareOf(keep, v128.load(squares, 16), take, g1);
    let v0 = s0, v1 = s1;
    putPair(squares, s0, s1);
    if (mean) {
      const means = mean + 4 * i;
      const m0 = meanOf(keep, v128.load(means), take, g0), m1 = meanOf(keep, v128.load(means, 16), take, g1);
      putPair(means, m0, m1);
      // Rounding may make the difference slightly negative.
      v0 = f32x4.pmax(f32x4.sub(s0, f32x4.mul(m0, m0)), zero);
      v1 = f32x4.pmax(f32x4.sub(s1, f32x4.mul(m1, m1)), zero);
    }
    let c0 = f32x4.div(g0, f32x4.add(f32x4.sqrt(v0), eps)), c1 = f32x4.div(g1, f32x4.add(f32x4.sqrt(v1), eps));
    if (velocity) {
      const moves = velocity + 4 * i;
      c0 = flush(madd(carry, v128.load(moves), c0));
      c1 = flush(madd(carry, v128.load(moves, 16), c1));
      putPair(moves, c0, c1);
    }
    putPair(to, madd(rate, c0, v128.load(to)), madd(rate, c1, v128.load(to, 16)));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const s = squareOf(keep, loadSome(square + at, n), take, gradient);
    storeSome(square + at, s, n);
    let variance = s;
    if (mean) {
      const m = meanOf(keep, loadSome(mean + at, n), take, gradient);
      storeSome(mean + at, m, n);
      variance = f32x4.pmax(f32x4.sub(s, f32x4.mul(m, m)), zero);
    }
    let change = f32x4.div(gradient, f32x4.add(f32x4.sqrt(variance), eps));
    if (velocity) {
      change = flush(madd(carry, loadSome(velocity + at, n), change));
      storeSome(velocity + at, change, n);
    }
    storeSome(w + at, madd(rate, change, loadSome(w + at, n)), n);
  }
}

// @ts-ignore: decorator
@inline
function adagradMove(gradient: v128, sum: v128, start: v128, eps: v128): v128 {
  return f32x4.div(gradient, f32x4.add(f32x4.sqrt(f32x4.add(sum, start)), eps));
}

/** s += g²; w −= rate · g / (√(s + initialSum) + ε). */
export function adagrad(count: usize, learningRate: f32, initialSum: f32, epsilon: f32, w: usize, g: usize, sum: usize): void {
  const rate = f32x4.splat(-learningRate), start = f32x4.splat(initialSum), eps = f32x4.splat(epsilon);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, sums = sum + 4 * i;
    const g0 = flushForSquare(v128.load(p)), g1 = flushForSquare(v128.load(p, 16));
    const s0 = madd(g0, g0, v128.load(sums)), s1 = madd(g1, g1, v128.load(sums, 16));
    const w0 = madd(rate, adagradMove(g0, s0, start, eps), v128.load(to)), w1 = madd(rate, adagradMove(g1, s1, start, eps), v128.load(to, 16));
    putPair(sums, s0, s1);
    putPair(to, w0, w1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const s = madd(gradient, gradient, loadSome(sum + at, n));
    storeSome(sum + at, s, n);
    storeSome(w + at, madd(rate, adagradMove(gradient, s, start, eps), loadSome(w + at, n)), n);
  }
}

// @ts-ignore: decorator
@inline
function nadamMove(ofGradient: v128, gradient: v128, ofMomentum: v128, first: v128, second: v128, scale: v128, eps: v128): v128 {
  return f32x4.div(madd(ofMomentum, first, f32x4.mul(ofGradient, gradient)), madd(f32x4.sqrt(second), scale, eps));
}

/** m and v as Adam's; w −= (ofGradient · g + ofMomentum · m) / (√(v / c₂) + ε). */
export function nadam(
  count: usize, ofGradient: f32, ofMomentum: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, correction2: f32,
  w: usize, g: usize, m: usize, v: usize,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2), eps = f32x4.splat(epsilon);
  const gradients = f32x4.splat(ofGradient), momenta = f32x4.splat(ofMomentum), scale = f32x4.splat(1 / Mathf.sqrt(correction2));
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, firsts = m + 4 * i, seconds = v + 4 * i;
    const g0 = flushForSquare(v128.load(p)), g1 = flushForSquare(v128.load(p, 16));
    const m0 = meanOf(b1, v128.load(firsts), r1, g0), m1 = meanOf(b1, v128.load(firsts, 16), r1, g1);
    const v0 = squareOf(b2, v128.load(seconds), r2, g0), v1 = squareOf(b2, v128.load(seconds, 16), r2, g1);
    const w0 = f32x4.sub(v128.load(to), nadamMove(gradients, g0, momenta, m0, v0, scale, eps));
    const w1 = f32x4.sub(v128.load(to, 16), nadamMove(gradients, g1, momenta, m1, v1, scale, eps));
    putPair(firsts, m0, m1);
    putPair(seconds, v0, v1);
    putPair(to, w0, w1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const first = meanOf(b1, loadSome(m + at, n), r1, gradient), second = squareOf(b2, loadSome(v + at, n), r2, gradient);
    storeSome(m + at, first, n);
    storeSome(v + at, second, n);
    storeSome(w + at, f32x4.sub(loadSome(w + at, n), nadamMove(gradients, gradient, momenta, first, second, scale, eps)), n);
  }
}

/** m as Adam's; largest = max(β₂ · largest, |g| + ε); w −= rate · m / largest. */
export function adamax(
  count: usize, rate: f32, beta1: f32, beta2: f32, rest1: f32, epsilon: f32, w: usize, g: usize, m: usize, largest: usize,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), eps = f32x4.splat(epsilon), step = f32x4.splat(rate);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, firsts = m + 4 * i, most = largest + 4 * i;
    const g0 = v128.load(p), g1 = v128.load(p, 16);
    const m0 = meanOf(b1, v128.load(firsts), r1, g0), m1 = meanOf(b1, v128.load(firsts, 16), r1, g1);
    const u0 = f32x4.pmax(f32x4.mul(b2, v128.load(most)), f32x4.add(f32x4.abs(g0), eps));
    const u1 = f32x4.pmax(f32x4.mul(b2, v128.load(most, 16)), f32x4.add(f32x4.abs(g1), eps));
    const w0 = f32x4.sub(v128.load(to), f32x4.div(f32x4.mul(step, m0), u0)), w1 = f32x4.sub(v128.load(to, 16), f32x4.div(f32x4.mul(step, m1), u1));
    putPair(firsts, m0, m1);
    putPair(most, u0, u1);
    putPair(to, w0, w1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = loadSome(g + at, n), first = meanOf(b1, loadSome(m + at, n), r1, gradient);
    const u = f32x4.pmax(f32x4.mul(b2, loadSome(largest + at, n)), f32x4.add(f32x4.abs(gradient), eps));
    storeSome(m + at, first, n);
    storeSome(largest + at, u, n);
    storeSome(w + at, f32x4.sub(loadSome(w + at, n), f32x4.div(f32x4.mul(step, first), u)), n);
  }
}

/** −1, 0 or 1; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function sign(x: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const whole = f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)));
  return v128.bitselect(x, whole, f32x4.ne(x, x));
}

// @ts-ignore: decorator
@inline
function lionMove(keep: v128, first: v128, take: v128, gradient: v128, decay: v128, w: v128): v128 {
  return madd(decay, w, sign(madd(keep, first, f32x4.mul(take, gradient))));
}

/** w −= rate · (sign(β₁m + (1 − β₁)g) + decay · w), then m = β₂m + (1 − β₂)g. */
export function lion(
  count: usize, learningRate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, weightDecay: f32, w: usize, g: usize, m: usize,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2);
  const rate = f32x4.splat(-learningRate), decay = f32x4.splat(weightDecay);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, firsts = m + 4 * i;
    const g0 = v128.load(p), g1 = v128.load(p, 16), m0 = v128.load(firsts), m1 = v128.load(firsts, 16), w0 = v128.load(to), w1 = v128.load(to, 16);
    const next0 = madd(rate, lionMove(b1, m0, r1, g0, decay, w0), w0), next1 = madd(rate, lionMove(b1, m1, r1, g1, decay, w1), w1);
    putPair(firsts, meanOf(b2, m0, r2, g0), meanOf(b2, m1, r2, g1));
    putPair(to, next0, next1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = loadSome(g + at, n), first = loadSome(m + at, n), old = loadSome(w + at, n);
    storeSome(w + at, madd(rate, lionMove(b1, first, r1, gradient, decay, old), old), n);
    storeSome(m + at, meanOf(b2, first, r2, gradient), n);
  }
}

// @ts-ignore: decorator
@inline
function adadeltaMove(steps: v128, squares: v128, eps: v128, gradient: v128): v128 {
  return f32x4.mul(f32x4.div(f32x4.sqrt(f32x4.add(steps, eps)), f32x4.sqrt(f32x4.add(squares, eps))), gradient);
}

/** s = ρs + (1 − ρ)g²; d = √(t + ε) / √(s + ε) · g; t = ρt + (1 − ρ)d²; w −= rate · d. */
export function adadelta(
  count: usize, learningRate: f32, rho: f32, rest: f32, epsilon: f32, w: usize, g: usize, square: usize, stepSquare: usize,
): void {
  const keep = f32x4.splat(rho), take = f32x4.splat(rest), eps = f32x4.splat(epsilon), rate = f32x4.splat(-learningRate);
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const p = g + 4 * i, to = w + 4 * i, squares = square + 4 * i, steps = stepSquare + 4 * i;
    const g0 = flushForSquare(v128.load(p)), g1 = flushForSquare(v128.load(p, 16)), t0 = v128.load(steps), t1 = v128.load(steps, 16);
    const s0 = squareOf(keep, v128.load(squares), take, g0), s1 = squareOf(keep, v128.load(squares, 16), take, g1);
    const d0 = adadeltaMove(t0, s0, eps, g0), d1 = adadeltaMove(t1, s1, eps, g1);
    const w0 = madd(rate, d0, v128.load(to)), w1 = madd(rate, d1, v128.load(to, 16));
    putPair(squares, s0, s1);
    putPair(steps, squareOf(keep, t0, take, flushForSquare(d0)), squareOf(keep, t1, take, flushForSquare(d1)));
    putPair(to, w0, w1);
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n)), before = loadSome(stepSquare + at, n);
    const s = squareOf(keep, loadSome(square + at, n), take, gradient);
    const change = adadeltaMove(before, s, eps, gradient);
    storeSome(square + at, s, n);
    storeSome(stepSquare + at, squareOf(keep, before, take, flushForSquare(change)), n);
    storeSome(w + at, madd(rate, change, loadSome(w + at, n)), n);
  }
}
