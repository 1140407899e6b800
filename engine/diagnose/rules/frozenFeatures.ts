/** Frozen layers at random weights, in a network that does not learn enough. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { unfreezeAll } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { hasWeights, judged, leadingTo } from '../network.ts';
import { chain } from '../samples.ts';

export const frozenFeatures = defineFinding({
  code: 'structure/frozen',
  title: 'Frozen at random weights',
  doc: `Layers are frozen, so they keep the random weights that they start with, and the training loss stays high: the layers that learn
cannot make up for them. Freezing is meant for layers that have learned before.

Where the network learns well with random features, it is information, and nothing where it learns nearly everything.

**What helps:** remove \`"trainable": false\`.

Limits: a training loss above 60 % of that of guessing, or above 5 % for information, when the training ends, and frozen layers for at least half of the layers with weights.`,
  needs: 'training',
  measures: () => l10n.t('Loss, as a share of that of guessing'),
  when: 'epoch',
  causes: ['structure/nothingTrains', 'loss/diverging', 'update/tooLarge', 'numbers/notFinite'],
  limits: { share: 0.6, frozen: 0.5, hint: 0.05 },

  find(look, { share, frozen, hint }) {
    const { graph } = look.analysis;
    const { epochs, isLast } = look;
    if (!isLast) return [];
    const layers = leadingTo(graph, judged(look)).filter(hasWeights);
    const still = layers.filter(({ spec }) => !spec.common.trainable);
    const part = still.length / Math.max(1, layers.length);
    const last = epochs[epochs.length - 1];
    const now = shareOf(look, last.train.loss);
    if (Number.isNaN(now) || part < frozen) return [];
    return [
      {
        layer: still[still.length - 1].name,
        severity: now > share ? 'warning' : now > hint ? 'info' : undefined,
        evidence: { value: now, limit: now > share ? share : hint },
        message: () =>
          l10n.t(
            'random weights are frozen in {0} of the {1} layers with weights, and the training loss is {2} of that of guessing. Remove "trainable": false.',
            still.length,
            layers.length,
            formatShare(now),
          ),
      },
    ];
  },

  fixes: unfreezeAll,

  samples: () => ({ sick: [frozen(3)], nearMiss: frozen(16), healthy: [frozen(64)] }),
});

/** Circles need features that are learned, or many random ones. */
function frozen(units: number) {
  return chain(
    [2],
    {
      dense1: { type: 'dense', units: units, trainable: false },
      act1: { type: 'relu' },
      dense2: { type: 'dense', units: units, trainable: false },
      act2: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    {
      data: { type: 'points', pattern: 'circles', samples: 400, testSamples: 100 },
      optimizer: { type: 'adam', learningRate: 0.02 },
      epochs: 10,
    },
  );
}
