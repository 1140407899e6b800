/** Numeric slopes of a function of many numbers, which do not depend on the formula of its derivative. */
import type { Random } from '../../engine/kernels/random.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';

/** A direction in a tensor: how far each element moves. */
export interface Direction {
  readonly target: string;
  readonly vector: readonly (readonly [index: number, weight: number])[];
}

/** A direction for every element if there are few; otherwise for some, and random mixtures of all, which miss no wrong element. */
export function directionsOf(target: string, size: number, random: Random, few = 40): Direction[] {
  const element = (index: number): Direction => ({ target, vector: [[index, 1]] });
  if (size <= few) return Array.from({ length: size }, (_, index) => element(index));
  const some = Array.from({ length: few / 2 }, () => element(random.below(size)));
  const mixtures = Array.from({ length: 8 }, (): Direction => {
    const weights = Array.from({ length: size }, () => random.normal());
    const length = Math.hypot(...weights);
    return { target, vector: weights.map((weight, index) => [index, weight / length] as const) };
  });
  return [...some, ...mixtures];
}

/**
 * The slope of `f` when `values` move along the direction, from five points (error ∝ step⁴).
 * It restores `values` before it returns.
 */
export function slope(values: FloatArray, { vector }: Direction, step: number, f: () => number): number {
  const start = values.slice();
  const at = (distance: number): number => {
    for (const [index, weight] of vector) values[index] = start[index] + distance * weight;
    return f();
  };
  const result = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
  values.set(start);
  return result;
}
