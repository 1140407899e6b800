/** How much better a network with an alternative is than without it, and whether that is certain. */
import { widths } from '../diagnose/growth.ts';
import { isChoice } from '../diagnose/network.ts';
import { commonMetric } from './compare.ts';
import type { Course } from './course.ts';
import { haveOneLoss, inOneUnit, type Judged, metricOf, ofGuessing } from './units.ts';

/** What counts as clearly better. */
const clear = {
  /** The share of the errors, or of the loss, that is gone. */
  gone: 0.25,
  /** The same for a change that makes the network or its training larger, which helps nearly every network a little; and what must be left without it. */
  goneIfLarger: 0.4,
  leftIfLarger: 0.1,
  /** Where not everything can be learned, this part of what has been learned must be learned in addition, and this much of all there is. */
  grown: { share: 0.3, least: 0.05 },
  /** The least gain: of the predictions, or of the loss of guessing. */
  ofPredictions: 0.02,
  ofGuessing: 0.1,
  /** Of a loss, a smaller part of that of guessing is enough where this share of it is gone. */
  nearlyGone: { share: 0.8, ofGuessing: 0.02 },
  /** The least gain in standard errors of a share of the predictions. */
  standardErrors: 3,
};

/** Less than this is left: of the predictions, or of the loss of guessing. */
const nearlyAll = 0.02;

export interface Gain {
  readonly judged: Judged;
  /** The losses, where another score is the criterion and they can be compared. */
  readonly losses?: Judged;
  /** What is left to learn: the share of samples that are wrong, or of the loss of guessing. */
  readonly left: { readonly before: number; readonly after: number };
  /** Less must be left with an alternative that is clearly better; 0 if none can be. */
  readonly limit: number;
  /** Whether the change makes the network or its training larger. */
  readonly isLarger: boolean;
}

/**
 * Whether a network does nearly all there is to do, so that no alternative can be clearly better. So it is where guessing is perfect, and
 * there is nothing to learn.
 */
export const doesNearlyAll = (course: Course): boolean => {
  const { left } = measureOf(course, scoreOf(course, course), splitOf(course));
  return !(left >= nearlyAll);
};

/** Undefined if both have no score in common, or if the training with the change fails. One that fails without it is as good as guessing. */
export function gainOf(before: Course, after: Course): Gain | undefined {
  const score = scoreOf(before, after);
  if (score === undefined || after.failure !== undefined) return undefined;
  const split = splitOf(before);
  const [one, other] = [measureOf(before, score, split), measureOf(after, score, split)];
  const [learned, learnedAfter] = [measureOf(before, score, 'train'), measureOf(after, score, 'train')];
  const isGrown = isLarger(before, after);
  const isCertain = learned.left - learnedAfter.left > chanceOf(learned, learnedAfter);
  const losses = score === 'loss' ? undefined : lossesOf(before, after, split);
  return {
    judged: inOneUnit({ score, split, before: one.value, after: other.value }, { before, after }),
    ...(losses ? { losses } : {}),
    left: { before: one.left, after: other.left },
    limit: limitOf(one, other, isGrown, isCertain),
    isLarger: isGrown,
  };
}

function lossesOf(before: Course, after: Course, split: 'train' | 'test'): Judged | undefined {
  const [one, other] = [before[split]?.loss, after[split]?.loss];
  if (one === undefined || other === undefined || !Number.isFinite(one) || !haveOneLoss(before, after))
    return undefined;
  return inOneUnit({ score: 'loss', split, before: one, after: other }, { before, after });
}

export const isClear = ({ left, limit }: Gain): boolean => limit > 0 && left.after < limit;

/** Whether a network has more units, or fewer that use the parameters of others, or makes more updates. */
const isLarger = (before: Course, after: Course): boolean =>
  unitsIn(after) > unitsIn(before) ||
  sharersIn(after) < sharersIn(before) ||
  updatesOf(after) > updatesOf(before);

