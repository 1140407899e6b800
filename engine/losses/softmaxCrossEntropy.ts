/** Softmax cross-entropy: one class out of several. */
import { perSample } from '../layers/define.ts';
import { number } from '../schema/attributes.ts';
import { as, only, statedByCall } from '../schema/frameworks.ts';
import {
  classAttributes,
  counts,
  inferClasses,
  nothingIgnored,
  onnxClasses,
  pytorchClasses,
  totalWeight,
} from './classes.ts';
import { defineLoss } from './define.ts';

export const softmaxCrossEntropy = defineLoss({
  type: 'softmaxCrossEntropy',
  label: 'Softmax cross-entropy',
  doc: `For choosing **one class out of several**. Takes raw scores (logits) along the last axis, one for each class, and includes the
softmax. This stays accurate where a separate softmax layer would round probabilities to 0 or 1.

loss = −log softmax(x)\\[target\\], averaged over samples and time steps. The gradient is softmax(x) − target.

The target is a class index, or a share for each class. With class weights and indices, the sum is divided by the sum of
the weights used. An untrained network starts near log(number of classes).

[PyTorch: CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)`,
  attributes: {
    ...classAttributes,
    labelSmoothing: number({
      default: 0,
      min: 0,
      below: 1,
      doc: 'Share of the target that is spread evenly over all classes, against overconfidence. [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567)',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'CrossEntropyLoss',
      functional: 'cross_entropy',
      attributes: { ...pytorchClasses, labelSmoothing: as('label_smoothing', 0) },
    },
    keras: [
      {
        name: 'SparseCategoricalCrossentropy',
        required: { from_logits: true },
        attributes: {
          classWeights: statedByCall([]),
          ignoreIndex: as('ignore_class', nothingIgnored),
          labelSmoothing: only(0),
        },
      },
      {
        name: 'CategoricalCrossentropy',
        required: { from_logits: true },
        attributes: {
          classWeights: statedByCall([]),
          ignoreIndex: only(nothingIgnored),
          labelSmoothing: as('label_smoothing', 0),
        },
      },
    ],
    onnx: { name: 'SoftmaxCrossEntropyLoss', attributes: { ...onnxClasses, labelSmoothing: only(0) } },
  },
  metrics: ['accuracy'],

  infer({ classWeights }, prediction, dataTarget) {
    const inferred = inferClasses(classWeights, prediction, dataTarget);
    if ('problem' in inferred) return inferred;
    return { ...inferred, saved: { probabilities: perSample(...prediction) } };
  },

  reads: () => ({ predictions: 'scores' }),
  counts: (pass, row) => counts(pass, row),
  total: (pass) => totalWeight(pass),

  /**
   * p = softmax(x) over [R, C]. Class indices without weights, smoothing or lengths use one fused kernel. Otherwise loss = −Σ a·log
   * p, where a are the target's shares after smoothing and weights. log p[c] = x[c] − max x + log(max p), because the largest
   * element has p = 1 / Σ exp(x − max x).
   */
  compute(pass) {
    const { batch, kernels, prediction, target, gradPrediction, scale, saved, constants, attributes } = pass;
    const { rows, classes, soft, weights } = constants;
    const x = prediction.data;
    const p = saved.probabilities.data;
    const t = target.data;
    const even = attributes.labelSmoothing / classes;
    const sharp = 1 - attributes.labelSmoothing;
    const count = batch * rows.perSample;
    const plain = !pass.lengths && attributes.classWeights.length === 0 && attributes.labelSmoothing === 0;
    if (plain && t instanceof Int32Array) {
      const dx = gradPrediction?.data;
      return kernels.softmaxCrossEntropy(count, classes, attributes.ignoreIndex, scale, x, t, p, dx);
    }
    kernels.softmax({ batch: count, outer: 1, size: classes, inner: 1 }, x, p);
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
        if (gradPrediction) gradPrediction.data[start + c] -= scale * a;
      }
      if (gradPrediction)
        for (let c = 0; c < classes; c++) gradPrediction.data[start + c] += scale * mass * p[start + c];
    }
    return sum;
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
