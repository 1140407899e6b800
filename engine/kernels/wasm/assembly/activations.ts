/**
 * Activations beyond relu, sigmoid and tanh. Formulas are those of the layer files; `p` and `q` are an activation's
 * parameters (a slope, alpha, beta, ends). Kinds are constants at every call, so each export compiles to its own loop.
 */
import { loadSome, storeSome } from './elementwise';
import { exp, sigmoid, tanh, within } from './math';
import { factor, flush, madd, putPair } from './simd';

const LEAKY_RELU = 0, ELU = 1, SELU = 2, CELU = 3, RELU6 = 4, SILU = 5, HARD_SWISH = 6, SOFTPLUS = 7, SOFTSIGN = 8, MISH = 9, GELU = 10, GELU_TANH = 11;
const HARD_SIGMOID = 12, HARD_TANH = 13, LOG_SIGMOID = 14, SOFT_SHRINK = 15, TANH_SHRINK = 16, THRESHOLDED_RELU = 17;

const SELU_SCALE: f32 = 1.0507009873554805;
const SELU_TAIL: f32 = 1.7580993408473766;
/** √(2/π) twice, and the cubic coefficient of GELU's tanh form. */
const GELU_SLOPE: f32 = 1.5957691216057308;
const GELU_CUBIC: f32 = 0.044715;
/** Above it, mish is the identity in float32. Up to it, the square of e^x is finite. */
const MISH_FLAT: f32 = 20;

// @ts-ignore: decorator
@inline
function c(value: f32): v128 {
  return f32x4.splat(value);
}

// @ts-ignore: decorator
@inline
function choose(x: v128, above: v128, below: v128): v128 {
  return v128.bitselect(above, below, f32x4.gt(x, c(0)));
}

/** ln(1 + e) for 0 ≤ e ≤ 1 as 2·artanh(e / (2 + e)), which keeps the digits of a small e. */
// @ts-ignore: decorator
@inline
function log1p(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(e, c(2)));
  const z = f32x4.mul(s, s);
  let sum = madd(z, c(1.0 / 15), c(1.0 / 13));
  sum = madd(sum, z, c(1.0 / 11));
  sum = madd(sum, z, c(1.0 / 9));
  sum = madd(sum, z, c(1.0 / 7));
  sum = madd(sum, z, c(1.0 / 5));
  sum = madd(sum, z, c(1.0 / 3));
  sum = madd(sum, z, c(1));
  return f32x4.mul(f32x4.add(s, s), sum);
}

/** e^x − 1 for x ≤ 0 as 2t / (1 − t) with t = tanh(x/2), which keeps the digits of a small x. */
// @ts-ignore: decorator
@inline
function expm1(x: v128): v128 {
  const t = tanh(f32x4.mul(x, c(0.5)));
  return f32x4.div(f32x4.add(t, t), f32x4.sub(c(1), t));
}

/** Of z⁸ … 1 in the series of (x − tanh x) / x³, with z = x²; below SERIES_END it has float32's precision, where the difference has lost it. */
const TANH_SHRINK_SERIES: usize = memory.data<f32>([2.3912911424355248e-4, -5.900274409455859e-4, 1.4558343870513183e-3, -3.5921280365724811e-3, 8.863235529902197e-3, -2.1869488536155203e-2, 5.3968253968253971e-2, -0.13333333333333333, 0.33333333333333333]);
const SERIES_END: f32 = 0.6;

/** x − tanh x. */
// @ts-ignore: decorator
@inline
function tanhShrink(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let sum = factor(TANH_SHRINK_SERIES, 0);
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 1));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 2));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 3));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 4));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 5));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 6));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 7));
  sum = madd(sum, z, factor(TANH_SHRINK_SERIES, 8));
  const near = f32x4.mul(f32x4.mul(x, z), sum);
  return v128.bitselect(near, f32x4.sub(x, tanh(x)), f32x4.lt(f32x4.abs(x), c(SERIES_END)));
}

