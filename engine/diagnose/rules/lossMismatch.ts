/** An output layer that does not produce what the loss expects. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import type { LossSpec } from '../../spec/document.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { changeType, insertAfter, removeLayer, setAttribute } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { isChoice, lossOf, producerOf, reachOf, sharesOut, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const lossMismatch = defineFinding({
  code: 'output/lossMismatch',
  title: 'Output and loss do not match',
  doc: `A loss expects scores, probabilities, logarithms of probabilities, or values, and an output layer produces one of these. Where they
differ, training runs, but on the wrong numbers: a softmax before a loss that applies softmax itself makes every answer nearly
uniform, so gradients are small and accuracy stays low; scores read as probabilities give logarithms of negative numbers.

A softmax over a single unit is always 1, so nothing is learned at all. One over another axis than the last, such as time, gives shares of the wrong whole: the loss reads the
classes along the last axis.

A ReLU before such a loss is the same kind of mistake: scores below zero are lost, and a sample whose scores are all zero gets
no gradient.

**What helps:** remove the softmax or sigmoid where the loss applies its own; add it where the loss expects probabilities.`,
  needs: 'static',
  limits: {},

  find: (look) =>
    (look.analysis.spec.training?.losses ?? []).flatMap((loss) => {
      const wrong =
        alwaysOne(look, loss) ??
        acrossOtherAxis(look, loss) ??
        mismatch(look, loss) ??
        spoiltScores(look, loss);
      return wrong ? [wrong] : [];
    }),

  fixes(look, layer) {
    const index = lossOf(look, layer);
    if (layer === undefined) return [];
    if (index < 0) return removeLayer(look, layer);
    const loss = look.analysis.spec.training!.losses[index];
    if (acrossOtherAxis(look, loss))
      return [setAttribute(layer, 'axis', undefined, l10n.t('Remove "{0}" of "{1}"', 'axis', layer))];
    const { predictions } = lossTypes.get(loss.type).reads(loss.attributes);
    if (predictions === 'scores') return removeLayer(look, layer);
    if (predictions === 'values' || predictions === 'logValues') return removeLayer(look, layer);
    const wanted = predictions === 'logProbabilities' ? 'logSoftmax' : 'sigmoid';
    // After another activation, its scores would be spoilt.
    const isActivation = producerOf(look, loss)?.definition.category === 'activation';
    return isActivation ? changeType(look, layer, wanted) : insertAfter(look, layer, wanted);
  },

  samples: () => ({
    sick: [
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        scores: { type: 'dense', units: 2 },
        probabilities: { type: 'softmax' },
      }),
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'tanh' },
        scores: { type: 'dense', units: 2 },
        act2: { type: 'relu' },
      }),
      chain(
        [2],
        {
          dense1: { type: 'dense', units: 16 },
          act1: { type: 'relu' },
          score: { type: 'dense', units: 1 },
          yes: { type: 'softmax' },
        },
        { loss: { type: 'binaryCrossEntropy', predictions: 'probabilities', from: 'yes' } },
      ),
      small('relu', { loss: { type: 'negativeLogLikelihood', from: 'logits' } }),
      small('relu', { loss: { type: 'binaryCrossEntropy', predictions: 'probabilities', from: 'logits' } }),
      yesOrNo('elu', { type: 'binaryCrossEntropy' }),
      yesOrNo('tanh', { type: 'binaryCrossEntropy', predictions: 'probabilities' }),
      yesOrNo('softplus', { type: 'hinge' }),
      overTime(),
    ],
    // The hinge loss needs a margin of 1 only.
    nearMiss: yesOrNo('tanh', { type: 'hinge' }),
    healthy: [
      small('relu'),
      chain(
        [2],
        {
          dense1: { type: 'dense', units: 16 },
          act1: { type: 'relu' },
          scores: { type: 'dense', units: 2 },
          logs: { type: 'logSoftmax' },
        },
        { loss: { type: 'negativeLogLikelihood', from: 'logs' } },
      ),
    ],
  }),
});

/** Tags of brackets as shares of the steps. */
function overTime() {
  return chain(
    [12],
    {
      symbols: { type: 'embedding', vocabularySize: 8, units: 8 },
      memory: { type: 'gru', hiddenSize: 8, returnSequences: true },
      scores: { type: 'dense', units: 3 },
      logs: { type: 'logSoftmax', axis: 1 },
    },
    {
      data: { type: 'brackets', target: 'matched', sequenceLength: 12, samples: 200, testSamples: 40 },
      loss: { type: 'negativeLogLikelihood', from: 'logs' },
      epochs: 2,
    },
  );
}

function yesOrNo(activation: string, loss: { readonly type: string; readonly predictions?: string }) {
  return chain(
    [2],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      score: { type: 'dense', units: 1 },
      last: { type: activation },
    },
    { loss: { ...loss, from: 'last' } },
  );
}

/** Nothing is measured: the text alone shows it. */
const sightingIn = (
  { name }: TypedLayer,
  severity: 'error' | 'warning',
  message: () => string,
): Sighting => ({ layer: name, severity, evidence: { value: 1, limit: 0 }, message });

