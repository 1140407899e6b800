/** Updates so large that the weights cannot converge. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { type NetworkStats, valueIn } from '../../stats/define.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { stillFalls } from '../expected.ts';
import { scaleLearningRate } from '../fixes.ts';
import { lastCheck, lossShare, type TrainingLook } from '../look.ts';
import { mixesInputs, weightsOf } from '../network.ts';
import { small } from '../samples.ts';

export const largeUpdate = defineFinding({
  code: 'update/tooLarge',
  title: 'Updates too large',
  doc: `One update changes the weights by a large part of their size, again and again, and the loss does not fall: the learning rate is too
high. The weights jump around the minimum instead of approaching it.

The first steps are not checked, and nothing is reported while the loss falls: small networks learn well with large steps.

**What helps:** a third or a tenth of the learning rate.

Limits: about 0.001 is healthy ([CS231n](https://cs231n.github.io/neural-networks-3/)); torchmortem warns above 0.1. A first update of 30 % of the weights or more is reported from step 20 on, if the loss has not fallen by then.`,
  needs: 'training',
  limits: { warn: 0.1, error: 0.5, loss: 0.9, first: 0.3, late: 20 },
  holds: 3,
  causes: [
    'regularization/tooStrong',
    'structure/dropoutTooHigh',
    'time/exploding',
    'data/outliers',
    'batch/tooSmallForBatchNorm',
    'init/mismatch',
  ],

  find(look, { warn, error, loss, first, late }) {
    const { step, stats } = lastCheck(look);
    const isHigh = lossShare(look) > loss || Number.isNaN(lossShare(look));
    if (step <= 3 || !isHigh || stillFalls(look)) return [];
    // Weights that have grown hide how large the updates were that made them grow.
    const start = step >= late ? largest(look, look.first?.stats ?? {}) : undefined;
    if (start && start.ratio > first)
      return [
        {
          place: ['training', 'optimizer'],
          severity: 'warning',
          evidence: { value: start.ratio, limit: first },
          message: () =>
            l10n.t(
              'the first update changed the weights of {0} by {1} times their size, and the loss has not fallen since: the learning rate is too high.',
              start.layer,
              formatNumber(start.ratio),
            ),
        },
      ];
    const worst = largest(look, stats);
    if (!worst) return [];
    const { ratio } = worst;
    return [
      {
        place: ['training', 'optimizer'],
        severity: ratio > error ? 'error' : ratio > warn ? 'warning' : undefined,
        evidence: { value: ratio, limit: ratio > error ? error : warn },
        message: () =>
          l10n.t(
            'each update changes the weights of {0} by {1} times their size, and the loss does not fall: the learning rate is too high.',
            worst.layer,
            formatNumber(ratio),
          ),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 100)],

  samples: {
    sick: [small('tanh', { optimizer: { type: 'sgd', learningRate: 3 } })],
    nearMiss: small('tanh', { optimizer: { type: 'sgd', learningRate: 1.8 } }),
    healthy: [small('tanh', { optimizer: { type: 'adam', learningRate: 0.02 } })],
  },
});

/** The layer whose weights a step changes most, relative to their size. */
function largest(look: TrainingLook, stats: NetworkStats): { layer: string; ratio: number } | undefined {
  let worst: { layer: string; ratio: number } | undefined;
  for (const layer of look.analysis.graph.layers.filter(mixesInputs)) {
    // Any update of weights of zero is large compared with them.
    if (weightsOf(layer).some(({ spread }) => spread.std === 0)) continue;
    const ratio = valueIn(updateRatio, stats[layer.name] ?? {});
    if (ratio !== undefined && Number.isFinite(ratio) && ratio > (worst?.ratio ?? 0))
      worst = { layer: layer.name, ratio };
  }
  return worst;
}
