/** Fixes on trial: two courses from one seed can be compared, a fix that helps is kept, and a repair can be repeated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../engine/diagnose/define.ts';
import { plateau } from '../../engine/diagnose/rules/plateau.ts';
import { deep } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { AttemptReport } from '../../engine/protocol/events.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { compare } from '../../engine/trials/compare.ts';
import { type Course, type CourseHost, runCourse } from '../../engine/trials/course.ts';
import { lastResorts } from '../../engine/trials/remedies.ts';
import { byNovelty, countsText, repairNetwork } from '../../engine/trials/repair.ts';
import { tryFix } from '../../engine/trials/trial.ts';
import { setting } from './courseSetting.ts';
import { runOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

interface Sick {
  readonly rate?: string;
  readonly output?: string;
  readonly data?: string;
}

const network = ({ rate = '0.02', output = 'scores', data = '"type": "points"' }: Sick = {}): string => `{
  // Kept.
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "bend": { "type": "tanh", "from": "hidden" }, // Kept, too.
    "scores": { "type": "dense", "from": "bend", "units": 2 },
    "answer": { "type": "softmax", "from": "scores" }
  },
  "training": {
    "data": { ${data}, "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "${output}" },
    "optimizer": { "type": "adam", "learningRate": ${rate} },
    "batchSize": 20,
    "epochs": 10
  }
}
`;

const course = (text: string, steps: number): Promise<Course> =>
  runCourse(text, { least: steps, most: steps }, setting.host());
/** A course as plain data, without the parts that cannot be compared. */
const plain = (one: Course) => JSON.parse(JSON.stringify({ ...one, analysis: undefined, look: undefined }));
const repaired = (text: string) => repairNetwork(text, { steps: 60 }, setting);

describe('a course', () => {
  it('has the losses of a run with the same seed, as far as it goes', async () => {
    const { curve, steps, testCurve, train, test } = await course(network(), 25);
    expect([steps, curve.length]).toEqual([25, 25]);
    const events = await runOf(network());
    const epoch = events.find((event) => event.event === 'epoch');
    const mean = curve.slice(0, 10).reduce((sum, { loss }) => sum + loss, 0) / 10;
    expect(mean).toBeCloseTo(epoch!.train.loss, 6);
    expect(testCurve.slice(0, 1)).toEqual([{ step: 10, loss: epoch!.test!.loss }]);
    expect(train.loss).toBeLessThan(curve[0].loss);
    expect(test?.accuracy).toBeGreaterThan(0);
  });

  it('is the same twice, and ends with its training', async () => {
    const [one, other] = [await course(network(), 1000), await course(network(), 1000)];
    expect(one.steps).toBe(100);
    expect(plain(one)).toEqual(plain(other));
  });

  it('continues until what it is run for appears, within its limits', async () => {
    const long = { least: 15, most: 40, isEnough: (found: readonly Finding[]) => found.length > 0 };
    expect((await runCourse(network(), long, setting.host())).steps).toBe(40);
    const sick = network({ output: 'answer' });
    expect((await runCourse(sick, long, setting.host())).steps).toBe(15);
  });

  it('says at which step and why it failed', async () => {
    const { steps, failure, train, findings } = await course(network({ rate: '1e38' }), 100);
    expect(failure).toMatch(/NaN or infinity/);
    expect(steps).toBeLessThan(100);
    expect(train.loss).toBeNaN();
    expect(findings.map(({ code }) => code)).toContain('numbers/notFinite');
  });
});

describe('a fix on trial', () => {
  it('is compared with the network as it is: evidence, training loss and test loss', async () => {
    const sick = network({ rate: '1e-9' });
    const { before, after, helps, verdict, fix, steps } = {
      steps: 60,
      ...(await tryFix(sick, { code: 'update/tooSmall', steps: 60 }, setting)),
    };
    expect(helps).toBe(true);
    expect(fix.title).toBe('Set "learningRate" to 0.001');
    expect([before.steps, after.steps]).toEqual([steps, steps]);
    expect(before.evidence!.value).toBeLessThan(before.evidence!.limit);
    expect(after.evidence!.value).toBeGreaterThan(after.evidence!.limit);
    expect(after.train.loss).toBeLessThan(before.train.loss);
    expect(after.test!.loss).toBeLessThan(before.test!.loss);
    expect(verdict).toMatch(
      /^The fix clears the finding\. After 60 steps, the test loss is 0\.\d+ instead of 0\.\d+\.$/,
    );
  });

  it('names other findings if the requested one does not appear', async () => {
    const wanted = { code: 'relu/dead', steps: 20 };
    await expect(tryFix(network(), wanted, setting)).rejects.toThrow(
      'relu/dead does not appear within 20 steps, so there is nothing to fix.',
    );
    await expect(tryFix(network({ output: 'answer' }), wanted, setting)).rejects.toThrow(
      'relu/dead does not appear within 20 steps. What appears is output/lossMismatch.',
    );
  });
});

