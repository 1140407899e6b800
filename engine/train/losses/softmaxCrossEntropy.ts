/** Softmax cross-entropy: one class out of several. */
import * as l10n from '@vscode/l10n';
import { perSample, problem } from '../../layers/define.ts';
import { integer, number, numbers } from '../../spec/attributes.ts';
import { defineLoss, type LossPass } from './define.ts';
import { isReal, type Rows } from './rows.ts';
import { classTarget } from './targets.ts';

type Constants = {
  readonly rows: Rows;
  readonly classes: number;
  /** The target is a share for each class, not a class index. */
  readonly soft: boolean;
  readonly weights: Float64Array;
};

export const softmaxCrossEntropy = defineLoss({
  type: 'softmaxCrossEntropy',
  label: 'Softmax cross-entropy',
  doc: `For choosing **one class out of several**. Takes raw scores (logits), one a class along the last axis, and
applies softmax itself, which is exact where a separate softmax layer would overflow.

loss = −log softmax(x)\\[target\\], averaged over samples and time steps. The gradient is softmax(x) − target.

The target is a class index, or a share for each class. With class weights the mean is divided by the sum of
the weights used. An untrained network starts near log(number of classes).

[PyTorch: CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)`,
  attributes: {
    classWeights: numbers({
      default: [],
      min: 0,
      doc: 'One factor a class, e.g. larger for rare ones. Empty: all 1.',
    }),
    labelSmoothing: number({
      default: 0,
      min: 0,
      below: 1,
      doc: 'Share of the target spread evenly over all classes, against overconfidence. [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567)',
    }),
    ignoreIndex: integer({ default: -100, doc: 'Targets with this class index do not count.' }),
  },
  metrics: ['accuracy'],

  infer({ classWeights }, prediction, dataTarget) {
    const fit = classTarget(prediction, dataTarget);
    if ('problem' in fit) return fit;
    const { classes, rows, target } = fit;
    if (classWeights.length > 0 && classWeights.length !== classes)
      return problem(
        'loss/class-weights',
        l10n.t(
          'classWeights has {0} numbers for {1} classes. Give one a class.',
          classWeights.length,
          classes,
        ),
        'classWeights',
      );
    const weights =
      classWeights.length > 0 ? Float64Array.from(classWeights) : new Float64Array(classes).fill(1);
    const constants: Constants = { rows, classes, soft: target.type === 'float', weights };
    return { target, saved: { probabilities: perSample(...prediction) }, constants };
  },

  /**
   * p = softmax(x) over [R, C]. loss = −Σ a·log p / total, with a the target's shares after smoothing and weights.
   * log p[c] = x[c] − max x + log(max p), because the largest element has p = 1 / Σ exp(x − max x).
   */
  compute(pass) {
    const { batch, kernels, prediction, target, gradPrediction, saved, constants, attributes } = pass;
    const { rows, classes, soft, weights } = constants;
    const x = prediction.data;
    const p = saved.probabilities.data;
    const t = target.data;
    const even = attributes.labelSmoothing / classes;
    const sharp = 1 - attributes.labelSmoothing;
    const count = batch * rows.perSample;
    kernels.softmax(count, classes, x, p);
    const total = totalWeight(pass);
    if (total === 0) return 0;

    let sum = 0;
    for (let row = 0; row < count; row++) {
      if (!counts(pass, row)) continue;
      const start = row * classes;
      let best = 0;
      for (let c = 1; c < classes; c++) if (x[start + c] > x[start + best]) best = c;
      const shift = Math.log(p[start + best]) - x[start + best];
      let mass = 0;
      for (let c = 0; c < classes; c++) {
        const share = soft ? t[start + c] : t[row] === c ? 1 : 0;
        const a = weights[c] * (sharp * share + even);
        if (a === 0) continue;
        mass += a;
        sum -= a * (x[start + c] + shift);
        if (gradPrediction) gradPrediction.data[start + c] -= a / total;
      }
      if (gradPrediction)
        for (let c = 0; c < classes; c++) gradPrediction.data[start + c] += (mass * p[start + c]) / total;
    }
    return sum / total;
  },

  samples: [
    { name: 'class indices', prediction: [4], targets: 'classes' },
    { name: 'shares', prediction: [4], targets: 'shares' },
    { name: 'smoothed shares', prediction: [3], targets: 'shares', attributes: { labelSmoothing: 0.2 } },
    {
      name: 'weighted and smoothed',
      prediction: [3],
      targets: 'classes',
      attributes: { classWeights: [1, 0.5, 2], labelSmoothing: 0.1 },
    },
    { name: 'ignored index', prediction: [3], targets: 'classes', attributes: { ignoreIndex: 1 } },
    { name: 'over time', prediction: [4, 3], targets: 'classes', lengths: [4, 2, 1] },
    { name: 'image of classes', prediction: [2, 2, 3], targets: 'classes' },
  ],
});

type Pass = Pick<
  LossPass<typeof softmaxCrossEntropy.attributes>,
  'attributes' | 'batch' | 'target' | 'lengths'
> & {
  readonly constants: Constants;
};

function counts({ attributes, target, lengths, constants }: Pass, row: number): boolean {
  return (
    isReal(lengths, row, constants.rows) && (constants.soft || target.data[row] !== attributes.ignoreIndex)
  );
}

/** What the sum is divided by: the weights of the target classes, or the number of rows when targets are shares. */
function totalWeight(pass: Pass): number {
  const { soft, weights, rows } = pass.constants;
  let total = 0;
  for (let row = 0; row < pass.batch * rows.perSample; row++)
    if (counts(pass, row)) total += soft ? 1 : weights[pass.target.data[row]];
  return total;
}
