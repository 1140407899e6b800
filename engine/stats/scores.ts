/** Loss and metrics as people read them, the same in every view: named as in the registry and the text, shares in per cent. */
import * as l10n from '@vscode/l10n';
import type { MetricDefinition } from '../metrics/define.ts';
import { metrics } from '../metrics/registry.ts';
import { formatNumber } from '../schema/numbers.ts';

/** The loss and metrics of a result, by name. */
interface Scores {
  readonly [name: string]: number;
}

/** A score of one of several losses is called "layer.metric". */
function partsOf(name: string): { readonly layer?: string; readonly metric: MetricDefinition | undefined } {
  const dot = name.lastIndexOf('.');
  return dot < 0
    ? { metric: metrics.find(name) }
    : { layer: name.slice(0, dot), metric: metrics.find(name.slice(dot + 1)) };
}

/** A loss as a share of that of guessing, for losses in different units. Perfect predictions have 0. */
export const relativeLoss = 'relativeLoss';

/** "Loss", "Mean absolute error", "withSigmoid: Accuracy". */
export function scoreLabel(name: string): string {
  if (name === 'loss') return l10n.t('Loss');
  if (name === relativeLoss) return l10n.t('Loss relative to guessing');
  const { layer, metric } = partsOf(name);
  if (!metric) return name;
  return layer === undefined ? metric.label : `${layer}: ${metric.label}`;
}

/** Whether a score is a share, from 0 to 1. */
export const isShareScore = (name: string): boolean =>
  name === relativeLoss || partsOf(name).metric?.unit === 'share';

/** Above this, a loss relative to guessing is a factor instead of a percentage. */
const manyTimes = 10;

/** "96.90 %" for a share, "0.103" for other numbers, "12.5 times" for a loss far above that of guessing. The space never breaks. */
export function formatScore(name: string, value: number, digits = 2): string {
  if (name === relativeLoss && value > manyTimes)
    return l10n.t('{0} times', formatNumber(value)).replaceAll(' ', '\u00a0');
  return isShareScore(name) && Number.isFinite(value)
    ? `${(100 * value).toFixed(digits)}\u00a0%`
    : formatNumber(value);
}

/** The digits with which shares that are `step` apart differ. */
export const digitsFor = (step: number): number =>
  [0, 1].find((digits) => Math.abs(((step * 100 * 10 ** digits + 0.5) % 1) - 0.5) < 1e-6) ?? 2;

/** The name of the loss in a report of one of two trainings. */
export const lossName = ({ relative }: { readonly relative?: boolean | undefined }): string =>
  relative ? relativeLoss : 'loss';

/** "Loss 0.103 · Accuracy 96.90 %". */
export function scoresText(scores: Scores): string {
  return Object.entries(scores)
    .map(([name, value]) => `${scoreLabel(name)} ${formatScore(name, value)}`)
    .join(' · ');
}

/** How a result compares with its baseline: as a guess, or as better predictions, which may still have a higher loss. */
export type Standing = 'guess' | 'highLoss' | 'better';

export function standingOf(scores: Scores, baseline: Scores): Standing {
  if (!beatsBaseline(scores, baseline)) return 'guess';
  return scores.loss > baseline.loss + leastFall * Math.abs(baseline.loss) ? 'highLoss' : 'better';
}

/** A metric that is a share must be better by this much; a loss by this part of itself. */
const leastGain = 0.005;
const leastFall = 0.02;

/**
 * Whether scores are better than the baseline, the scores of predictions that ignore the input. For each loss, its first
 * metric that is a share is compared, otherwise the loss. A network with several losses has learned if each is better.
 */
export function beatsBaseline(scores: Scores, baseline: Scores): boolean {
  const first = new Map<string, string>();
  for (const name of Object.keys(baseline)) {
    const { layer = '', metric } = partsOf(name);
    if (metric?.unit === 'share' && !first.has(layer) && name in scores) first.set(layer, name);
  }
  if (first.size === 0) return scores.loss < baseline.loss - leastFall * Math.abs(baseline.loss);
  // Where all samples are of one class, guessing is perfect, too, and a network that is right about all cannot be better.
  return [...first.values()].every((name) => scores[name] >= 1 || scores[name] > baseline[name] + leastGain);
}
