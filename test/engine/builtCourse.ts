/** Courses that were not trained, with the numbers that a test needs. */
import { chain } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Scores } from '../../engine/protocol/events.ts';
import type { Course } from '../../engine/trials/course.ts';

export const analysisOf = (type: string, hidden = 8, training = {}) =>
  analyze(
    JSON.stringify({
      format: 1,
      ...chain(
        [2],
        { hidden: { type: 'dense', units: hidden }, out: { type: 'dense', units: 1 } },
        { loss: { type, from: 'out' }, ...training },
      ),
    }),
  );

/** A course of a network with this loss. */
export function builtCourse(loss: string, test: Scores, more: Partial<Course> = {}): Course {
  const analysis = analysisOf(loss);
  const baseline = { loss: 1 };
  return {
    analysis,
    steps: 100,
    isOver: true,
    curve: [],
    testCurve: [],
    train: test,
    test,
    scored: { train: 2000, test: 2000 },
    predictions: { train: 2000, test: 2000 },
    baseline,
    findings: [],
    look: {
      analysis,
      training: analysis.spec.training!,
      baseline,
      floor: 0,
      data: { targets: [] },
    } as unknown as Course['look'],
    evidenceOf: () => undefined,
    isSeen: () => false,
    fixesOf: () => [],
    ...more,
  };
}

/** A course whose targets vary this much, with the loss of guessing that follows for squared errors. */
export function ofTargets(loss: string, std: number, test: Scores, baseline: Scores): Course {
  const course = builtCourse(loss, test, { baseline });
  const target = { type: 'float', mean: 0, std, min: -2 * std, max: 2 * std };
  return { ...course, look: { ...course.look, data: { targets: [target] } } as unknown as Course['look'] };
}
