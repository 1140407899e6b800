/** A gradient that grows with every step back through time. */
import * as l10n from '@vscode/l10n';
import { gradThroughTime } from '../../layers/recurrent/statistics.ts';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { clipGradients, orthogonalRecurrence, scaleLearningRate } from '../fixes.ts';
import { limitsOf } from '../limits.ts';
import { lastCheck, lossShare } from '../look.ts';
import { chain } from '../samples.ts';
import { largeUpdate } from './largeUpdate.ts';

export const explodingInTime = defineFinding({
  code: 'time/exploding',
  title: 'Gradient explodes in time',
  doc: `The gradient at the first steps of a sequence is many times that at the last step, because the recurrent weights amplify it with each
step back. The update then follows the earliest inputs alone, and is soon too large.

**What helps:** clipped gradients, a smaller or orthogonal recurrent kernel, truncated backpropagation, a lower learning rate.

Not where less than a fifth of the loss of guessing is left: there the gradients of the samples are so different in size that sequences of other lengths, which
count at other steps, decide the ratio.

It is information where the first update changed the layer's weights by three tenths or more although a clipped gradient, or an optimizer that divides by its size, bounds the step: then
the learning rate made the weights that amplify it.

Limits: a factor of 1000 over the sequence.`,
  needs: 'training',
  measures: () => l10n.t('Growth of the gradient over time'),
  limits: { ratio: 1000, learned: 0.2 },
  holds: 2,

  find(look, { ratio, learned }) {
    const { stats } = lastCheck(look);
    const hasLearned = lossShare(look) < learned;
    const { optimizer, clipNorm } = look.training;
    const isBounded = clipNorm !== undefined || !optimizers.get(optimizer.type).followsGradient;
    return look.analysis.graph.layers.flatMap((layer) => {
      const norms = valueIn(gradThroughTime, stats[layer.name] ?? {});
      if (!norms || norms.length < 3 || layer.inferred.output.length > 1) return [];
      // Steps that do not follow the size of a gradient are not too large because of it.
      const firstUpdate = valueIn(updateRatio, look.first?.stats[layer.name] ?? {}) ?? 0;
      const isThrown = isBounded && firstUpdate > limitsOf(largeUpdate, look).first;
      const growth = norms[0] / norms[norms.length - 1];
      return [
        {
          layer: layer.name,
          severity:
            growth > ratio && !hasLearned ? (isThrown ? ('info' as const) : ('warning' as const)) : undefined,
          evidence: { value: growth, limit: ratio },
          message: () =>
            l10n.t(
              'its gradient grows by a factor of {0} from the last time step to the first: it explodes through time. Clip gradients ("clipNorm": 1), or initialize the recurrent weights with smaller values.',
              formatNumber(growth),
            ),
        },
      ];
    });
  },

  fixes: (look, layer) => [
    ...(layer === undefined ? [] : orthogonalRecurrence(look, layer)),
    ...clipGradients(look, 1),
    ...scaleLearningRate(look, 1 / 3),
  ],

  samples: () => ({
    sick: [recurrent({ type: 'normal', std: 0.6 })],
    nearMiss: recurrent({ type: 'normal', std: 0.29 }),
    healthy: [recurrent('orthogonal')],
  }),
});

function recurrent(recurrentInitializer: string | { readonly [key: string]: string | number }) {
  return chain(
    [30, 2],
    {
      memory: {
        type: 'simpleRnn',
        hiddenSize: 24,
        activation: 'relu',
        recurrentInitializer: recurrentInitializer as never,
      },
      sum: { type: 'dense', units: 1 },
    },
    {
      data: { type: 'adding', sequenceLength: 30, samples: 300, testSamples: 100 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      optimizer: { type: 'adam', learningRate: 0.0001 },
      clipNorm: 1,
      batchSize: 50,
      epochs: 2,
    },
  );
}
