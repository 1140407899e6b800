/** Binary accuracy: yes-or-no outputs, each judged on its own. */
import { sizeOf } from '../layers/define.ts';
import { number } from '../schema/attributes.ts';
import { defineMetric } from './define.ts';
import { eachCell } from './values.ts';

export const binaryAccuracy = defineMetric({
  type: 'binaryAccuracy',
  label: 'Binary accuracy',
  doc: `Share of outputs on the right side of a threshold, for yes-or-no targets: shares (yes is above 0.5), classes 0 and 1, or −1 and 1.

[Keras: BinaryAccuracy](https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class)`,
  attributes: {
    threshold: number({
      default: 0,
      doc: 'Above it an output says yes: 0 for raw scores, 0.5 for probabilities.',
    }),
  },
  higherIsBetter: true,
  unit: 'share',
  fits: ({ type, shape, classes = 2 }, prediction) =>
    sizeOf(shape) === sizeOf(prediction) && (type === 'float' || classes <= 2),
  sums: () => 2,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      if (x > pass.attributes.threshold === t > 0.5) sums[0]++;
      sums[1]++;
    }),
  value: ([right, all]) => right / all,
});
