/** Hidden activations in the flat part of their function: hardly any gradient passes. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import type { Severity } from '../../schema/severity.ts';
import { valueIn } from '../../stats/define.ts';
import { saturatedFraction } from '../../stats/saturatedFraction.ts';
import { defineFinding } from '../define.ts';
import { insertAfter, scaleLearningRate, squashersToRelu } from '../fixes.ts';
import { lastCheck } from '../look.ts';
import { lossShareBehind } from '../lossShare.ts';
import { judged, squashes } from '../network.ts';
import { isBypassed } from '../residual.ts';
import { small } from '../samples.ts';

export const saturated = defineFinding({
  code: 'activation/saturated',
  title: 'Saturated activations',
  doc: `Most outputs of a sigmoid or tanh lie near the ends of its range, where its derivative is near 0. The layers before them get no
gradient, whatever the loss. Weights that start too large, inputs that are not scaled, or a learning rate that is too high push them there.

Only hidden layers are checked: the output of a confident prediction is rightly saturated. Nor is a branch with a skip connection around it
reported, because gradients pass beside it.

Where less than a quarter of the loss of guessing is left, saturated activations have not kept the network from learning: they are information.

**What helps:** normalized inputs, Glorot initialization, batch normalization before the activation, a lower learning rate, ReLU.

Limits: more than half of the outputs, as in torchmortem and DeepDiagnosis; near means a derivative below 0.06 for tanh.`,
  needs: 'training',
  measures: () => l10n.t('Share of saturated units'),
  statistic: saturatedFraction,
  limits: { warn: 0.5, error: 0.8, learned: 0.25 },
  holds: 3,
  causes: [
    'data/notScaled',
    'init/mismatch',
    'init/symmetric',
    'activation/notCentred',
    'regularization/tooStrong',
    'output/lossMismatch',
    'batch/tooSmallForBatchNorm',
  ],

  find(look, { warn, error, learned }) {
    const { graph } = look.analysis;
    const { stats } = lastCheck(look);
    const ends = judged(look);
    return graph.layers
      .filter((layer) => squashes(layer) && !ends.has(layer.name) && !isBypassed(look, layer))
      .flatMap(({ name }) => {
        const share = valueIn(saturatedFraction, stats[name] ?? {});
        if (typeof share !== 'number') return [];
        const severity: Severity =
          lossShareBehind(look, name) < learned ? 'info' : share >= error ? 'error' : 'warning';
        return [
          {
            layer: name,
            severity: share >= warn ? severity : undefined,
            evidence: { value: share, limit: share >= error ? error : warn },
            message: () =>
              l10n.t(
                '{0} of its outputs are where the function is flat, so hardly any gradient passes. Normalize its inputs, use ReLU, or lower the learning rate.',
                formatShare(share),
              ),
          },
        ];
      });
  },

  fixes(look, layer) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    if (!typed) return [];
    return [
      ...insertAfter(look, typed.from[0].layer, 'batchNorm'),
      ...squashersToRelu(look, [typed]),
      ...scaleLearningRate(look, 1 / 3),
    ];
  },

  samples: () => ({
    sick: [small('tanh', {}, { biasInitializer: { type: 'constant', value: 4 } })],
    nearMiss: small('tanh', {}, { biasInitializer: { type: 'constant', value: 1.8 } }),
    healthy: [small('tanh'), small('sigmoid', { epochs: 2 })],
  }),
});
