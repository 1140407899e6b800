/** Binary accuracy: yes-or-no outputs, each judged separately. */
import { number, optional } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { yesNoMisfit } from './classes.ts';
import { defineMetric } from './define.ts';
import { eachCell } from './values.ts';

export const binaryAccuracy = defineMetric({
  type: 'binaryAccuracy',
  label: 'Binary accuracy',
  doc: `Share of outputs on the right side of a threshold, for yes-or-no targets: shares (above 0.5 means yes), classes 0 and 1, or −1 and 1.

[Keras: BinaryAccuracy](https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class)`,
  attributes: {
    threshold: optional(
      number({
        doc: 'Outputs above it mean yes. Default: 0 if the loss takes raw scores, 0.5 for probabilities and values.',
      }),
    ),
  },
  frameworks: { keras: { name: 'BinaryAccuracy', attributes: { threshold: as('threshold', 0.5) } } },
  higherIsBetter: true,
  unit: 'share',
  countsRight: true,
  misfit: yesNoMisfit,
  sums: () => 2,
  add(pass, sums) {
    const threshold = pass.attributes.threshold ?? pass.reading.threshold ?? 0;
    eachCell(pass, (x, t) => {
      // A score that is not a number says neither.
      if (!Number.isNaN(x) && x > threshold === t > 0.5) sums[0]++;
      sums[1]++;
    });
  },
  value: ([right, all]) => right / all,
});
