/** Gains: which score is judged, and what counts as clearly better, on courses that were not trained. */
import { describe, expect, it } from 'vitest';
import type { Scores } from '../../engine/protocol/events.ts';
import type { Course } from '../../engine/trials/course.ts';
import { doesNearlyAll, gainOf, isClear } from '../../engine/trials/gain.ts';
import { notBetterText } from '../../engine/trials/verdict.ts';
import { analysisOf, builtCourse, ofTargets } from './builtCourse.ts';

const yesNo = (scores: Omit<Scores, 'loss'>, more?: Partial<Course>) =>
  builtCourse('binaryCrossEntropy', { loss: 0.5, ...scores }, more);
const value = (loss: number, more?: Partial<Course>) => builtCourse('meanSquaredError', { loss }, more);

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

  it('is described by the loss where the accuracy is the same', () => {
    const after = builtCourse('binaryCrossEntropy', { loss: 0.4, binaryAccuracy: 0.695 });
    const before = yesNo({ binaryAccuracy: 0.695 });
    expect(notBetterText(gainOf(before, after), after)).toMatch(
      /^Not clearly better: the test score \(.+\) is 69\.50\s% with and without it, the test loss is 0\.4\d* instead of 0\.5\d*\.$/,
    );
    expect(notBetterText(gainOf(before, before), before)).toMatch(/ is 69\.50\s% instead of 69\.50\s%\.$/);
  });

  it('is that of the loss relative to guessing where the target has another unit with the change', () => {
    const gain = gainOf(
      ofTargets('meanSquaredError', 0.3, { loss: 0.5 }, { loss: 0.1 }),
      ofTargets('meanSquaredError', 1, { loss: 1.1 }, { loss: 1 }),
    );
    expect(gain?.judged).toEqual({ score: 'relativeLoss', split: 'test', before: 5, after: 1.1 });
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
