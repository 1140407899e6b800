/** What metrics over classes share. */
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import { type Shape, sizeOf } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';

/** Scores along the last axis, and for each row a class index or a share a class. */
export function isClassification(target: TargetSpec, prediction: Shape): boolean {
  const classes = prediction.length === 0 ? 1 : prediction[prediction.length - 1];
  if (classes < 2) return false;
  return target.type === 'int' && sizeOf(target.shape) * classes === sizeOf(prediction);
}

/** The target class of a row; −1 when its index is none of the `classes` (an ignored one). */
export function trueClass(target: Tensor | IntTensor, row: number, classes: number): number {
  const index = target.data[row];
  return index >= 0 && index < classes ? index : -1;
}

/** The class with the highest score, the first of equals. */
export function predictedClass(prediction: Tensor, row: number, classes: number): number {
  const start = row * classes;
  let best = 0;
  for (let c = 1; c < classes; c++) if (prediction.data[start + c] > prediction.data[start + best]) best = c;
  return best;
}
