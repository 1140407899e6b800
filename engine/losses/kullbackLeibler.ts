/** Kullback-Leibler divergence: a whole distribution as the target. */
import { inferClasses } from './classes.ts';
import { defineLoss } from './define.ts';
import { isReal, realRows } from './rows.ts';

export const kullbackLeibler = defineLoss({
  type: 'kullbackLeibler',
  label: 'Kullback–Leibler divergence',
  doc: `How far a predicted distribution is from a **target distribution**, e.g. that of a teacher network. Takes log-probabilities
along the last axis, the output of a *logSoftmax* layer.

loss = Σ t·(log t − x) over classes, averaged over samples and time steps. It is zero only if both distributions agree, and has the
same gradient as the cross-entropy.

[PyTorch: KLDivLoss](https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html) with reduction "batchmean"`,
  attributes: {},
  frameworks: {
    pytorch: {
      name: 'KLDivLoss',
      functional: 'kl_div',
      fixed: { reduction: 'batchmean', log_target: false },
    },
  },
  metrics: ['accuracy'],

  infer(_attributes, prediction, dataTarget) {
    return inferClasses([], prediction, dataTarget);
  },

  reads: () => ({ predictions: 'logProbabilities', targets: { least: 0, most: 1 } }),

  counts: ({ lengths, constants }, row) => isReal(lengths, row, constants.rows),

  total: ({ batch, lengths, constants }) => realRows(lengths, batch, constants.rows),

  compute({ batch, prediction, target, gradPrediction, scale, constants, lengths }) {
    const { rows, classes, soft } = constants;
    let sum = 0;
    for (let row = 0; row < batch * rows.perSample; row++) {
      if (!isReal(lengths, row, rows)) continue;
      for (let c = 0; c < classes; c++) {
        const i = row * classes + c;
        const share = soft ? target.data[i] : target.data[row] === c ? 1 : 0;
        if (share === 0) continue;
        sum += share * (Math.log(share) - prediction.data[i]);
        if (gradPrediction) gradPrediction.data[i] -= scale * share;
      }
    }
    return sum;
  },

  samples: [
    { name: 'shares', prediction: [4], targets: 'shares' },
    { name: 'over time', prediction: [3, 2], targets: 'shares', lengths: [3, 1, 2] },
    { name: 'class indices', prediction: [3], targets: 'classes' },
  ],
});
