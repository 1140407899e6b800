/** A number that is NaN or infinite: the training cannot continue. */
import * as l10n from '@vscode/l10n';
import { defineFinding, type NetworkSample } from '../define.ts';
import { clipGradients, scaleLearningRate } from '../fixes.ts';
import type { NotFinite } from '../look.ts';

/** Its message, which is also the reason that ends the run. Without the layer's name. */
export const notFiniteMessage = ({ what, step }: NotFinite): string =>
  what === undefined
    ? l10n.t('the data holds NaN or infinity in the batch of step {0}. Remove or replace such values.', step)
    : l10n.t(
        'NaN or infinity at step {0}, first in its {1}. Lower the learning rate or set "clipNorm".',
        step,
        what,
      );

export const notFinite = defineFinding({
  code: 'numbers/notFinite',
  title: 'Numbers that are not finite',
  doc: `A loss or a gradient became NaN or infinite. The step is run again, value by value, to name the first layer and tensor
in which it appears, and the run ends with the weights of the step before.

The usual cause is a learning rate that is too high, or a gradient that explodes; otherwise a value in the data is not a number.

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
        message: () => notFiniteMessage(found),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...clipGradients(look)],

  samples: () => ({ sick: [spiral(1e30)], nearMiss: spiral(1), healthy: [spiral(0.01)] }),
});

function spiral(learningRate: number): NetworkSample {
  return {
    layers: {
      point: { type: 'input', shape: [2] },
      hidden: { type: 'dense', from: 'point', units: 16 },
      relu: { type: 'relu', from: 'hidden' },
      second: { type: 'dense', from: 'relu', units: 16 },
      relu2: { type: 'relu', from: 'second' },
      value: { type: 'dense', from: 'relu2', units: 1 },
    },
    training: {
      data: { type: 'points', pattern: 'spiral', samples: 200, testSamples: 50 },
      loss: { type: 'binaryCrossEntropy', from: 'value' },
      optimizer: { type: 'sgd', learningRate },
      batchSize: 20,
      epochs: 5,
    },
  };
}