describe('a finding that cannot be', () => {
  const untouched = {
    host: () => {
      throw new Error('nothing is trained');
    },
  };

  it.each([
    [{ code: 'relu/daed' }, 'there is no finding "relu/daed". Did you mean relu/dead?'],
    [{ code: 'relu' }, 'there is no finding "relu". Did you mean relu/dead?'],
    [{ code: 'upate/small' }, /Did you mean update\/.*update\/tooSmall/],
    [{ code: 'qqqqqq' }, 'there is no finding "qqqqqq".'],
    [{ code: 'relu/dead', layers: ['bned'] }, 'there is no layer "bned". Did you mean bend?'],
    [{ code: 'relu/dead', layers: ['q'] }, 'The layers are point, hidden, bend, scores, answer.'],
  ])('is refused before anything is trained: %j', (wanted, message) =>
    expect(tryFix(network(), wanted, untouched)).rejects.toThrow(message),
  );
});

describe('what is compared', () => {
  const plain = {
    analysis: analyze(network()),
    steps: 60,
    isOver: true,
    curve: [],
    testCurve: [],
    scored: { train: 200, test: 50 },
    predictions: { train: 200, test: 50 },
    baseline: { loss: 1, accuracy: 0.5 },
    findings: [],
    look: { data: { targets: [] } } as unknown as Course['look'],
    evidenceOf: () => undefined,
    isSeen: () => false,
    fixesOf: () => [],
  };
  const scored = (loss: number, accuracy = 0.5, more: Partial<Course> = {}): Course => ({
    ...plain,
    train: { loss, accuracy },
    test: { loss, accuracy },
    ...more,
  });
  const finding = (value: number, limit: number): Finding => ({
    code: 'relu/dead',
    layer: 'bend',
    severity: 'error',
    step: 10,
    evidence: { value, limit },
    message: '',
    path: [],
  });

  it('is never worth keeping when the loss rises, however far the evidence falls', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.double({ min: 1.1, max: 10, noNaN: true }),
        (loss, factor) => {
          const risen = loss * factor + 0.03;
          expect(compare(finding(0.9, 0.7), scored(loss), scored(risen)).helps).toBe(false);
          expect(compare(finding(0.9, 0.7), scored(risen), scored(loss)).helps).toBe(true);
          expect(compare(finding(0.9, 0.7), scored(loss), scored(loss)).helps).toBe(true);
        },
      ),
      { seed: 12 },
    ));

  it.each([
    ['above', finding(8, 1), finding(3, 1), finding(5, 1)],
    ['below', finding(0.001, 0.1), finding(0.01, 0.1), finding(0.0015, 0.1)],
  ])('falls clearly when it comes far closer to a limit that it is %s', (_, before, near, far) => {
    const course = (found: Finding) => scored(0.5, 0.5, { findings: [found] });
    expect(compare(before, scored(0.5), course(near))).toMatchObject({ cleared: false, helps: true });
    expect(compare(before, scored(0.5), course(far))).toMatchObject({ cleared: false, helps: false });
  });

  it('is the accuracy if the losses are of different kinds', () => {
    const squared = { analysis: analyze(network().replace('softmaxCrossEntropy', 'meanSquaredError')) };
    const mean = (accuracy: number) => scored(0.01, accuracy, squared);
    expect(compare(finding(0.9, 0.7), mean(0.8), scored(0.6, 0.9))).toMatchObject({
      helps: true,
      judged: { score: 'accuracy', split: 'test', before: 0.8, after: 0.9 },
    });
    expect(compare(finding(0.9, 0.7), mean(0.9), scored(0.001, 0.7)).helps).toBe(false);
  });

  it.each([
    ['two per cent, however many samples', 10_000, 0.89, 0.87, true],
    ['more than that', 10_000, 0.89, 0.86, false],
    ['two standard errors of few samples', 200, 0.89, 0.85, true],
    ['more than those', 200, 0.89, 0.8, false],
    ['nothing, where it falls to NaN', 200, 0.89, Number.NaN, false],
  ])('may fall by chance, for an accuracy by %s', (_, test, before, after, helps) => {
    const squared = { analysis: analyze(network().replace('softmaxCrossEntropy', 'meanSquaredError')) };
    const course = (accuracy: number, more: Partial<Course> = {}) =>
      scored(1, accuracy, { scored: { train: 200, test }, ...more });
    expect(compare(finding(0.9, 0.7), course(before, squared), course(after)).helps).toBe(helps);
  });

  it('has one limit before and after, though a warning has another than an error', () => {
    const after = scored(0.5, 0.5, { findings: [{ ...finding(0.5, 0.4), severity: 'warning' }] });
    expect(compare(finding(0.9, 0.7), scored(0.5), after).evidence).toEqual({
      before: { value: 0.9, limit: 0.7 },
      after: { value: 0.5, limit: 0.7 },
    });
  });

  it('is no better for a network that cannot be trained to the end', () => {
    const failed = scored(Number.NaN, Number.NaN, { failure: 'NaN' });
    expect(compare(finding(0.9, 0.7), scored(3), failed).helps).toBe(false);
    expect(compare(finding(0.9, 0.7), failed, scored(3)).helps).toBe(true);
  });
});

