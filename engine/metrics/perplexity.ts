/** Perplexity: the number of equally likely choices that would be as uncertain as the network. */
import * as l10n from '@vscode/l10n';
import { classMisfit, trueClass } from './classes.ts';
import { defineMetric } from './define.ts';

export const perplexity = defineMetric({
  type: 'perplexity',
  label: 'Perplexity',
  doc: `exp of the mean of −log softmax(x)\\[target\\]: the number of equally likely choices that would be as hard to predict. Usual for language models.
1 is perfect, and guessing gives the number of classes. Reads raw scores or log-probabilities.

[Jelinek et al., 1977](https://doi.org/10.1121/1.2016299)`,
  attributes: {},
  higherIsBetter: false,
  unit: 'number',

  misfit(judged) {
    const { predictions, threshold } = judged.reading;
    const ofClasses =
      (predictions === 'scores' || predictions === 'logProbabilities') && threshold === undefined;
    return ofClasses
      ? classMisfit(judged)
      : l10n.t('it needs raw scores or log-probabilities, and a loss that chooses one class out of several');
  },

  sums: () => 2,

  add({ rows, counts, prediction, target }, sums) {
    const classes = prediction.shape[prediction.shape.length - 1];
    const x = prediction.data;
    for (let row = 0; row < rows; row++) {
      if (!counts(row)) continue;
      const right = trueClass(target, row, classes);
      if (right < 0) continue;
      const start = row * classes;
      let largest = x[start];
      for (let c = 1; c < classes; c++) largest = Math.max(largest, x[start + c]);
      let total = 0;
      for (let c = 0; c < classes; c++) total += Math.exp(x[start + c] - largest);
      sums[0] += largest + Math.log(total) - x[start + right];
      sums[1]++;
    }
  },

  value: ([sum, count]) => Math.exp(sum / count),
});
