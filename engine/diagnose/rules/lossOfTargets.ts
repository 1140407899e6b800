/** A loss that does not suit the targets: values for classes, an output that cannot reach them. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { counted } from '../../schema/text.ts';
import type { LossSpec } from '../../spec/document.ts';
import type { TargetSummary } from '../data.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { changeType, removeLayer, type SpecFix, setLoss, setTraining, together } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { lossOf, producerOf, reachOf, sharesOut, targetsFor, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const lossOfTargets = defineFinding({
  code: 'output/lossMismatch',
  title: 'Output and loss do not match',
  doc: `The loss compares classes as if they were values: a squared error between scores and classes pulls all outputs to the class
frequencies, and its gradient is small where a confident prediction is wrong. Or the output layer cannot produce the targets: a
sigmoid never reaches 5, a ReLU or a softplus never −1. Where the loss reads logarithms of rates, an output that is never negative
means a rate that is never below 1. Or the targets are not what the loss is made for, such as counts below zero.

**What helps:** softmaxCrossEntropy for one class of several, binaryCrossEntropy for two classes; no activation after the last layer
of a regression; counts and shares that are not standardized.`,
  needs: 'data',
  limits: {},

  find(look) {
    return (look.analysis.spec.training?.losses ?? []).flatMap((loss, index): Sighting[] => {
      const output = producerOf(look, loss);
      const target = targetsFor(look, loss, index);
      const { predictions } = lossTypes.get(loss.type).reads(loss.attributes);
      if (!output || !target) return [];
      const foreign = foreignTargets(loss, output, target);
      if (foreign.length > 0) return foreign;
      if (predictions === 'logValues') return ratesOutOfReach(output, target);
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
                '{0} compares values, but the targets "{1}" are {2}. Use {3} on the scores.',
                loss.type,
                target.name,
                counted(target.counts?.length ?? 0, 'classes'),
                lossOfClasses(output, target),
              ),
          },
        ];
      const total = target.mean * widthOf(output);
      if (sharesOut(output) && output.definition.produces === 'probabilities' && !(Math.abs(total - 1) < 0.5))
        return [
          {
            layer: output.name,
            severity: 'error',
            evidence: { value: total, limit: 1 },
            message: () =>
              l10n.t(
                'the outputs of a {0} add up to 1, but the targets "{1}" add up to {2}. Remove it.',
                output.spec.type,
                target.name,
                formatNumber(total),
              ),
          },
        ];
      const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = reachOf(output);
      if (!Number.isFinite(least) && !Number.isFinite(most)) return [];
      return [
        {
          layer: output.name,
          severity: isOutOfReach(output, target) ? 'error' : undefined,
          evidence:
            target.max > most + slackOf(target)
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
    if (target && foreignTargets(look.analysis.spec.training!.losses[index], output, target).length > 0)
      return [
        ...(look.analysis.spec.training?.data.attributes.scaleTarget === true
          ? [setTraining(['data', 'scaleTarget'], undefined, l10n.t('Do not standardize the target'))]
          : []),
        ...setLoss(look, index, 'meanSquaredError').map((fix) => withoutBounds(look, output, target, fix)),
      ];
    if (target?.severalTrue) return changeType(look, layer, 'sigmoid');
    // Targets that are values cannot become classes, so the activation that keeps the output from them is removed.
    if (output.definition.category === 'activation' && target?.type === 'float')
      return removeLayer(look, layer);
    // Scores of classes need no function after them: the loss has its own.
    const scores = output.definition.category === 'activation' ? removeLayer(look, layer) : [];
    return setLoss(look, index, lossOfClasses(output, target)).map(({ title, edit }) => ({
      title: [title, ...scores.map((fix) => fix.title)].join('; '),
      edit: together([edit, ...scores.map((fix) => fix.edit)]),
    }));
  },

  samples: () => ({
    sick: [
      small('relu', { loss: { type: 'meanSquaredError', from: 'logits' } }),
      twoClasses('meanSquaredError'),
      regression('sigmoid', 'meanSquaredError', 'regression.csv', 3),
      regression('softplus', 'huber', 'regression.csv', 3, true),
      regression('gelu', 'meanAbsoluteError', 'regression.csv', 3, true),
      regression('softplus', 'poisson', 'counts.csv', 2),
      regression('linear', 'poisson', 'counts.csv', 2, true),
      chain(
        [8, 8, 1],
        {
          pixels: { type: 'flatten' },
          code: { type: 'dense', units: 16 },
          act1: { type: 'relu' },
          drawn: { type: 'dense', units: 64 },
          shares: { type: 'softmax' },
          picture: { type: 'reshape', shape: [8, 8, 1] },
        },
        {
          data: { type: 'shapes', size: 8, target: 'image', samples: 300, testSamples: 60 },
          loss: { type: 'meanSquaredError', from: 'picture' },
          optimizer: { type: 'adam', learningRate: 0.005 },
        },
      ),
    ],
    // It reaches all counts, which it predicts as values.
    nearMiss: regression('softplus', 'huber', 'counts.csv', 2),
    healthy: [
      small('relu'),
      twoClasses('binaryCrossEntropy', { predictions: 'probabilities' }),
      regression('linear', 'poisson', 'counts.csv', 2),
    ],
  }),
});

/** A fix of the loss for targets that the output cannot reach, without the activation that keeps it from them. */
function withoutBounds(look: NetworkLook, output: TypedLayer, target: TargetSummary, fix: SpecFix): SpecFix {
  if (output.definition.category !== 'activation' || !isOutOfReach(output, target)) return fix;
  const both = [fix, ...removeLayer(look, output.name)];
  return { title: both.map(({ title }) => title).join('; '), edit: together(both.map(({ edit }) => edit)) };
}

