/** Code that losses over classes share: class weights, an ignored index, targets as indices or as a share for each class. */
import * as l10n from '@vscode/l10n';
import { type Problem, problem, type Shape } from '../layers/define.ts';
import { integer, numbers } from '../schema/attributes.ts';
import { as, listOrNull, statedByCall } from '../schema/frameworks.ts';
import { counted } from '../schema/text.ts';
import type { LossPass, TargetSpec } from './define.ts';
import { isReal, type Rows } from './rows.ts';
import { classTarget } from './targets.ts';

/** An index that no target has, as PyTorch has it. */
export const nothingIgnored = -100;

export const classAttributes = {
  classWeights: numbers({
    default: [],
    min: 0,
    doc: 'One factor for each class, e.g. larger for rare ones. Empty: all 1.',
  }),
  ignoreIndex: integer({ default: nothingIgnored, doc: 'Targets with this class index do not count.' }),
};

/** The same in PyTorch's losses over classes. */
export const pytorchClasses = {
  classWeights: listOrNull('weight'),
  ignoreIndex: as('ignore_index', nothingIgnored),
};

/** The same in ONNX's, where weights are an operand, and no class is ignored by default. */
export const onnxClasses = {
  classWeights: statedByCall([]),
  ignoreIndex: as('ignore_index', nothingIgnored),
};

export type ClassConstants = {
  readonly rows: Rows;
  readonly classes: number;
  /** The target is a share for each class, not a class index. */
  readonly soft: boolean;
  readonly weights: Float64Array;
};

export function inferClasses(
  classWeights: readonly number[],
  prediction: Shape,
  dataTarget: TargetSpec | undefined,
): { readonly target: TargetSpec; readonly constants: ClassConstants } | { readonly problem: Problem } {
  const fit = classTarget(prediction, dataTarget);
  if ('problem' in fit) return fit;
  const { classes, rows, target } = fit;
  if (classWeights.length > 0 && classWeights.length !== classes)
    return problem(
      'loss/class-weights',
      l10n.t(
        'classWeights has {0} for {1}. Give one for each class.',
        counted(classWeights.length, 'numbers'),
        counted(classes, 'classes'),
      ),
      'classWeights',
    );
  const weights =
    classWeights.length > 0 ? Float64Array.from(classWeights) : new Float64Array(classes).fill(1);
  return { target, constants: { rows, classes, soft: target.type === 'float', weights } };
}

type Pass = Pick<LossPass<typeof classAttributes>, 'attributes' | 'batch' | 'target' | 'lengths'> & {
  readonly constants: ClassConstants;
};

/** Whether a row lies within its sample's length and its target is not the ignored class. */
export function counts({ attributes, target, lengths, constants }: Pass, row: number): boolean {
  return (
    isReal(lengths, row, constants.rows) && (constants.soft || target.data[row] !== attributes.ignoreIndex)
  );
}

/** The weights of the target classes, or the number of rows when targets are shares. */
export function totalWeight(pass: Pass): number {
  const { soft, weights, rows } = pass.constants;
  let total = 0;
  for (let row = 0; row < pass.batch * rows.perSample; row++)
    if (counts(pass, row)) total += soft ? 1 : weights[pass.target.data[row]];
  return total;
}
