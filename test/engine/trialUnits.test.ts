/** Numbers of two trainings are compared in one unit, or not at all. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { threadHost } from '../../engine/train/host.ts';
import { compareScores } from '../../engine/trials/compare.ts';
import { tryFix } from '../../engine/trials/trial.ts';
import { coursesInOneUnit } from '../../engine/trials/units.ts';
import { verdictOf } from '../../engine/trials/verdict.ts';
import { builtCourse, ofTargets } from './builtCourse.ts';
import { load } from './wasmHarness.ts';

const folder = 'test/fixtures/faults/sixth';

describe('a fix that keeps the target as it is in the file', () => {
  it('has errors in megapascals, with which those in standard deviations are not compared', async () => {
    const text = readFileSync(`${folder}/broken-specimens.nn.json`, 'utf8');
    const host = () => ({
      ...threadHost,
      folder,
      memoryLimit: 2 ** 28,
      openBackend: () => load('plain'),
    });
    const { helps, verdict } = await tryFix(text, { code: 'data/outliers', steps: 500 }, { host });
    // Without the fix, the network answers with the mean of all specimens, so its error is large in either unit.
    expect(verdict).toMatch(/the test score \(Mean absolute error\) is 1\d\.\d instead of [23]\d\.\d\.$/);
    expect(helps).toBe(true);
  });
});

describe('two trainings whose targets have different units', () => {
  const before = ofTargets(
    'meanSquaredError',
    10,
    { loss: 80, meanAbsoluteError: 8 },
    { loss: 100, meanAbsoluteError: 10 },
  );
  const after = ofTargets(
    'meanSquaredError',
    1,
    { loss: 0.2, meanAbsoluteError: 0.4 },
    { loss: 1, meanAbsoluteError: 1 },
  );

  it('are judged by their losses relative to that of guessing', () => {
    const { judged, worse } = compareScores(before, after);
    expect(judged).toEqual({ score: 'relativeLoss', split: 'test', before: 0.8, after: 0.2 });
    expect(worse).toBe(false);
    const verdict = verdictOf(
      { evidence: {}, cleared: true, eased: false, judged, worse, helps: true },
      after,
    );
    expect(verdict).toBe(
      'The fix clears the finding. After 100 steps, the test loss relative to that of guessing is 20.00\u00a0% instead of 80.00\u00a0%.',
    );
    expect(compareScores(after, before).worse).toBe(true);
  });

  it('are shown with losses relative to guessing, and errors in the unit of the second one', () => {
    const curve = [{ step: 1, loss: 100 }];
    const shown = coursesInOneUnit({ ...before, curve, testCurve: curve }, after);
    expect(shown.before).toMatchObject({
      relative: true,
      curve: [{ step: 1, loss: 1 }],
      testCurve: [{ step: 1, loss: 1 }],
      test: { loss: 0.8, meanAbsoluteError: 0.8 },
    });
    expect(shown.after).toMatchObject({ relative: true, test: { loss: 0.2, meanAbsoluteError: 0.4 } });
  });

  it('are shown as they are where the unit is the same', () => {
    const { train, test } = before;
    expect(coursesInOneUnit(before, before).before).toEqual({
      steps: 100,
      curve: [],
      testCurve: [],
      train,
      test,
    });
  });
});

describe('two trainings with losses of different kinds', () => {
  const squared = builtCourse('meanSquaredError', { loss: 0.5 });
  const absolute = (loss: number) => builtCourse('meanAbsoluteError', { loss });

  it('are not compared if they have no metric in common, and the verdict says so', () => {
    const { judged, worse } = compareScores(squared, absolute(0.7));
    expect([judged, worse]).toEqual([undefined, false]);
    const verdict = verdictOf(
      { evidence: {}, cleared: true, eased: false, judged, worse, helps: true },
      squared,
    );
    expect(verdict).toBe(
      'The fix clears the finding. The losses with and without it are of different kinds, and have no metric in common, so they are not compared.',
    );
  });

  it('are worse if only the second one is worse than guessing', () => {
    expect(compareScores(squared, absolute(1.1)).worse).toBe(true);
  });

  it('are shown relative to guessing', () => {
    expect(coursesInOneUnit(squared, absolute(0.7)).before).toMatchObject({
      relative: true,
      test: { loss: 0.5 },
    });
  });
});