/** Whether some targets are beyond what an output can be. */
function isOutOfReach(output: TypedLayer, target: TargetSummary): boolean {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = reachOf(output);
  const slack = slackOf(target);
  return target.min < least - slack || target.max > most + slack;
}

/** The loss for classes: one score says yes or no; several choose a class. */
const lossOfClasses = (output: TypedLayer, target: TargetSummary | undefined): string =>
  widthOf(output) === 1 && target?.counts?.length === 2 ? 'binaryCrossEntropy' : 'softmaxCrossEntropy';

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

/** Targets that the loss is not made for: counts below zero, probabilities above 1. */
function foreignTargets(loss: LossSpec, output: TypedLayer, target: TargetSummary): Sighting[] {
  const { targets } = lossTypes.get(loss.type).reads(loss.attributes);
  if (!targets || target.type === 'int') return [];
  const isBelow = target.min < targets.least - slackOf(target);
  const isAbove = target.max > targets.most + slackOf(target);
  if (!isBelow && !isAbove) return [];
  return [
    {
      layer: output.name,
      severity: 'error',
      evidence: isBelow
        ? { value: target.min, limit: targets.least }
        : { value: target.max, limit: targets.most },
      message: () =>
        isBelow
          ? l10n.t(
              'the targets "{0}" range from {1} to {2}, but {3} takes none below {4}. Do not standardize them, or use meanSquaredError.',
              target.name,
              formatNumber(target.min),
              formatNumber(target.max),
              loss.type,
              targets.least,
            )
          : l10n.t(
              'the targets "{0}" range from {1} to {2}, but {3} takes none above {4}. Scale them, or use meanSquaredError.',
              target.name,
              formatNumber(target.min),
              formatNumber(target.max),
              loss.type,
              targets.most,
            ),
    },
  ];
}

/** For a loss that reads the output as the logarithm of a rate: an activation that keeps rates from being as low or as high as the targets. */
function ratesOutOfReach(output: TypedLayer, target: TargetSummary): Sighting[] {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = reachOf(output);
  const [lowest, highest] = [Math.exp(least), Math.exp(most)];
  if (!(lowest > 0) && !Number.isFinite(highest)) return [];
  const isTooLow = target.mean > highest;
  // Where targets are all above the lowest rate, no rate need be lower.
  const isTooHigh = target.min < lowest;
  return [
    {
      layer: output.name,
      severity: isTooLow || target.mean < lowest ? 'error' : isTooHigh ? 'warning' : undefined,
      evidence: isTooLow ? { value: target.mean, limit: highest } : { value: target.min, limit: lowest },
      message: () =>
        isTooLow
          ? l10n.t(
              'the loss reads its outputs as logarithms of rates, and a {0} gives rates of at most {1}, but the targets "{2}" have a mean of {3}. Remove it.',
              output.spec.type,
              formatNumber(highest),
              target.name,
              formatNumber(target.mean),
            )
          : l10n.t(
              'the loss reads its outputs as logarithms of rates, and a {0} gives rates of at least {1}, but the targets "{2}" go down to {3}. Remove it.',
              output.spec.type,
              formatNumber(lowest),
              target.name,
              formatNumber(target.min),
            ),
    },
  ];
}

/** How far targets may exceed a limit, because of rounding and a few extreme values. */
const slackOf = ({ std }: TargetSummary): number => 0.05 * Math.max(1e-9, std);

/** A regression of a table with this activation after its last layer. */
function regression(activation: string, loss: string, file: string, features: number, scaleTarget = false) {
  return chain(
    [features],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      value: { type: 'dense', units: 1 },
      squash: { type: activation },
    },
    {
      data: { type: 'csv', file: `test/fixtures/faults/data/${file}`, task: 'regression', scaleTarget },
      loss: { type: loss, from: 'squash' },
      optimizer: { type: 'adam', learningRate: 0.01 },
      epochs: 10,
    },
  );
}

/** Two classes as one probability. */
function twoClasses(loss: string, settings: { readonly [setting: string]: string } = {}) {
  return chain(
    [2],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      score: { type: 'dense', units: 1 },
      yes: { type: 'sigmoid' },
    },
    { loss: { type: loss, from: 'yes', ...settings } },
  );
}