/** e^(−x²/2). */
// @ts-ignore: decorator
@inline
function bell(x: v128): v128 {
  return exp(f32x4.mul(c(-0.5), f32x4.mul(x, x)));
}

/**
 * The normal distribution function from its density at x: the polynomial of kernels/normalCdf.ts, to the precision of float32.
 */
// @ts-ignore: decorator
@inline
function normalCdf(x: v128, density: v128): v128 {
  const z = f32x4.abs(x);
  const s = f32x4.div(f32x4.sub(c(4), z), f32x4.add(c(4), z));
  let sum = madd(c(1.1435391028505351e-6), s, c(-6.969770211810236e-7));
  sum = madd(sum, s, c(-5.841525382634227e-6));
  sum = madd(sum, s, c(6.101160679238005e-6));
  sum = madd(sum, s, c(3.153273309600628e-5));
  sum = madd(sum, s, c(-3.789872633708321e-5));
  sum = madd(sum, s, c(-0.0002043462698392311));
  sum = madd(sum, s, c(0.0001433143884187763));
  sum = madd(sum, s, c(0.0015769766719675815));
  sum = madd(sum, s, c(0.0012100584970197853));
  sum = madd(sum, s, c(-0.010512319031747236));
  sum = madd(sum, s, c(-0.04436429028963461));
  sum = madd(sum, s, c(-0.09526047897690264));
  sum = madd(sum, s, c(-0.12890813545169494));
  sum = madd(sum, s, c(-0.09637998589005323));
  sum = madd(sum, s, c(0.023009233104687794));
  sum = madd(sum, s, c(0.8496957717177189));
  const below = f32x4.mul(f32x4.div(density, madd(c(2), z, c(1))), sum);
  return choose(x, f32x4.sub(c(1), below), below);
}

/** The gate σ(2u) of GELU's tanh form. */
// @ts-ignore: decorator
@inline
function geluGate(x: v128, square: v128): v128 {
  return sigmoid(f32x4.mul(f32x4.mul(c(GELU_SLOPE), x), madd(c(GELU_CUBIC), square, c(1))));
}

