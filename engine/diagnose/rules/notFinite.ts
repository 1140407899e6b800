/** A number that is NaN or infinite: the training cannot continue. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../../schema/attributes.ts';
import { defineFinding, type NetworkSample } from '../define.ts';
import { clipGradients, isRateUnusual, scaleLearningRate } from '../fixes.ts';
import type { NotFinite } from '../look.ts';

/** The reason that ends the run, without the layer's name. What helps depends on the cause, which the diagnosis names. */
export const notFiniteReason = ({ what, step }: NotFinite): string =>
  what === undefined
    ? l10n.t('the data holds NaN or infinity in the batch of step {0}. Remove or replace such values.', step)
    : l10n.t('NaN or infinity at step {0}, first in its {1}.', step, what);

export const notFinite = defineFinding({
  code: 'numbers/notFinite',
  title: 'Numbers that are not finite',
  doc: `A loss or a gradient became NaN or infinite. The step is run again, value by value, to name the first layer and tensor
in which it appears, and the run ends with the weights of the step before.

The usual cause is a learning rate that is too high, or a gradient that explodes; otherwise a value in the data is not a number.

It is reported beside a loss that does not suit its output only if the learning rate is more than ten times the optimizer's default, or if the data holds such a number.

**What helps:** a lower learning rate, clipped gradients, scaled inputs.`,
  needs: 'training',
  when: 'failure',
  causes: ['output/lossMismatch'],
  limits: {},

  find(look) {
    const { notFinite: found } = look;
    if (!found) return [];
    return [
      {
        layer: found.layer,
        severity: 'error',
        evidence: { value: Number.NaN, limit: Number.POSITIVE_INFINITY },
        // A loss that does not suit its output explains NaN, but not that of steps that are far too long.
        hasOwnCause: found.what === undefined || isRateUnusual(look),
        message: () =>
          found.what === undefined
            ? notFiniteReason(found)
            : l10n.t('{0} Lower the learning rate or set "clipNorm".', notFiniteReason(found)),
      },
    ];
  },

  // Only a person can correct the data.
  fixes: (look) =>
    look.notFinite?.what === undefined ? [] : [...scaleLearningRate(look, 1 / 10), ...clipGradients(look)],

  samples: () => ({
    sick: [spiral(1e30), spiral(1e30, { share: { type: 'sigmoid', from: 'value' } })],
    nearMiss: spiral(1),
    healthy: [spiral(0.01)],
  }),
});

/** With `output` the loss judges the last layer of it, which makes its own function act twice. */
function spiral(learningRate: number, output: { readonly [layer: string]: Json } = {}): NetworkSample {
  return {
    layers: {
      point: { type: 'input', shape: [2] },
      hidden: { type: 'dense', from: 'point', units: 16 },
      relu: { type: 'relu', from: 'hidden' },
      second: { type: 'dense', from: 'relu', units: 16 },
      relu2: { type: 'relu', from: 'second' },
      value: { type: 'dense', from: 'relu2', units: 1 },
      ...output,
    },
    training: {
      data: { type: 'points', pattern: 'spiral', samples: 200, testSamples: 50 },
      loss: { type: 'binaryCrossEntropy', from: Object.keys(output).at(-1) ?? 'value' },
      optimizer: { type: 'sgd', learningRate },
      batchSize: 20,
      epochs: 5,
    },
  };
}
