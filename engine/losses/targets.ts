/** Whether a dataset's targets fit a prediction. Shared by the losses. */

import * as l10n from '@vscode/l10n';
import { type Problem, problem, type Shape, sizeOf } from '../layers/define.ts';
import { counted, shapeText } from '../schema/text.ts';
import type { TargetSpec } from './define.ts';
import { type Rows, rowsOf } from './rows.ts';

interface ClassTarget {
  readonly classes: number;
  readonly rows: Rows;
  readonly target: TargetSpec;
}

/** For losses over classes along the last axis: an index for each row, or, with values, a share for each class. */
export function classTarget(
  prediction: Shape,
  dataTarget: TargetSpec | undefined,
): ClassTarget | { readonly problem: Problem } {
  if (prediction.length === 0)
    return problem(
      'loss/prediction',
      l10n.t(
        'needs one score for each class along the last axis, found a single number per sample. Add a dense layer with one unit for each class.',
      ),
    );
  const axes = prediction.slice(0, -1);
  const classes = prediction[prediction.length - 1];
  const rows = rowsOf(axes);
  if (dataTarget?.type === 'float') {
    if (sizeOf(dataTarget.shape) !== sizeOf(prediction)) return needsClasses(prediction, dataTarget);
    return { classes, rows, target: { type: 'float', shape: prediction } };
  }
  if (dataTarget) {
    if (sizeOf(dataTarget.shape) !== rows.perSample) return wrongCount(axes, dataTarget);
    if (dataTarget.classes !== undefined && dataTarget.classes > classes)
      return problem(
        'loss/classes',
        l10n.t(
          'gives {0}, but the data has {1}. Set the last layer to {2}.',
          counted(classes, 'scores'),
          counted(dataTarget.classes, 'classes'),
          counted(dataTarget.classes, 'units'),
        ),
      );
  }
  return { classes, rows, target: { type: 'int', shape: axes, classes } };
}

function needsClasses(prediction: Shape, found: TargetSpec): { readonly problem: Problem } {
  return problem(
    'loss/target',
    l10n.t(
      'needs class indices, or a share for each class of shape {0}; the data gives values of shape {1}. Use a loss for values such as "meanSquaredError", or data with classes.',
      shapeText(prediction),
      shapeText(found.shape),
    ),
  );
}

function wrongCount(axes: Shape, found: TargetSpec): { readonly problem: Problem } {
  return problem(
    'loss/target',
    l10n.t(
      'predicts a class for {0}, but the data has classes for {1}. Change the layers so that both agree.',
      axes.length === 0 ? l10n.t('each sample') : l10n.t('each cell of {0}', shapeText(axes)),
      found.shape.length === 0 ? l10n.t('each sample') : l10n.t('each cell of {0}', shapeText(found.shape)),
    ),
  );
}

/** How a loss for values reads its target: as values, or as class indices that become `low` and `high`. */
export type ValueReading = 'values' | 'index' | 'oneHot';

/** For losses that compare cell by cell. */
export function valueTarget(
  prediction: Shape,
  dataTarget: TargetSpec | undefined,
): { readonly target: TargetSpec; readonly reading: ValueReading } | { readonly problem: Problem } {
  const cells = sizeOf(prediction);
  if (dataTarget?.type !== 'int') {
    if (dataTarget && sizeOf(dataTarget.shape) !== cells)
      return problem(
        'loss/target',
        l10n.t(
          "predicts values of shape {0}, but the data's target has shape {1}. Change the last layer so that both agree.",
          shapeText(prediction),
          shapeText(dataTarget.shape),
        ),
      );
    return { target: { type: 'float', shape: prediction }, reading: 'values' };
  }
  const { classes = 2, shape } = dataTarget;
  if (sizeOf(shape) === cells && classes <= 2)
    return { target: { type: 'int', shape, classes: 2 }, reading: 'index' };
  const columns = prediction[prediction.length - 1];
  if (classes <= columns && sizeOf(shape) * columns === cells)
    return { target: { type: 'int', shape, classes: columns }, reading: 'oneHot' };
  return problem(
    'loss/target',
    l10n.t(
      'predicts values of shape {0}, but the data has {1} classes for {2}. If these are values of a table, set "task": "regression" in its data. If they are classes, use "softmaxCrossEntropy" and {1} units in the last layer.',
      shapeText(prediction),
      classes,
      shape.length === 0 ? l10n.t('each sample') : l10n.t('each cell of {0}', shapeText(shape)),
    ),
  );
}
