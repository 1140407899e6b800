/** A loss that does not suit the targets: values for classes, an output that cannot reach them. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import type { TargetSummary } from '../data.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { changeType, removeLayer, setLoss, together } from '../fixes.ts';
import { lossOf, producerOf, sharesOut, targetsFor, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const lossOfTargets = defineFinding({
  code: 'output/lossMismatch',
  title: 'Output and loss do not match',
  doc: `The loss compares classes as if they were values: a squared error between scores and classes pulls all outputs to the class
frequencies, and its gradient is small where a confident prediction is wrong. Or the output layer cannot produce the targets: a
sigmoid never reaches 5, a ReLU never −1.

**What helps:** softmaxCrossEntropy for one class of several, binaryCrossEntropy for two classes; no activation after the last layer
of a regression.`,
  needs: 'data',
  limits: {},

  find(look) {
    return (look.analysis.spec.training?.losses ?? []).flatMap((loss, index): Sighting[] => {
      const output = producerOf(look, loss);
      const target = targetsFor(look, loss, index);
      const { predictions } = lossTypes.get(loss.type).reads(loss.attributes);
      if (!output || !target) return [];
      if (predictions === 'logValues') return tooLowRate(output, target);
      if (predictions === 'probabilities') return onlyOneTrue(output, target);
      if (predictions !== 'values') return [];
      const isClass = target.type === 'int' && (target.counts?.length ?? 0) > 1;
      if (isClass)
        return [
          {
            layer: output.name,
            severity: 'warning',
            evidence: { value: target.counts?.length ?? 0, limit: 1 },
            message: () =>
              l10n.t(
                '{0} compares values, but the targets "{1}" are {2} classes. Use softmaxCrossEntropy on the scores.',
                loss.type,
                target.name,
                target.counts?.length ?? 0,
              ),
          },
        ];
      const range = rangeOf(output);
      if (!range) return [];
      const { least, most } = range;
      const slack = 0.05 * Math.max(1e-9, target.std);
      const isOut = target.min < least - slack || target.max > most + slack;
      return [
        {
          layer: output.name,
          severity: isOut ? 'error' : undefined,
          evidence:
            target.max > most + slack
              ? { value: target.max, limit: most }
              : { value: target.min, limit: least },
          message: () =>
            l10n.t(
              'the targets "{0}" range from {1} to {2}, which a {3} cannot produce. Remove it, or scale the targets.',
              target.name,
              formatNumber(target.min),
              formatNumber(target.max),
              output.spec.type,
            ),
        },
      ];
    });
  },

  fixes(look, layer) {
    const output = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    if (!output || layer === undefined) return [];
    const index = lossOf(look, layer);
    if (index < 0) return [];
    const target = targetsFor(look, look.analysis.spec.training!.losses[index], index);
    if (target?.severalTrue) return changeType(look, layer, 'sigmoid');
    // Values cannot become classes: what keeps the output from them goes.
    const isValue = target?.type === 'float' || widthOf(output) === 1;
    if (output.definition.category === 'activation' && isValue) return removeLayer(look, layer);
    // Scores of classes need no function after them: the loss has its own.
    const scores = output.definition.category === 'activation' ? removeLayer(look, layer) : [];
    return setLoss(look, index, 'softmaxCrossEntropy').map(({ title, edit }) => ({
      title: [title, ...scores.map((fix) => fix.title)].join('; '),
      edit: together([edit, ...scores.map((fix) => fix.edit)]),
    }));
  },

  samples: {
    sick: [
      small('relu', { loss: { type: 'meanSquaredError', from: 'logits' } }),
      chain(
        [3],
        {
          dense1: { type: 'dense', units: 16 },
          act1: { type: 'relu' },
          value: { type: 'dense', units: 1 },
          squash: { type: 'sigmoid' },
        },
        {
          data: { type: 'csv', file: 'test/fixtures/faults/data/regression.csv', task: 'regression' },
          loss: { type: 'meanSquaredError', from: 'squash' },
          optimizer: { type: 'adam', learningRate: 0.01 },
          epochs: 5,
        },
      ),
    ],
    healthy: [small('relu')],
  },
});

/** Labels of which several can be true, and outputs that add up to 1. */
function onlyOneTrue(output: TypedLayer, target: TargetSummary): Sighting[] {
  if (!sharesOut(output) || widthOf(output) < 2) return [];
  return [
    {
      layer: output.name,
      severity: target.severalTrue ? 'warning' : undefined,
      evidence: { value: 1, limit: 0 },
      message: () =>
        l10n.t(
          'the outputs of a {0} add up to 1, but several labels of "{1}" can be true at once. Use a sigmoid.',
          output.spec.type,
          target.name,
        ),
    },
  ];
}

/** Where a loss reads the output as the logarithm of a rate: one that an activation keeps below the mean of the targets. */
function tooLowRate(output: TypedLayer, target: TargetSummary): Sighting[] {
  const most = Math.exp(rangeOf(output)?.most ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(most)) return [];
  return [
    {
      layer: output.name,
      severity: target.mean > most ? 'error' : undefined,
      evidence: { value: target.mean, limit: most },
      message: () =>
        l10n.t(
          'the loss reads its outputs as logarithms of rates, and a {0} gives rates of at most {1}, but the targets "{2}" have a mean of {3}. Remove it.',
          output.spec.type,
          formatNumber(most),
          target.name,
          formatNumber(target.mean),
        ),
    },
  ];
}

/** The range of an activation; undefined if it is unbounded. */
function rangeOf({ definition }: TypedLayer): { readonly least: number; readonly most: number } | undefined {
  const { category, canDie, produces, saturationBounds } = definition;
  if (category !== 'activation') return undefined;
  if (produces === 'probabilities') return { least: 0, most: 1 };
  if (produces === 'logProbabilities') return { least: Number.NEGATIVE_INFINITY, most: 0 };
  const low = canDie ? 0 : saturationBounds?.low;
  if (low === undefined) return undefined;
  const { high = Number.POSITIVE_INFINITY } = saturationBounds ?? {};
  // Saturation bounds are just inside of the limit of the function: 0.985 for a sigmoid, 5.999999 for relu6.
  return { least: low < 0 ? -1 : 0, most: Math.ceil(high) };
}