// @ts-ignore: decorator
@inline
function value(kind: i32, x: v128, p: f32, q: f32): v128 {
  if (kind == LEAKY_RELU) return choose(x, x, f32x4.mul(c(p), x));
  if (kind == ELU) return choose(x, x, f32x4.mul(c(p), expm1(x)));
  if (kind == SELU) return choose(x, f32x4.mul(c(SELU_SCALE), x), f32x4.mul(c(SELU_TAIL), expm1(x)));
  if (kind == CELU) return choose(x, x, f32x4.mul(c(p), expm1(f32x4.div(x, c(p)))));
  if (kind == RELU6) return within(x, 0, 6);
  if (kind == SILU) return f32x4.mul(x, sigmoid(x));
  if (kind == HARD_SWISH) return f32x4.mul(f32x4.mul(x, within(f32x4.add(x, c(3)), 0, 6)), c(1.0 / 6));
  if (kind == SOFTPLUS) return f32x4.add(f32x4.pmax(x, c(0)), f32x4.div(log1p(exp(f32x4.mul(c(-p), f32x4.abs(x)))), c(p)));
  if (kind == SOFTSIGN) return f32x4.div(x, f32x4.add(c(1), f32x4.abs(x)));
  if (kind == MISH) {
    const e = exp(f32x4.pmin(x, c(MISH_FLAT)));
    const n = f32x4.mul(e, f32x4.add(e, c(2)));
    return f32x4.mul(x, f32x4.div(n, f32x4.add(n, c(2))));
  }
  if (kind == GELU) return f32x4.mul(x, normalCdf(x, bell(x)));
  if (kind == HARD_SIGMOID) return within(madd(c(p), x, c(q)), 0, 1);
  if (kind == HARD_TANH) return within(x, q, p);
  if (kind == LOG_SIGMOID) return f32x4.sub(f32x4.pmin(x, c(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
  if (kind == SOFT_SHRINK) return f32x4.sub(x, within(x, -p, p));
  if (kind == TANH_SHRINK) return tanhShrink(x);
  // With the comparison in this direction, NaN stays NaN and is detected.
  if (kind == THRESHOLDED_RELU) return v128.andnot(x, f32x4.le(x, c(p)));
  return f32x4.mul(x, geluGate(x, f32x4.mul(x, x)));
}

/** f′ from the input x and the output y. */
// @ts-ignore: decorator
@inline
function slope(kind: i32, x: v128, y: v128, p: f32, q: f32): v128 {
  if (kind == LEAKY_RELU) return choose(x, c(1), c(p));
  if (kind == ELU) return choose(x, c(1), f32x4.mul(c(p), exp(x)));
  if (kind == SELU) return choose(x, c(SELU_SCALE), f32x4.mul(c(SELU_TAIL), exp(x)));
  if (kind == CELU) return choose(x, c(1), exp(f32x4.div(x, c(p))));
  if (kind == RELU6) return v128.and(c(1), v128.and(f32x4.gt(x, c(0)), f32x4.lt(x, c(6))));
  if (kind == SILU) {
    const gate = sigmoid(x);
    return madd(y, f32x4.sub(c(1), gate), gate);
  }
  if (kind == HARD_SWISH) {
    const middle = f32x4.mul(madd(c(2), x, c(3)), c(1.0 / 6));
    return v128.bitselect(c(0), v128.bitselect(middle, c(1), f32x4.lt(x, c(3))), f32x4.lt(x, c(-3)));
  }
  if (kind == SOFTPLUS) return sigmoid(f32x4.mul(c(p), x));
  if (kind == SOFTSIGN) {
    const root = f32x4.div(c(1), f32x4.add(c(1), f32x4.abs(x)));
    return f32x4.mul(root, root);
  }
  if (kind == MISH) {
    const e = exp(f32x4.pmin(x, c(MISH_FLAT)));
    const n = f32x4.mul(e, f32x4.add(e, c(2)));
    const whole = f32x4.add(n, c(2));
    const rise = f32x4.div(f32x4.mul(f32x4.mul(c(4), x), f32x4.mul(e, f32x4.add(e, c(1)))), whole);
    return f32x4.div(f32x4.add(n, rise), whole);
  }
  if (kind == GELU) {
    const density = bell(x);
    return madd(f32x4.mul(x, c(0.3989422804014327)), density, normalCdf(x, density));
  }
  if (kind == HARD_SIGMOID) return v128.and(c(p), v128.and(f32x4.gt(y, c(0)), f32x4.lt(y, c(1))));
  if (kind == HARD_TANH) return v128.and(c(1), v128.and(f32x4.gt(x, c(q)), f32x4.lt(x, c(p))));
  if (kind == LOG_SIGMOID) return sigmoid(f32x4.neg(x));
  if (kind == SOFT_SHRINK) return v128.and(c(1), f32x4.gt(f32x4.abs(x), c(p)));
  if (kind == TANH_SHRINK) {
    const t = tanh(x);
    return f32x4.mul(t, t);
  }
  if (kind == THRESHOLDED_RELU) return v128.and(c(1), f32x4.gt(x, c(p)));
  const square = f32x4.mul(x, x);
  const gate = geluGate(x, square);
  const inner = f32x4.mul(f32x4.mul(c(GELU_SLOPE), x), madd(c(3 * GELU_CUBIC), square, c(1)));
  return f32x4.mul(gate, madd(inner, f32x4.sub(c(1), gate), c(1)));
}

// @ts-ignore: decorator
@inline
function forward(kind: i32, count: usize, p: f32, q: f32, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const from = x + 4 * i;
    putPair(y + 4 * i, value(kind, v128.load(from), p, q), value(kind, v128.load(from, 16), p, q));
  }
  for (; i < count; i += 4) storeSome(y + 4 * i, value(kind, loadSome(x + 4 * i, count - i), p, q), count - i);
}

/** dx += dy · f′. */
// @ts-ignore: decorator
@inline
function backward(kind: i32, count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void {
  let i: usize = 0;
  for (; i + 8 <= count; i += 8) {
    const from = x + 4 * i, out = y + 4 * i, g = dy + 4 * i, to = dx + 4 * i;
    const low = madd(v128.load(g), slope(kind, v128.load(from), v128.load(out), p, q), v128.load(to));
    const high = madd(v128.load(g, 16), slope(kind, v128.load(from, 16), v128.load(out, 16), p, q), v128.load(to, 16));
    putPair(to, flush(low), flush(high));
  }
  for (; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const f = slope(kind, loadSome(x + at, n), loadSome(y + at, n), p, q);
    storeSome(dx + at, flush(madd(loadSome(dy + at, n), f, loadSome(dx + at, n))), n);
  }
}

export function leakyReluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(LEAKY_RELU, count, p, q, x, y); }
export function leakyReluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(LEAKY_RELU, count, p, q, x, y, dy, dx); }
export function eluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(ELU, count, p, q, x, y); }
export function eluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(ELU, count, p, q, x, y, dy, dx); }
export function seluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(SELU, count, p, q, x, y); }
export function seluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(SELU, count, p, q, x, y, dy, dx); }
export function celuForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(CELU, count, p, q, x, y); }
export function celuBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(CELU, count, p, q, x, y, dy, dx); }
export function relu6Forward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(RELU6, count, p, q, x, y); }
export function relu6Backward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(RELU6, count, p, q, x, y, dy, dx); }
export function siluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(SILU, count, p, q, x, y); }
export function siluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(SILU, count, p, q, x, y, dy, dx); }
export function hardSwishForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(HARD_SWISH, count, p, q, x, y); }
export function hardSwishBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(HARD_SWISH, count, p, q, x, y, dy, dx); }
export function softplusForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(SOFTPLUS, count, p, q, x, y); }
export function softplusBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(SOFTPLUS, count, p, q, x, y, dy, dx); }
export function softsignForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(SOFTSIGN, count, p, q, x, y); }
export function softsignBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(SOFTSIGN, count, p, q, x, y, dy, dx); }
export function mishForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(MISH, count, p, q, x, y); }
export function mishBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(MISH, count, p, q, x, y, dy, dx); }
export function geluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(GELU, count, p, q, x, y); }
export function geluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(GELU, count, p, q, x, y, dy, dx); }
export function geluTanhForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(GELU_TANH, count, p, q, x, y); }
export function geluTanhBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(GELU_TANH, count, p, q, x, y, dy, dx); }
export function hardSigmoidForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(HARD_SIGMOID, count, p, q, x, y); }
export function hardSigmoidBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(HARD_SIGMOID, count, p, q, x, y, dy, dx); }
export function hardTanhForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(HARD_TANH, count, p, q, x, y); }
export function hardTanhBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(HARD_TANH, count, p, q, x, y, dy, dx); }
export function logSigmoidForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(LOG_SIGMOID, count, p, q, x, y); }
export function logSigmoidBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(LOG_SIGMOID, count, p, q, x, y, dy, dx); }
export function softShrinkForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(SOFT_SHRINK, count, p, q, x, y); }
export function softShrinkBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(SOFT_SHRINK, count, p, q, x, y, dy, dx); }
export function tanhShrinkForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(TANH_SHRINK, count, p, q, x, y); }
export function tanhShrinkBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(TANH_SHRINK, count, p, q, x, y, dy, dx); }
export function thresholdedReluForward(count: usize, p: f32, q: f32, x: usize, y: usize): void { forward(THRESHOLDED_RELU, count, p, q, x, y); }
export function thresholdedReluBackward(count: usize, p: f32, q: f32, x: usize, y: usize, dy: usize, dx: usize): void { backward(THRESHOLDED_RELU, count, p, q, x, y, dy, dx); }