describe('a repair', () => {
  const sick = network({ output: 'answer', rate: '1e-9' });
  const cold = network({ rate: '0.01', data: '"type": "points", "pattern": "circles"' })
    .replace('"units": 8', '"units": 8, "biasInitializer": { "type": "constant", "value": -5 }')
    .replace('"tanh"', '"relu"');
  const training = { optimizer: { type: 'sgd', learningRate: 0.01 }, epochs: 5 };
  const large = { kernelInitializer: { type: 'varianceScaling', scale: 28 } };
  const exploding = JSON.stringify({ format: 1, ...deep(6, 'relu', training, large) });
  const steps = (attempts: readonly AttemptReport[]) =>
    attempts.map(({ code, outcome }) => `${outcome} ${code}`);

  it('fixes one finding after another, as one edit that keeps comments', async () => {
    const { attempts, fix, left, verdict } = await repaired(sick);
    expect(steps(attempts)).toEqual(['kept output/lossMismatch', 'kept update/tooSmall']);
    expect(left).toEqual([]);
    expect(verdict).toBe('2 fixes help. There are no errors or warnings left.');
    const edited = applyEdit(sick, fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    const text = applyChanges(sick, edited.changes);
    expect(text).toContain('// Kept.');
    expect(text).toContain('// Kept, too.');
    expect(text).toContain('"loss": { "type": "softmaxCrossEntropy", "from": "scores" }');
    expect((await course(text, 60)).findings).toEqual([]);
  });

  it('drops a fix that a later one has made unnecessary, and trains as well without it', async () => {
    const { attempts, fix, left, after } = await repairNetwork(cold, { steps: 100 }, setting);
    const titles = (outcome: AttemptReport['outcome']) =>
      attempts.filter((one) => one.outcome === outcome).map((one) => one.fix.title);
    expect(titles('kept')).toEqual([
      'Replace ReLU with Leaky ReLU in "bend"',
      'Add Batch norm after "hidden"',
    ]);
    expect(titles('dropped')).toEqual(['Replace ReLU with Leaky ReLU in "bend"']);
    expect(attempts.at(-1)?.verdict).toMatch(
      /^It is no longer needed: without it, no error or warning comes back, and after 100 steps, the test loss is/,
    );
    expect(fix?.title).toBe('Add Batch norm after "hidden"');
    const edited = applyEdit(cold, fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    const alone = await course(applyChanges(cold, edited.changes), 100);
    expect(alone.train).toEqual(after.train);
    const serious = alone.findings.filter(({ severity }) => severity !== 'info');
    expect(serious.map(({ code }) => code)).toEqual(left.map(({ code }) => code));
  });

  it('reports a fix that leaves a network that cannot be trained, with the reason', async () => {
    let courses = 0;
    const small = {
      host: (): CourseHost => ({
        ...setting.host(),
        openBackend: () => {
          if (courses++ > 0) throw new ProblemError('plan/memory', 'It needs too much memory.');
          return load('plain');
        },
      }),
    };
    const { attempts, fix } = await repairNetwork(network({ rate: '1e-9' }), { steps: 60 }, small);
    expect(fix).toBeUndefined();
    expect(attempts[0]).toEqual({
      code: 'update/tooSmall',
      severity: 'error',
      fix: expect.objectContaining({ title: 'Set "learningRate" to 0.001' }),
      outcome: 'rejected',
      verdict: 'With the fix, the network cannot be trained: It needs too much memory.',
      evidence: {},
    });
  });

  it('tries rejected fixes again only after new ones', () => {
    const fixes = ['a', 'b', 'c', 'd'].map((name) => ({
      fix: { title: name, edit: { kind: 'removeLayers' as const, names: [name], heal: true } },
    }));
    const rejected = new Set([fixes[0], fixes[2]].map(({ fix }) => JSON.stringify(fix.edit)));
    expect(byNovelty(fixes, rejected).map(({ fix }) => fix.title)).toEqual(['b', 'd', 'a', 'c']);
  });

  it('tries nothing twice on one text', async () => {
    const [sample] = plateau.samples().sick;
    const { attempts } = await repairNetwork(JSON.stringify({ format: 1, ...sample }), {}, setting);
    // A fix that is kept changes the text.
    const kept = attempts.findIndex(({ outcome }) => outcome === 'kept');
    const onText = kept < 0 ? attempts : attempts.slice(0, kept);
    const edits = onText.map(({ fix }) => JSON.stringify(fix.edit));
    expect(edits.length).toBeGreaterThan(1);
    expect(new Set(edits).size).toBe(edits.length);
  });

  it.each([
    [['error'], '1 error'],
    [['error', 'error', 'warning'], '2 errors and 1 warning'],
    [['warning', 'warning'], '2 warnings'],
  ] as const)('counts what is left as people say it: %j', (severities, text) => {
    expect(countsText(severities.map((severity) => ({ severity })))).toBe(text);
  });

  it('takes the same path twice', async () => {
    expect(await repaired(sick)).toEqual(await repaired(sick));
  });

  it('tries the usual remedies if no fix of an error removes it', async () => {
    const stuck = network({ data: '"type": "points", "pattern": "circles"' })
      .replace('"units": 8', '"units": 8, "biasInitializer": { "type": "constant", "value": 30 }')
      .replace('"tanh"', '"relu"');
    const { attempts, left } = await repairNetwork(stuck, { steps: 100 }, setting);
    const kept = attempts.filter(({ outcome }) => outcome === 'kept').map(({ fix }) => fix.edit);
    expect(kept).toContainEqual({
      kind: 'setAttribute',
      layer: 'hidden',
      attribute: 'biasInitializer',
      value: undefined,
    });
    expect(left.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('starts again with the usual remedies if its steps leave an error', async () => {
    const { attempts, fix, left } = await repaired(exploding);
    expect(left.filter(({ severity }) => severity === 'error')).toEqual([]);
    const titles = (outcome: AttemptReport['outcome']) =>
      attempts.filter((one) => one.outcome === outcome).map((one) => one.fix.title);
    const replaced = attempts.filter(({ verdict }) =>
      verdict.startsWith('With the fixes kept so far, an error'),
    );
    expect(replaced.length).toBeGreaterThan(0);
    for (const one of replaced) expect(one.outcome).toBe('dropped');
    // Every part of the edit was kept, and not dropped later.
    const dropped = new Set(titles('dropped'));
    expect(fix?.title).toBe(
      titles('kept')
        .filter((title) => !dropped.has(title))
        .join('; '),
    );
  });

  it('never replaces another layer with a recurrent one', async () => {
    const text = JSON.stringify({
      format: 1,
      layers: {
        data: { type: 'input', shape: [9] },
        letters: { type: 'embedding', from: 'data', vocabularySize: 8, units: 4 },
        memory: { type: 'simpleRnn', from: 'letters', hiddenSize: 8, returnSequences: true },
        last: { type: 'lastStep', from: 'memory' },
        scores: { type: 'dense', from: 'last', units: 2 },
      },
    });
    const titles = lastResorts({ analysis: analyze(text) }).map(({ title }) => title);
    expect(titles.filter((title) => /GRU in "memory"/.test(title))).not.toEqual([]);
    expect(titles.filter((title) => /"letters"|"last"/.test(title))).toEqual([]);
  });

  it('does not change a healthy network', async () => {
    const { attempts, fix, verdict } = await repaired(network());
    expect([attempts, fix]).toEqual([[], undefined]);
    expect(verdict).toBe('Nothing to repair: training for 60 steps shows no error and no warning.');
  });

  it('refuses a network that does not check, or whose data is missing', async () => {
    await expect(repaired(network().replace('tanh', 'tahn'))).rejects.toThrow(/tahn/);
    await expect(repaired(network({ data: '"type": "csv", "file": "nowhere.csv"' }))).rejects.toThrow();
    const gone = network().replace(/"data": .*/, '"data": { "type": "csv", "file": "nowhere.csv" },');
    await expect(repaired(gone)).rejects.toThrow(/nowhere\.csv/);
  });
});
