/** The search for what holds a network back: what it proves, what it leaves alone, and that nothing stops it. */
import { describe, expect, it } from 'vitest';
import type { Finding, NetworkSample } from '../../engine/diagnose/define.ts';
import { leak } from '../../engine/diagnose/rules/leak.ts';
import { chain, small } from '../../engine/diagnose/samples.ts';
import type { AttemptReport, TrainingEvent } from '../../engine/protocol/events.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { threadHost } from '../../engine/train/host.ts';
import { moreEpochs } from '../../engine/trials/alternatives/moreEpochs.ts';
import type { CourseHost } from '../../engine/trials/course.ts';
import { Courses } from '../../engine/trials/courses.ts';
import { compareAlternatives, findWhatHoldsBack } from '../../engine/trials/holdsBack.ts';
import { courseHost } from './courseSetting.ts';
import { textOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const points = { type: 'points', samples: 400, testSamples: 200 };
/** One line for a pattern that needs two. */
const straight = chain(
  [2],
  { logits: { type: 'dense', units: 2 } },
  {
    data: { ...points, pattern: 'xor' },
    optimizer: { type: 'adam', learningRate: 0.02 },
    epochs: 20,
  },
);

/** Runs a search. `courses`: what was trained, in order, with its seed. */
async function searched(sample: NetworkSample, memoryLimit = 2 ** 28) {
  const courses: string[] = [];
  const found: Finding[] = [];
  const attempts: AttemptReport[] = [];
  const host = (doing: string): CourseHost => {
    courses.push(doing);
    return courseHost({ memoryLimit });
  };
  const options = {
    onFinding: (finding: Finding) => found.push(finding),
    onAttempt: (attempt: AttemptReport) => attempts.push(attempt),
  };
  const result = await findWhatHoldsBack(textOf(sample), options, { host });
  return { ...result, courses, found, reported: attempts };
}

let first: ReturnType<typeof searched> | undefined;
/** The result for several tests of one search. */
const searchedStraight = () => (first ??= searched(straight));

describe('a search for what holds a network back', () => {
  it('proves one change with two seeds, as information with both numbers and the edit', async () => {
    const { found, fix, verdict, before, after, attempts, reported } = await searchedStraight();
    expect(found).toEqual([
      {
        code: 'structure/noNonlinearity',
        severity: 'info',
        step: 0,
        evidence: { value: expect.any(Number), limit: expect.any(Number) },
        measures: 'What is left to learn, without and with the change',
        message: verdict,
        path: ['layers', 'data'],
        fix,
      },
    ]);
    expect(verdict).toMatch(
      /^One change makes the network clearly better: Add a hidden layer of 32 units after "data"\. Then the test score \(Accuracy\) is \d+\.\d\d\s% instead of \d+\.\d\d\s%, and with another seed \d+\.\d\d\s% instead of \d+\.\d\d\s%\.$/,
    );
    const { value, limit } = found[0].evidence;
    expect(value).toBeCloseTo(1 - before.test!.accuracy, 6);
    expect(limit).toBeCloseTo(1 - after.test!.accuracy, 6);
    expect(reported).toEqual(attempts);
    expect(attempts.filter(({ outcome }) => outcome === 'kept')).toHaveLength(1);
    expect('changes' in applyEdit(textOf(straight), fix!.edit)).toBe(true);
  });

  it('says how many changes were tried where none is clearly better, and trains nothing twice', async () => {
    const noisy = small('relu', {
      data: { ...points, pattern: 'moons', noise: 0.6 },
      optimizer: { type: 'adam', learningRate: 0.01 },
      epochs: 15,
    });
    const { found, fix, verdict, courses, attempts, before, after } = await searched(noisy);
    expect([found, fix, after]).toEqual([[], undefined, before]);
    expect(verdict).toBe(
      `${attempts.length} changes were tried, each alone, and none is clearly better. Two of them may be needed together.`,
    );
    expect(new Set(courses).size).toBe(courses.length);
  });

  it('trains only the network itself if that does nearly all there is to do', async () => {
    const healthy = small('relu', {
      data: { ...points, pattern: 'circles' },
      optimizer: { type: 'adam', learningRate: 0.01 },
      epochs: 20,
    });
    const { courses, attempts } = await searched(healthy);
    expect([courses, attempts]).toEqual([['Training the network as it is'], []]);
  });

  it('tries only a lower learning rate beside a finding whose fix leaves hardly anything to learn', async () => {
    const { found, attempts } = await searched(
      small('relu', {
        data: { ...points, pattern: 'circles' },
        optimizer: { type: 'adam', learningRate: 0.00002 },
        epochs: 20,
      }),
    );
    expect(found.map(({ code }) => code)).toEqual(['update/tooSmall']);
    expect(attempts.map(({ code }) => code).toSorted()).toEqual([
      'update/tooLarge',
      'update/tooLarge',
      'update/tooSmall',
    ]);
  });

  it('names a fault of the optimizer once, by the smallest change', async () => {
    const { found, attempts } = await searched(
      small('relu', {
        data: { ...points, pattern: 'moons', noise: 0.25 },
        optimizer: { type: 'adam', learningRate: 0.01, epsilon: 100 },
        epochs: 40,
      }),
    );
    expect(found.map(({ fix }) => fix?.title)).toEqual(['Remove "epsilon"']);
    expect(attempts.filter(({ outcome }) => outcome === 'dropped').map(({ fix }) => fix.title)).toContain(
      'Use Adam with its default learning rate',
    );
  });

  it('names steps that are too large where they kill units, and proves what a lower rate reaches', async () => {
    const { found } = await searched(
      small('relu', {
        data: { ...points, pattern: 'circles' },
        optimizer: { type: 'adam', learningRate: 0.5 },
        epochs: 20,
      }),
    );
    expect(found.map(({ code, fix }) => [code, fix?.title])).toContainEqual([
      'update/tooLarge',
      expect.stringContaining('learningRate'),
    ]);
  });

  it('compares nothing where the answer is among the inputs', async () => {
    const { courses, verdict } = await searched(leak.samples().sick[0]);
    expect(courses).toHaveLength(1);
    expect(verdict).toBe('The answer is among the inputs, so a better score would prove nothing.');
  });

  it('compares nothing where only a small part of the run could be, and says so', async () => {
    const slow = chain(
      [2],
      {
        wide: { type: 'dense', units: 1500 },
        wide2: { type: 'dense', units: 1500 },
        logits: { type: 'dense', units: 2 },
      },
      { data: { ...points, pattern: 'xor', samples: 4000 }, batchSize: 4, epochs: 20 },
    );
    const { courses, verdict } = await searched(slow);
    expect(courses).toHaveLength(1);
    expect(verdict).toBe(
      'Nothing was compared: the steps of this network take so long that a comparison would end after 110 of 20000.',
    );
  });

  it('finds the same twice', async () => {
    const [one, other] = [await searchedStraight(), await searched(straight)];
    expect(one).toEqual(other);
  });

  it('takes a change that does not fit into memory as one that does not help', async () => {
    // Enough for the network as it is.
    const tight = await searched(straight, 536_000);
    const failed = tight.attempts.filter(({ verdict }) => /cannot be trained/.test(verdict));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ outcome }) => outcome === 'rejected')).toBe(true);
  });

  it('proves the best change with a second seed, however many others there are to try', async () => {
    const pools = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`pool${at}`, { type: 'globalMaxPool', from: 'grid' }]),
    );
    const slow = {
      layers: {
        point: { type: 'input', shape: [2] },
        hidden: { type: 'dense', from: 'point', units: 16 },
        bend: { type: 'relu', from: 'hidden' },
        grid: { type: 'reshape', from: 'bend', shape: [1, 1, 16] },
        ...pools,
        all: { type: 'concat', from: Object.keys(pools) },
        logits: { type: 'dense', from: 'all', units: 2 },
      },
      training: {
        data: { ...points, pattern: 'xor' },
        loss: { type: 'softmaxCrossEntropy', from: 'logits' },
        optimizer: { type: 'adam', learningRate: 1e-7 },
        batchSize: 50,
        epochs: 10,
      },
    };
    const { courses, found } = await searched(slow);
    expect(found.map(({ code }) => code)).toContain('update/tooSmall');
    expect(courses.length).toBeLessThanOrEqual(32);
  });

  it('trains for the epochs that a person asks for, and offers no other number, which would be one for this text', async () => {
    const slow = small('relu', { data: { ...points, pattern: 'xor' }, batchSize: 40, epochs: 50 });
    const events: TrainingEvent[] = [];
    const job = { task: 'compare', text: textOf(slow), folder: '.', epochs: 2 } as const;
    const end = await compareAlternatives(job, {
      ...threadHost,
      openBackend: () => load('plain'),
      emit: (event) => events.push(event),
    });
    expect(end.reason).toBe('finished');
    const compared = events.find((event) => event.event === 'comparison');
    expect(compared).toMatchObject({ before: { steps: 20 } });
    const titles = compared?.event === 'comparison' ? compared.attempts.map(({ fix }) => fix.title) : [];
    expect(titles.length).toBeGreaterThan(1);
    expect(titles.filter((title) => title.includes('epochs'))).toEqual([]);
  });

  it('takes a training that fails as one that guesses, and proves what lets it succeed', async () => {
    const wild = small('relu', {
      data: { ...points, pattern: 'circles' },
      optimizer: { type: 'sgd', learningRate: 1e30 },
      epochs: 20,
    });
    const { found, verdict, before } = await searched(wild);
    expect(before.failure).toMatch(/NaN or infinity/);
    expect(found.map(({ code }) => code)).toContain('update/tooLarge');
    expect(verdict).toMatch(
      /^One change lets the training succeed: .+\. Then the test score \(Accuracy\) is \d+\.\d\d\s%, and with another seed \d+\.\d\d\s%\.$/,
    );
  });

  it('refuses a network whose steps take too long to train it many times', async () => {
    const heavy = chain([3000], {
      big: { type: 'dense', units: 100_000 },
      logits: { type: 'dense', units: 2 },
    });
    await expect(searched(heavy)).rejects.toThrow(/takes too long/);
  });

  it('leads to a network of which it proves nothing more of the kind', async () => {
    const { fix } = await searchedStraight();
    const edited = applyEdit(textOf(straight), fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    const { found } = await searched(JSON.parse(applyChanges(textOf(straight), edited.changes)));
    expect(found).toEqual([]);
  });
});

describe('a course with a change', () => {
  it('runs to the end of a longer run, also where the last batch of an epoch is not full', async () => {
    const host = (): CourseHost => ({
      ...threadHost,
      folder: '.',
      memoryLimit: 2 ** 28,
      openBackend: () => load('plain'),
    });
    const uneven = small('relu', { data: { ...points, samples: 65 }, batchSize: 64, epochs: 4 });
    const courses = new Courses(textOf(uneven), { host });
    const [fix] = moreEpochs.changes((await courses.plain()).look);
    expect(await courses.with(fix)).toMatchObject({ steps: 24, isOver: true });
  });
});
