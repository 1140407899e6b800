/**
 * One unit for the numbers of two courses. A loss has the unit of its kind and of its target. Where two courses differ in one of them,
 * their losses are relative to that of guessing, and the errors of both are in the unit of the second one's targets.
 */
import { shareOf } from '../diagnose/look.ts';
import type { MetricDefinition } from '../metrics/define.ts';
import { metrics } from '../metrics/registry.ts';
import type { CourseReport, Scores } from '../protocol/events.ts';
import { relativeLoss } from '../stats/scores.ts';
import type { Course } from './course.ts';

/** The criterion for both courses: "loss", "relativeLoss", or a metric if the losses are of different kinds. */
export interface Judged {
  readonly score: string;
  readonly split: 'train' | 'test';
  readonly before: number;
  readonly after: number;
}

/**
 * Whether the losses and their settings are the same, on outputs of the same kind: a loss for probabilities is meaningless on
 * raw scores.
 */
export const haveOneLoss = (before: Course, after: Course): boolean => lossesOf(before) === lossesOf(after);

const lossesOf = ({ analysis: { spec, graph } }: Course): string =>
  (spec.training?.losses ?? [])
    .map(({ type, from, weight, attributes }) => {
      const produces = graph.byName.get(from.layer)?.definition.produces;
      return JSON.stringify([type, produces, weight, attributes]);
    })
    .join();

/** Whether the values to predict are the same numbers: a fix of the data may scale them. Classes have no unit. */
const haveOneTarget = (before: Course, after: Course): boolean => valuesOf(before) === valuesOf(after);

const valuesOf = ({ look: { data } }: Course): string =>
  JSON.stringify(
    data.targets.map(({ type, mean, std, min, max }) => type === 'float' && [mean, std, min, max]),
  );

export const metricOf = (name: string): MetricDefinition | undefined =>
  metrics.find(name.slice(name.lastIndexOf('.') + 1));

/** A score that both have, in one unit. The losses must be of one kind. */
export function inOneUnit(
  { score, split, before, after }: Judged,
  courses: { readonly before: Course; readonly after: Course },
): Judged {
  if (haveOneTarget(courses.before, courses.after)) return { score, split, before, after };
  return score === 'loss'
    ? {
        score: relativeLoss,
        split,
        before: ofGuessing(courses.before, before),
        after: ofGuessing(courses.after, after),
      }
    : { score, split, before: before * unitOf(score, courses.before, courses.after), after };
}

/** The loss relative to that of guessing, in any unit: 1 if nothing was learned, 0 if everything was. */
export const ofGuessing = ({ look, baseline }: Course, loss: number): number =>
  shareOf({ ...look, baseline }, loss);

/**
 * The factor from the unit of an error in one course to that in the other. The errors of predictions that ignore the input differ by it.
 * Shares have no unit.
 */
function unitOf(score: string, from: Course, to: Course): number {
  const metric = metricOf(score);
  if (metric?.unit !== 'number' || metric.higherIsBetter) return 1;
  const factor = (to.baseline[score] ?? 1) / (from.baseline[score] ?? 1);
  return factor > 0 && Number.isFinite(factor) ? factor : 1;
}

/** What two courses show side by side, in one unit. */
export function coursesInOneUnit(
  before: Course,
  after: Course,
): { readonly before: CourseReport; readonly after: CourseReport } {
  const relative = !haveOneLoss(before, after) || !haveOneTarget(before, after);
  return { before: reportIn(after, before, relative), after: reportIn(after, after, relative) };
}

/** The numbers of a course in the unit of another one. */
function reportIn(unit: Course, course: Course, relative: boolean): CourseReport {
  const lossOf = (loss: number) => (relative ? ofGuessing(course, loss) : loss);
  const points = (curve: Course['curve']) => curve.map(({ step, loss }) => ({ step, loss: lossOf(loss) }));
  const scores = (own: Scores): Scores =>
    Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        name === 'loss'
          ? lossOf(value)
          : haveOneTarget(course, unit)
            ? value
            : value * unitOf(name, course, unit),
      ]),
    ) as Scores;
  const { steps, curve, testCurve, train, test, failure } = course;
  return {
    steps,
    curve: points(curve),
    testCurve: points(testCurve),
    train: scores(train),
    ...(test ? { test: scores(test) } : {}),
    ...(relative ? { relative } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}
