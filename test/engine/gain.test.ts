/** Gains: which score is judged, and what counts as clearly better, on courses that were not trained. */
import { describe, expect, it } from 'vitest';
import { chain } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Scores } from '../../engine/protocol/events.ts';
import type { Course } from '../../engine/trials/course.ts';
import { doesNearlyAll, gainOf, isClear } from '../../engine/trials/gain.ts';

const analysisOf = (type: string, hidden = 8, training = {}) =>
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
function course(loss: string, test: Scores, more: Partial<Course> = {}): Course {
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
    look: { analysis, training: analysis.spec.training!, baseline, floor: 0 } as Course['look'],
    evidenceOf: () => undefined,
    isSeen: () => false,
    fixesOf: () => [],
    ...more,
  };
}

const yesNo = (scores: Omit<Scores, 'loss'>, more?: Partial<Course>) =>
  course('binaryCrossEntropy', { loss: 0.5, ...scores }, more);
const value = (loss: number, more?: Partial<Course>) => course('meanSquaredError', { loss }, more);

describe('the gain of a change', () => {
  it('of a choice is that of the accuracy, not of a metric that rises if everything is predicted as yes', () => {
    const gain = gainOf(
      yesNo({ recall: 0.5, binaryAccuracy: 0.9 }),
      yesNo({ recall: 1, binaryAccuracy: 0.5 }),
    );
    expect(gain?.judged).toMatchObject({ score: 'binaryAccuracy', before: 0.9, after: 0.5 });
    expect(gain && isClear(gain)).toBe(false);
  });

  it('of a choice without an accuracy, and of values, is that of the loss', () => {
    expect(gainOf(yesNo({ recall: 0.5 }), yesNo({ recall: 1 }))?.judged.score).toBe('loss');
    expect(gainOf(value(0.5), value(0.2))?.judged.score).toBe('loss');
  });

  it('has both losses in the unit that the target has with the change', () => {
    const data = { type: 'csv', file: 'a.csv', target: 'y', task: 'regression' };
    const withTarget = (scaleTarget: boolean, baseline: number) => ({
      analysis: analysisOf('meanSquaredError', 8, { data: { ...data, scaleTarget } }),
      baseline: { loss: baseline },
    });
    const gain = gainOf(value(0.5, withTarget(false, 0.1)), value(1.1, withTarget(true, 1)));
    expect(gain?.judged.before).toBeCloseTo(5, 9);
    expect(gain?.judged.after).toBe(1.1);
  });

  it.each([
    ['a quarter of the loss and a tenth of that of guessing', 0.5, 0.3, false, true],
    ['less than a quarter', 0.5, 0.4, false, false],
    ['three tenths of what has been learned, where not everything can be', 0.8, 0.65, false, true],
    ['less than a twentieth of all there is', 0.97, 0.93, false, false],
    ['less than a tenth of that of guessing', 0.15, 0.06, false, false],
    ['four fifths of less, and a fiftieth of that of guessing', 0.06, 0.01, false, true],
    ['four fifths of hardly anything', 0.021, 0.004, false, false],
    ['two fifths with a larger network', 0.5, 0.29, true, true],
    ['less with a larger network', 0.5, 0.35, true, false],
    ['all that a larger network could gain of little, and more', 0.09, -0.01, true, false],
  ])('that is %s', (_, before, after, isLarger, expected) => {
    const larger = { analysis: analysisOf('meanSquaredError', 16) };
    const gain = gainOf(value(before), value(after, isLarger ? larger : {}));
    expect(gain && isClear(gain)).toBe(expected);
    expect(gain?.limit).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['more units', analysisOf('meanSquaredError', 9), false],
    ['more epochs', analysisOf('meanSquaredError', 8, { epochs: 6 }), false],
    ['smaller batches', analysisOf('meanSquaredError', 8, { batchSize: 10 }), false],
    [
      'another learning rate',
      analysisOf('meanSquaredError', 8, { optimizer: { type: 'adam', learningRate: 0.1 } }),
      true,
    ],
    ['fewer units', analysisOf('meanSquaredError', 4), true],
  ])(
    'must be larger than a quarter with a change that gives it more to learn with: %s',
    (_, analysis, expected) => {
      const gain = gainOf(value(0.5), value(0.35, { analysis }));
      expect(gain && isClear(gain)).toBe(expected);
    },
  );

  it('is unknown if the training with the change fails; one that fails without it is as good as guessing', () => {
    const failed = value(Number.NaN, { failure: 'NaN' });
    expect(gainOf(value(0.5), failed)).toBeUndefined();
    const gain = gainOf(failed, value(0.5));
    expect(gain?.judged).toMatchObject({ score: 'loss', before: 1, after: 0.5 });
    expect(gain && isClear(gain)).toBe(true);
  });
});

describe('a network does nearly all there is to do', () => {
  it.each([
    ['with hardly any loss', value(0.01), true],
    ['not with more', value(0.1), false],
    ['where guessing is perfect', value(0.5, { baseline: { loss: 0 } }), true],
    ['not after a failure', value(Number.NaN, { failure: 'NaN' }), false],
  ])('%s', (_, one, expected) => expect(doesNearlyAll(one)).toBe(expected));
});
