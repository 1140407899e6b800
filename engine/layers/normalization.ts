/**
 * What batch, layer and group normalization share. They differ only in which elements are normalized together:
 * a *set* is `runs` runs of `length` neighbours from `start`, the runs `stride` apart. Element j of every run of a set
 * has the scale gamma[first + j] and the offset beta[first + j].
 */
import type { FloatArray } from '../kernels/tensor.ts';
import { boolean, number } from '../spec/attributes.ts';
import type { Described } from '../spec/kind.ts';
import { initializer } from '../train/initializers/registry.ts';
import type { ParameterSpec, Shape, Tensor } from './define.ts';

export const normalizationAttributes = {
  epsilon: number({
    above: 0,
    default: 1e-5,
    doc: 'Added to the variance, so that nothing is divided by zero.',
  }),
  scale: boolean({ default: true, doc: 'Multiply by a trained factor, gamma.' }),
  center: boolean({ default: true, doc: 'Add a trained offset, beta.' }),
  gammaInitializer: initializer('constant', 'How the factors start.'),
  betaInitializer: initializer('zeros', 'How the offsets start.'),
};

export type NormalizationParameters = { readonly gamma?: ParameterSpec; readonly beta?: ParameterSpec };

export function normalizationParameters(
  shape: Shape,
  attributes: {
    readonly scale: boolean;
    readonly center: boolean;
    readonly gammaInitializer: Described;
    readonly betaInitializer: Described;
  },
): NormalizationParameters {
  const { scale, center, gammaInitializer, betaInitializer } = attributes;
  return {
    ...(scale ? { gamma: { shape, initializer: gammaInitializer } } : {}),
    ...(center ? { beta: { shape, initializer: betaInitializer } } : {}),
  };
}

type Optional = { readonly gamma?: Tensor; readonly beta?: Tensor };

/** mean[slot] and variance[slot] (divided by the count) of a set, in two passes so that large means do not cancel. */
export function measureSet(
  start: number,
  runs: number,
  stride: number,
  length: number,
  x: FloatArray,
  mean: FloatArray,
  variance: FloatArray,
  slot: number,
): void {
  const count = runs * length;
  let sum = 0;
  for (let r = 0, at = start; r < runs; r++, at += stride) for (let j = 0; j < length; j++) sum += x[at + j];
  const center = sum / count;
  let squares = 0;
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) squares += (x[at + j] - center) ** 2;
  mean[slot] = center;
  variance[slot] = squares / count;
}

/** y = (x − mean) · inverse · gamma + beta, with inverse = 1 / √(variance + ε). */
export function normalizeSet(
  start: number,
  runs: number,
  stride: number,
  length: number,
  first: number,
  x: FloatArray,
  mean: number,
  inverse: number,
  { gamma, beta }: Optional,
  y: FloatArray,
): void {
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) {
      const normalized = (x[at + j] - mean) * inverse;
      y[at + j] = normalized * (gamma ? gamma.data[first + j] : 1) + (beta ? beta.data[first + j] : 0);
    }
}

/** dGamma += Σ dy · x̂ and dBeta += Σ dy, with x̂ = (x − mean) · inverse. */
export function addScaleGradients(
  start: number,
  runs: number,
  stride: number,
  length: number,
  first: number,
  x: FloatArray,
  mean: number,
  inverse: number,
  dy: FloatArray,
  { gamma, beta }: Optional,
): void {
  if (!gamma && !beta) return;
  for (let j = 0; j < length; j++) {
    let scaleSum = 0;
    let offsetSum = 0;
    for (let r = 0, at = start + j; r < runs; r++, at += stride) {
      scaleSum += dy[at] * (x[at] - mean) * inverse;
      offsetSum += dy[at];
    }
    if (gamma) gamma.data[first + j] += scaleSum;
    if (beta) beta.data[first + j] += offsetSum;
  }
}

/**
 * dx += inverse · (g − mean(g) − x̂ · mean(g · x̂)), with g = dy · gamma: what moves the set's mean or spread is taken out.
 * With `fixed` (statistics that do not come from the set) dx += inverse · g.
 */
export function addNormalizedGradient(
  start: number,
  runs: number,
  stride: number,
  length: number,
  first: number,
  x: FloatArray,
  mean: number,
  inverse: number,
  dy: FloatArray,
  gamma: Tensor | undefined,
  fixed: boolean,
  dx: FloatArray,
): void {
  let sum = 0;
  let dot = 0;
  if (!fixed)
    for (let r = 0, at = start; r < runs; r++, at += stride)
      for (let j = 0; j < length; j++) {
        const g = dy[at + j] * (gamma ? gamma.data[first + j] : 1);
        sum += g;
        dot += g * (x[at + j] - mean) * inverse;
      }
  const count = runs * length;
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) {
      const g = dy[at + j] * (gamma ? gamma.data[first + j] : 1);
      const normalized = (x[at + j] - mean) * inverse;
      dx[at + j] += inverse * (g - (sum + normalized * dot) / count);
    }
}
