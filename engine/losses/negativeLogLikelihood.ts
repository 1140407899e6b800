/** Negative log-likelihood: one class out of several, after a logSoftmax layer. */
import {
  classAttributes,
  counts,
  inferClasses,
  onnxClasses,
  pytorchClasses,
  totalWeight,
} from './classes.ts';
import { defineLoss } from './define.ts';

export const negativeLogLikelihood = defineLoss({
  type: 'negativeLogLikelihood',
  label: 'Negative log-likelihood',
  doc: `For choosing one class out of several from **log-probabilities**, the output of a *logSoftmax* layer.

loss = −x\\[target\\], averaged over samples and time steps. With class weights, the sum is divided by the sum of the weights used.
With raw scores it could fall without limit and the network would learn nothing; use *softmaxCrossEntropy* for those.

[PyTorch: NLLLoss](https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html)`,
  attributes: classAttributes,
  frameworks: {
    pytorch: { name: 'NLLLoss', functional: 'nll_loss', attributes: pytorchClasses },
    onnx: { name: 'NegativeLogLikelihoodLoss', attributes: onnxClasses },
  },
  metrics: ['accuracy'],

  infer({ classWeights }, prediction, dataTarget) {
    return inferClasses(classWeights, prediction, dataTarget);
  },

  reads: () => ({ predictions: 'logProbabilities' }),
  counts: (pass, row) => counts(pass, row),
  total: (pass) => totalWeight(pass),

  compute(pass) {
    const { batch, prediction, target, gradPrediction, scale, constants } = pass;
    const { rows, classes, soft, weights } = constants;
    let sum = 0;
    for (let row = 0; row < batch * rows.perSample; row++) {
      if (!counts(pass, row)) continue;
      for (let c = 0; c < classes; c++) {
        const i = row * classes + c;
        const share = soft ? target.data[i] : target.data[row] === c ? 1 : 0;
        if (share === 0) continue;
        sum -= weights[c] * share * prediction.data[i];
        if (gradPrediction) gradPrediction.data[i] -= scale * weights[c] * share;
      }
    }
    return sum;
  },

  samples: [
    { name: 'class indices', prediction: [4], targets: 'classes' },
    {
      name: 'weighted',
      prediction: [3],
      targets: 'classes',
      attributes: { classWeights: [1, 0.5, 2], ignoreIndex: 0 },
    },
    { name: 'shares', prediction: [3], targets: 'shares' },
    { name: 'over time', prediction: [4, 3], targets: 'classes', lengths: [4, 2, 1] },
  ],
});