const unitsIn = ({ analysis: { graph } }: Course): number =>
  graph.layers
    .flatMap(({ spec }) => widths.map((width) => Number(spec.attributes[width] ?? 0)))
    .reduce((sum, width) => sum + width, 0);

const sharersIn = ({ analysis: { graph } }: Course): number =>
  graph.layers.filter(({ spec }) => spec.common.shares !== undefined).length;

/** The updates of a whole run, for each sample. */
const updatesOf = ({ analysis: { spec } }: Course): number => {
  const { epochs = 0, batchSize = 1, accumulate = 1 } = spec.training ?? {};
  return epochs / (batchSize * accumulate);
};

const splitOf = ({ test }: Course): Judged['split'] => (test ? 'test' : 'train');

/** Without a result, those of guessing. */
const scoresOf = (course: Course, split: Judged['split']) =>
  course.failure === undefined ? (course[split] ?? course.train) : course.baseline;

/** The accuracy of a single choice, otherwise the loss; for losses of different kinds a metric of both. */
function scoreOf(before: Course, after: Course): string | undefined {
  const { losses = [] } = before.analysis.spec.training ?? {};
  const [one, other] = [before, after].map((course) => scoresOf(course, splitOf(before)));
  const accuracy = Object.keys(one).find((name) => name in other && countsRight(name));
  if (losses.length === 1 && isChoice(losses[0]) && accuracy !== undefined) return accuracy;
  return haveOneLoss(before, after) ? 'loss' : commonMetric(one, other);
}

const countsRight = (score: string): boolean => metricOf(score)?.countsRight === true;

interface Measure {
  readonly value: number;
  readonly left: number;
  /** What is left where predictions ignore the input. */
  readonly guessing: number;
  /** The number of predictions, if what is left is a share of them. */
  readonly predictions?: number;
}

function measureOf(course: Course, score = 'loss', split: Judged['split']): Measure {
  const { baseline } = course;
  const value = scoresOf(course, split)[score] ?? Number.NaN;
  const guess = baseline[score];
  if (!Number.isFinite(value)) return { value, left: Number.POSITIVE_INFINITY, guessing: 1 };
  if (score === 'loss') return { value, left: ofGuessing(course, value), guessing: 1 };
  if (countsRight(score)) {
    const predictions = course.predictions[split] ?? course.predictions.train;
    return { value, left: 1 - value, guessing: 1 - (guess ?? 0), predictions };
  }
  const left = metricOf(score)?.higherIsBetter ? (1 - value) / (1 - guess) : value / guess;
  return { value, left, guessing: 1 };
}

/** The difference of two shares of predictions that chance explains; 0 for other scores. */
function chanceOf(...measures: readonly Measure[]): number {
  const variances = measures.map(({ left, predictions }) =>
    predictions === undefined ? 0 : (left * (1 - left)) / predictions,
  );
  return clear.standardErrors * Math.sqrt(variances.reduce((sum, one) => sum + one, 0));
}

/** `isCertain`: training samples, of which there are more, show that it is not chance. */
function limitOf(before: Measure, after: Measure, isGrown: boolean, isCertain: boolean): number {
  const { gone, goneIfLarger, leftIfLarger, grown, ofPredictions, ofGuessing, nearlyGone } = clear;
  if (isGrown && before.left < leftIfLarger) return 0;
  const learned = before.guessing - before.left;
  const more = isGrown || learned <= 0 ? 0 : before.left - Math.max(grown.share * learned, grown.least);
  const most = Math.max(before.left * (1 - (isGrown ? goneIfLarger : gone)), more);
  if (before.predictions === undefined) {
    const nearly = Math.min(before.left * (1 - nearlyGone.share), before.left - nearlyGone.ofGuessing);
    return Math.max(0, Math.min(most, before.left - ofGuessing), nearly);
  }
  const chance = isCertain ? 0 : chanceOf(before, after);
  return Math.max(0, Math.min(most, before.left - ofPredictions, before.left - chance));
}
