/** A loss that starts far above that of guessing. */
import * as l10n from '@vscode/l10n';
import type { Reading } from '../../losses/define.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { lastCheck, type TrainingLook } from '../look.ts';
import { judged, leadingTo, weightsOf } from '../network.ts';
import { small } from '../samples.ts';

export const initialLoss = defineFinding({
  code: 'loss/initial',
  title: 'The loss starts too high',
  doc: `An untrained network should predict evenly, which gives a loss of ln(classes), or the variance of the values. A network that starts far
above this is confident of wrong answers: the weights of its last layer are too large, or its inputs or targets are not scaled. The first
epochs only undo that.

**What helps:** smaller weights in the last layer; scaled inputs and targets; for unbalanced classes, an output bias that starts from the class frequencies.

Limits: neuro-scope doubts a loss outside 0.5 to 2 times the expected one. Networks with ordinary initialization start up to twice as high, so we warn above 3.`,
  needs: 'training',
  limits: { warn: 3, error: 20 },
  causes: [
    'data/notScaled',
    'data/outliers',
    'data/imbalanced',
    'init/mismatch',
    'output/lossMismatch',
    'structure/dropoutTooHigh',
  ],

  find(look, { warn, error }) {
    if (look.checks.length !== 1) return [];
    const { baseline, floor } = look;
    const expected = readsOnly(look, 'values')
      ? baseline.loss * zeroCost(look)
      : readsOnly(look, 'logValues')
        ? Math.max(baseline.loss, rateOfOne)
        : baseline.loss;
    const ratio = (lastCheck(look).loss - floor) / (expected - floor);
    if (!(expected > floor) || Number.isNaN(ratio)) return [];
    return [
      {
        place: ['training', 'loss'],
        severity: ratio > error ? 'error' : ratio > warn ? 'warning' : undefined,
        evidence: { value: ratio, limit: ratio > error ? error : warn },
        message: () =>
          l10n.t(
            'the loss of the first step is {0}, {1} times that of guessing ({2}): the network starts out confident of wrong answers. Initialize the last layer with smaller weights, or scale the data.',
            formatNumber(lastCheck(look).loss),
            formatNumber(ratio),
            formatNumber(expected),
          ),
      },
    ];
  },

  fixes(look) {
    const last = leadingTo(look.analysis.graph, judged(look)).find((layer) => weightsOf(layer).length > 0);
    return last && Object.hasOwn(last.definition.attributes, 'kernelInitializer')
      ? [
          setAttribute(
            last.name,
            'kernelInitializer',
            { type: 'normal', std: 0.01 },
            l10n.t('Use small initial weights in "{0}"', last.name),
          ),
        ]
      : [];
  },

  samples: {
    sick: [small('relu', {}, { biasInitializer: { type: 'constant', value: 12 } })],
    healthy: [small('relu')],
  },
});

/** Whether all losses read their predictions as these. For values, an untrained network predicts 0, not their mean. */
const readsOnly = ({ analysis }: TrainingLook, predictions: Reading['predictions']): boolean =>
  (analysis.spec.training?.losses ?? []).every(
    ({ type, attributes }) => lossTypes.get(type).reads(attributes).predictions === predictions,
  );

/** What a logarithm of 0 costs as that of a rate: a rate of 1, whatever the counts are. */
const rateOfOne = 1;

/** The loss of predicting 0, as a multiple of the loss of predicting the mean. */
function zeroCost({ data }: TrainingLook): number {
  const squares = data.targets.reduce((sum, { mean, std }) => sum + mean * mean + std * std, 0);
  const variance = data.targets.reduce((sum, target) => sum + target.variance, 0);
  return variance > 0 ? squares / variance : 1;
}