/** A softmax over one unit: 1 whatever the network computes. */
function alwaysOne(look: NetworkLook, loss: LossSpec): Sighting | undefined {
  const output = producerOf(look, loss);
  if (!output || widthOf(output) > 1 || !sharesOut(output)) return undefined;
  return sightingIn(output, 'error', () =>
    l10n.t(
      'a {0} over a single unit always gives the same output, so nothing can be learned. Replace it with a sigmoid for two classes, or remove it to predict values.',
      output.spec.type,
    ),
  );
}

/** A softmax that adds up to 1 along another axis than that of the classes. */
function acrossOtherAxis(look: NetworkLook, loss: LossSpec): Sighting | undefined {
  const output = producerOf(look, loss);
  const axis = output?.inferred.constants?.axis;
  const isOther = typeof axis === 'number' && axis !== output!.inferred.output.length - 1;
  if (!output || !isOther || !sharesOut(output) || !isChoice(loss)) return undefined;
  return sightingIn(output, 'error', () =>
    l10n.t(
      'its shares add up along axis {0}, but {1} reads the classes along the last axis. Remove "axis".',
      axis + 1,
      loss.type,
    ),
  );
}

function mismatch(look: NetworkLook, loss: LossSpec): Sighting | undefined {
  const output = producerOf(look, loss);
  if (!output || loss.from.output !== undefined) return undefined;
  const { definition } = output;
  const { predictions } = lossTypes.get(loss.type).reads(loss.attributes);
  const { type } = output.spec;
  const found = (severity: 'error' | 'warning', message: () => string) =>
    sightingIn(output, severity, message);
  if (predictions === 'scores') {
    if (definition.produces !== undefined)
      return found('error', () =>
        l10n.t(
          '{0} takes scores and applies its own function to them, but a {1} gives {2}. Remove it.',
          loss.type,
          type,
          words(definition.produces),
        ),
      );
    if (definition.canDie)
      return found('warning', () =>
        l10n.t(
          '{0} takes scores of either sign, but a {1} passes only those above zero. Remove it.',
          loss.type,
          type,
        ),
      );
    if (isCramped(output, loss))
      return found('warning', () =>
        l10n.t(
          '{0} takes scores of any size, but a {1} bounds them, so no prediction can be certain. Remove it.',
          loss.type,
          type,
        ),
      );
    return undefined;
  }
  if (predictions === 'values' || predictions === 'logValues') return undefined;
  const isLogarithm = definition.produces === 'logProbabilities';
  if (predictions === 'logProbabilities')
    return isLogarithm
      ? undefined
      : found('error', () =>
          l10n.t(
            '{0} takes logarithms of probabilities, but a {1} gives {2}. Add a logSoftmax, or use softmaxCrossEntropy.',
            loss.type,
            type,
            words(definition.produces),
          ),
        );
  const { least = -1, most = 2 } = reachOf(output);
  const inRange = definition.produces === 'probabilities' || (least >= 0 && most <= 1);
  return inRange
    ? undefined
    : found('error', () =>
        l10n.t(
          '{0} takes probabilities, but a {1} gives {2}. Add a sigmoid, or let the loss take logits.',
          loss.type,
          type,
          words(definition.produces),
        ),
      );
}

/** A ReLU, or another softmax, right before the softmax or sigmoid that makes probabilities of its scores. */
function spoiltScores(look: NetworkLook, loss: LossSpec): Sighting | undefined {
  const output = producerOf(look, loss);
  if (output?.definition.produces === undefined) return undefined;
  const scores = look.analysis.graph.byName.get(output.from[0].layer);
  if (scores?.definition.produces !== undefined)
    return sightingIn(scores, 'error', () =>
      l10n.t(
        '{0} takes scores, but a {1} gives {2}, so its outputs are nearly uniform. Remove it.',
        output.name,
        scores.spec.type,
        words(scores.definition.produces),
      ),
    );
  const isOneSided = scores && !sharesOut(output) && isCramped(scores, loss);
  if (!scores || !(scores.definition.canDie || isOneSided)) return undefined;
  return sightingIn(scores, 'warning', () =>
    scores.definition.canDie
      ? l10n.t(
          '{0} takes scores of either sign, but a {1} passes only those above zero. Remove it.',
          output.name,
          scores.spec.type,
        )
      : l10n.t(
          '{0} takes scores of any size, but a {1} bounds them, so no prediction can be certain. Remove it.',
          output.name,
          scores.spec.type,
        ),
  );
}

/** A score from which on a prediction is certain: the sigmoid of 5 is 0.993. */
const certain = 5;

/**
 * Whether an activation keeps scores from being certain. Scores of yes or no must reach far enough on both sides of 0; among scores
 * of classes only their differences count.
 */
function isCramped(layer: TypedLayer, { type, attributes }: LossSpec): boolean {
  const { threshold, targets } = lossTypes.get(type).reads(attributes);
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = reachOf(layer);
  if (threshold === undefined) return most - least < 2 * certain;
  // A margin of 1 is enough for the hinge loss, whose targets are −1 and 1.
  const enough = targets && targets.least < 0 ? targets.most : certain;
  return least > -enough || most < enough;
}

const words = (produces: 'probabilities' | 'logProbabilities' | undefined): string =>
  produces === 'probabilities'
    ? l10n.t('probabilities')
    : produces === 'logProbabilities'
      ? l10n.t('logarithms of probabilities')
      : l10n.t('any numbers');
