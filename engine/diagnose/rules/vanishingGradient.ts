/** Gradients that shrink on their way back, so that layers near the input hardly learn. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { zeroFraction } from '../../stats/zeroFraction.ts';
import { defineFinding } from '../define.ts';
import { changeType, insertAfter, squashersToRelu, startByHe } from '../fixes.ts';
import { lastCheck, lossShare, type NetworkLook, type TrainingLook } from '../look.ts';
import { behind, judged, squashes } from '../network.ts';
import { comparedPulls } from '../pull.ts';
import { addResidualLinks } from '../residual.ts';
import { deep } from '../samples.ts';

export const vanishingGradient = defineFinding({
  code: 'gradient/vanishing',
  title: 'Vanishing gradient',
  doc: `Layers near the input get far smaller gradients than those near the output, so they hardly learn. Sigmoid and tanh pass at
most 1/4 and 1 of a gradient, and next to nothing where they are saturated; a stack of them multiplies these factors.

The measure is how much a relative change of a layer's weights would change the loss: the norm of their gradient times the
norm of the weights, which does not depend on their scale. The first layer is compared with the later layer that matters most.
Embeddings are not checked: a batch uses few of their rows, and these start small on purpose.

**What helps:** ReLU instead of sigmoid and tanh, with He initialization; batch normalization; skip connections.

Limits: ratios of 1/100 and 1/1000, as in AutoTrainer and torchmortem, while the loss is above a tenth of that of guessing; a warning from the sixth step on, because the first updates change the ratio most.`,
  needs: 'training',
  measures: () => l10n.t('Gradient, relative to that of the last layer'),
  limits: { warn: 1e-2, error: 1e-3, steps: 6, loss: 0.1 },
  holds: 3,
  causes: [
    'data/notScaled',
    'relu/dead',
    'activation/saturated',
    'init/symmetric',
    'init/mismatch',
    'regularization/tooStrong',
    'structure/hiddenSoftmax',
    'output/lossMismatch',
    'batch/tooSmallForBatchNorm',
    'update/tooLarge',
    'loss/diverging',
  ],

  find: (look, { warn, error, steps, loss }) =>
    // Where nearly everything is learned, it does not matter which layers still learn.
    (lossShare(look) < loss ? [] : comparedPulls(look, lastCheck(look).stats)).map(
      ({ layer, loudest, ratio }) => ({
        layer,
        severity:
          ratio < error
            ? ('error' as const)
            : ratio < warn && lastCheck(look).step >= steps
              ? ('warning' as const)
              : undefined,
        evidence: { value: ratio, limit: ratio < error ? error : warn },
        message() {
          const mute = muteBehind(look, layer);
          if (mute.length > 0)
            return l10n.t(
              'its gradient is {0} times that of {1}, so it hardly learns: all outputs of {2} are zero. Lower its threshold, or replace it with a leaky ReLU.',
              formatNumber(ratio),
              loudest,
              listed(mute),
            );
          const guilty = hiddenBehind(look, layer).filter(squashes);
          return guilty.length === 0
            ? l10n.t(
                'its gradient is {0} times that of {1}, so it hardly learns: gradients vanish. Add batch normalization or a skip connection, or use He initialization.',
                formatNumber(ratio),
                loudest,
              )
            : l10n.t(
                'its gradient is {0} times that of {1}, so it hardly learns: gradients vanish in {2}. Use ReLU there.',
                formatNumber(ratio),
                loudest,
                listed(guilty),
              );
        },
      }),
    ),

  fixes: (look, layer) =>
    layer === undefined
      ? []
      : [
          ...muteBehind(look, layer).flatMap(({ name }) => changeType(look, name, 'leakyRelu')),
          ...squashersToRelu(look, hiddenBehind(look, layer)),
          ...addResidualLinks(look, layer),
          ...insertAfter(look, layer, 'batchNorm'),
          ...startByHe(look, startedOtherwise(look, layer)),
        ],

  samples: () => ({
    sick: [deep(6, 'sigmoid')],
    nearMiss: deep(3, 'sigmoid', { optimizer: { type: 'adam', learningRate: 0.0007 }, epochs: 3 }),
    healthy: [deep(6, 'relu'), deep(1, 'sigmoid')],
  }),
});

/** Layers that a layer leads to, without those that a loss judges: their range is chosen for the targets. */
const hiddenBehind = (look: NetworkLook, layer: string): readonly TypedLayer[] => {
  const outputs = judged(look);
  return behind(look.analysis.graph, layer).filter(({ name }) => !outputs.has(name));
};

/** The layer and those behind it whose weights a person could start by another rule. */
const startedOtherwise = (look: NetworkLook, layer: string): readonly TypedLayer[] => {
  const own = look.analysis.graph.byName.get(layer);
  return [...(own ? [own] : []), ...hiddenBehind(look, layer)].filter(({ definition }) =>
    Object.hasOwn(definition.attributes, 'kernelInitializer'),
  );
};

/** Activations after a layer that give only zeros, such as a shrinkage with a threshold beyond all of its inputs. */
const muteBehind = (look: TrainingLook, layer: string): readonly TypedLayer[] =>
  hiddenBehind(look, layer).filter(
    ({ name, definition }) =>
      definition.category === 'activation' &&
      (valueIn(zeroFraction, lastCheck(look).stats[name] ?? {}) ?? 0) > 0.99,
  );

function listed(layers: readonly TypedLayer[]): string {
  const names = layers.map(({ name }) => name);
  return names.length <= 3 ? names.join(', ') : `${names[0]} … ${names[names.length - 1]}`;
}
