/** Optimizer updates over a flat range of parameters. Bodies are inlined for whole vectors and for the rest. */
import { loadSome, storeSome } from './elementwise';
import { flush, flushForSquare, flushSquare, madd } from './simd';

// @ts-ignore: decorator
@inline
function sgdPlainAt(at: usize, n: usize, rate: v128, w: usize, g: usize): void {
  storeSome(w + at, madd(rate, loadSome(g + at, n), loadSome(w + at, n)), n);
}

/** w −= learningRate · g. */
export function sgdPlain(count: usize, learningRate: f32, w: usize, g: usize): void {
  const rate = f32x4.splat(-learningRate);
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) sgdPlainAt(4 * i, 4, rate, w, g);
  if (i < count) sgdPlainAt(4 * i, count - i, rate, w, g);
}

// @ts-ignore: decorator
@inline
function sgdMomentumAt(at: usize, n: usize, rate: v128, m: v128, s: v128, nesterov: bool, w: usize, g: usize, velocity: usize): void {
  const gradient = loadSome(g + at, n);
  const v = flush(madd(m, loadSome(velocity + at, n), f32x4.mul(s, gradient)));
  storeSome(velocity + at, v, n);
  const move = nesterov ? madd(m, v, gradient) : v;
  storeSome(w + at, madd(rate, move, loadSome(w + at, n)), n);
}

/** v = momentum · v + share · g; w −= learningRate · v, or learningRate · (g + momentum · v) with Nesterov's look-ahead. */
export function sgdMomentum(count: usize, learningRate: f32, momentum: f32, share: f32, nesterov: bool, w: usize, g: usize, velocity: usize): void {
  const rate = f32x4.splat(-learningRate), m = f32x4.splat(momentum), s = f32x4.splat(share);
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) sgdMomentumAt(4 * i, 4, rate, m, s, nesterov, w, g, velocity);
  if (i < count) sgdMomentumAt(4 * i, count - i, rate, m, s, nesterov, w, g, velocity);
}

// @ts-ignore: decorator
@inline
function adamAt(
  at: usize, n: usize, b1: v128, b2: v128, r1: v128, r2: v128, eps: v128, rate: v128, scale: v128,
  w: usize, g: usize, m: usize, v: usize,
): void {
  const gradient = flushForSquare(loadSome(g + at, n));
  const first = flush(madd(b1, loadSome(m + at, n), f32x4.mul(r1, gradient)));
  const second = flushSquare(madd(b2, loadSome(v + at, n), f32x4.mul(r2, f32x4.mul(gradient, gradient))));
  storeSome(m + at, first, n);
  storeSome(v + at, second, n);
  const move = f32x4.div(f32x4.mul(rate, first), madd(f32x4.sqrt(second), scale, eps));
  storeSome(w + at, f32x4.sub(loadSome(w + at, n), move), n);
}

/** m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= rate · (m / c₁) / (√(v / c₂) + ε). */
export function adam(
  count: usize, learningRate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, correction1: f32, correction2: f32,
  w: usize, g: usize, m: usize, v: usize,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2);
  const eps = f32x4.splat(epsilon), rate = f32x4.splat(learningRate / correction1), scale = f32x4.splat(1 / Mathf.sqrt(correction2));
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) adamAt(4 * i, 4, b1, b2, r1, r2, eps, rate, scale, w, g, m, v);
  if (i < count) adamAt(4 * i, count - i, b1, b2, r1, r2, eps, rate, scale, w, g, m, v);
}

/** s = ρs + (1 − ρ)g²; w −= rate · d, d = g / (√(s − mean²) + ε), or d = g / … + momentum · d. `mean` and `velocity` are 0 where not kept. */
export function rmsprop(
  count: usize, learningRate: f32, rho: f32, rest: f32, momentum: f32, epsilon: f32,
  w: usize, g: usize, square: usize, mean: usize, velocity: usize,
): void {
  const keep = f32x4.splat(rho), take = f32x4.splat(rest), carry = f32x4.splat(momentum);
  const eps = f32x4.splat(epsilon), rate = f32x4.splat(-learningRate), zero = f32x4.splat(0);
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const s = flushSquare(madd(keep, loadSome(square + at, n), f32x4.mul(take, f32x4.mul(gradient, gradient))));
    storeSome(square + at, s, n);
    let variance = s;
    if (mean) {
      const m = flush(madd(keep, loadSome(mean + at, n), f32x4.mul(take, gradient)));
      storeSome(mean + at, m, n);
      // Rounding may bring the difference just below zero.
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

/** s += g²; w −= rate · g / (√(s + initialSum) + ε). */
export function adagrad(count: usize, learningRate: f32, initialSum: f32, epsilon: f32, w: usize, g: usize, sum: usize): void {
  const rate = f32x4.splat(-learningRate), start = f32x4.splat(initialSum), eps = f32x4.splat(epsilon);
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const gradient = flushForSquare(loadSome(g + at, n));
    const s = madd(gradient, gradient, loadSome(sum + at, n));
    storeSome(sum + at, s, n);
    const change = f32x4.div(gradient, f32x4.add(f32x4.sqrt(f32x4.add(s, start)), eps));
    storeSome(w + at, madd(rate, change, loadSome(w + at, n)), n);
  }
}
