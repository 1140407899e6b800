/** Clipping: limits gradients before they are used. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';

/** Added to the norm, as PyTorch does, so that a clipped gradient stays within the limit despite rounding. */
const guard = 1e-6;

/**
 * Scales all gradients so that their common norm, currently `norm`, is at most `limit`, and keeps their direction.
 * Returns whether it changed them.
 */
export function clipByNorm(kernels: Kernels, gradients: FloatArray, norm: number, limit: number): boolean {
  const scale = limit / (norm + guard);
  if (scale >= 1) return false;
  kernels.scale(gradients.length, scale, gradients);
  return true;
}

/** Limits every single gradient to −limit … limit. Returns whether it changed any. */
export function clipByValue(gradients: FloatArray, limit: number): boolean {
  let clipped = false;
  for (let i = 0; i < gradients.length; i++) {
    const gradient = gradients[i];
    if (gradient > limit || gradient < -limit) {
      gradients[i] = gradient > 0 ? limit : -limit;
      clipped = true;
    }
  }
  return clipped;
}
