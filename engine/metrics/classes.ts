/** Code that metrics over classes share. */
import * as l10n from '@vscode/l10n';
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import { type Shape, sizeOf } from '../layers/define.ts';
import type { Judged } from './define.ts';

const columnsOf = (prediction: Shape): number =>
  prediction.length === 0 ? 1 : prediction[prediction.length - 1];

/** Metrics over classes need scores along the last axis, and a class index for each row. */
export function classMisfit({ target, prediction }: Judged): string | undefined {
  const classes = columnsOf(prediction);
  if (classes < 2) return l10n.t('it needs the scores of at least two classes, found one output');
  if (target === undefined) return undefined;
  if (target.type === 'float') return l10n.t('it needs a class as the target, found values');
  return sizeOf(target.shape) * classes === sizeOf(prediction)
    ? undefined
    : l10n.t('it needs one class for each row of scores, found a yes or no for each score');
}

/** Metrics of yes-or-no outputs need a loss that judges each output separately, and a yes or no for each. */
export function yesNoMisfit({ reading, target, prediction }: Judged): string | undefined {
  if (reading.threshold === undefined)
    return l10n.t('it needs outputs that each answer yes or no, and a loss that treats them separately');
  if (target === undefined) return undefined;
  const { type, shape, classes = 2 } = target;
  return sizeOf(shape) === sizeOf(prediction) && (type === 'float' || classes <= 2)
    ? undefined
    : l10n.t('it needs a yes or no for each output, found one of {0} classes', classes);
}

/** The target class of a row; −1 if its index is outside `classes` (an ignored one). */
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
