/** Clipping: limits gradients before they are used. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';

/** Added to the norm, as PyTorch does, so that a clipped gradient stays within the limit despite rounding. */
const guard = 1e-6;

/** Scales all gradients so that their common norm, which is `norm` now, is at most `limit`. Their direction stays. */
export function clipByNorm(kernels: Kernels, gradients: FloatArray, norm: number, limit: number): void {
  const scale = limit / (norm + guard);
  if (scale >= 1) return;
  kernels.scale(gradients.length, scale, gradients);
}

/** Limits every single gradient to −limit … limit. */
export function clipByValue(gradients: FloatArray, limit: number): void {
  for (let i = 0; i < gradients.length; i++) gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
}
