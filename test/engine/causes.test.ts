/** A finding that another one causes is not reported beside it, but only where the cause can act on it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';
import type { Finding, NetworkSample } from '../../engine/diagnose/define.ts';
import { type EpochLook, lookAtEpoch, type TrainingLook } from '../../engine/diagnose/look.ts';
import { endedSchedule } from '../../engine/diagnose/rules/endedSchedule.ts';
import { overfitting } from '../../engine/diagnose/rules/overfitting.ts';
import { plateau } from '../../engine/diagnose/rules/plateau.ts';
import { saturated } from '../../engine/diagnose/rules/saturated.ts';
import { strongPenalty } from '../../engine/diagnose/rules/strongPenalty.ts';
import { chain, deep, small } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { paramNorm } from '../../engine/stats/paramNorm.ts';
import { saturatedFraction } from '../../engine/stats/saturatedFraction.ts';
import { threadHost } from '../../engine/train/host.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { runCourse } from '../../engine/trials/course.ts';
import { findingsOf, textOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const namesOf = (found: readonly Finding[]): string[] =>
  found.map(({ code, layer }) => (layer === undefined ? code : `${code} ${layer}`));

const shifted = { biasInitializer: { type: 'constant', value: 4 } };

/** A classifier of four shapes. */
const ofShapes = (layers: Parameters<typeof chain>[1]): string =>
  textOf(
    chain([8, 8, 1], layers, { data: { type: 'shapes', size: 8, samples: 40, testSamples: 20 }, epochs: 1 }),
  );

/** Three sigmoids in which the gradient vanishes, beside or behind a tanh that is saturated if it is shifted. */
function withTanh(where: 'beside' | 'behind', tanh: { readonly [attribute: string]: Json }): NetworkSample {
  const sigmoids = deep(6, 'sigmoid').layers as { readonly [name: string]: { readonly [key: string]: Json } };
  const { data, logits, ...hidden } = sigmoids;
  return {
    ...deep(6, 'sigmoid'),
    layers: {
      data,
      ...hidden,
      wide: { type: 'dense', from: where === 'beside' ? 'data' : 'act6', units: 16, ...tanh },
      tanh: { type: 'tanh', from: 'wide' },
      ...(where === 'beside' ? { both: { type: 'concat', from: ['act6', 'tanh'] } } : {}),
      logits: { ...logits, from: where === 'beside' ? 'both' : 'tanh' },
    },
  };
}

/**
 * The findings after a run in which tanh was saturated when the gradient behind it vanished, and is not saturated any more. `isForgotten`: the
 * diagnosis does not know that it was.
 */
async function afterCause(isForgotten: boolean): Promise<readonly string[]> {
  const backend = load('plain');
  const { training } = await openTraining(textOf(withTanh('behind', shifted)), { folder: '.' }, backend);
  for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
    if (event.event === 'finding' && event.code === 'activation/saturated') break;
  const { diagnosis } = training;
  if (isForgotten) diagnosis.state = { ...diagnosis.state, looks: {}, reported: {} };
  const { step, stats, loss } = diagnosis.state.checks.at(-1)!;
  const calm = { ...stats, tanh: { ...stats.tanh, [saturatedFraction.key]: 0 } };
  const found: Finding[] = [];
  for (let later = 10; later < 16; later++) {
    diagnosis.addLoss(loss);
    diagnosis.afterStep(step + later, calm, 0);
    for (let next = diagnosis.take(); next; next = diagnosis.take()) found.push(next);
  }
  backend.dispose?.();
  return namesOf(found);
}

describe('a finding with a cause', () => {
  it('is reported where its cause is not seen', async () => {
    expect(namesOf(await findingsOf(textOf(withTanh('behind', {}))))).toContain('gradient/vanishing dense1');
  });

  it('is not reported beside its cause, which names it', async () => {
    const found = await findingsOf(textOf(withTanh('behind', shifted)));
    expect(namesOf(found)).not.toContain('gradient/vanishing dense1');
    const cause = found.find(({ code }) => code === 'activation/saturated');
    expect(cause?.layer).toBe('tanh');
    expect(cause?.message).toMatch(/This explains: Vanishing gradient\.$/);
  });

  it('is reported if the cause is in a layer that is not on one path with it', async () => {
    const found = namesOf(await findingsOf(textOf(withTanh('beside', shifted))));
    expect(found).toContain('activation/saturated tanh');
    expect(found).toContain('gradient/vanishing dense1');
  });

  it('is not reported if its cause is in the text', async () => {
    const large = deep(3, 'tanh', {}, { kernelInitializer: { type: 'normal', std: 20 } });
    const found = await findingsOf(textOf(large));
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['init/mismatch']));
    // Without the cause, the same training shows its effect.
    const limits = { 'init/mismatch/large': 1000 };
    expect((await findingsOf(textOf(large), { limits })).map(({ code }) => code)).toContain(
      'activation/saturated',
    );
  });

  it('is not reported after its cause is gone, because it is what is left of it', async () => {
    expect(await afterCause(false)).not.toContain('gradient/vanishing dense1');
    expect(await afterCause(true)).toContain('gradient/vanishing dense1');
  });

  it('is reported where the loss is that of guessing and there is one output too many, which does not explain it', async () => {
    const [sample] = plateau.samples().sick;
    const layers = { ...(sample.layers as object), logits: { type: 'dense', from: 'act2', units: 3 } };
    const training = { ...(sample.training as object), optimizer: { type: 'adam', learningRate: 0.003 } };
    const found = namesOf(await findingsOf(textOf({ ...sample, layers, training })));
    expect(found).toContain('output/unused logits');
    expect(found).toContain('loss/plateau');
  });

  it('counts updates and not batches where a run makes too few of them, and offers one for each batch', async () => {
    const [sample] = plateau.samples().sick;
    const training = { ...(sample.training as object), accumulate: 1000, epochs: 4 };
    const found = await findingsOf(textOf({ ...sample, training }));
    const few = found.find(({ code }) => code === 'loss/plateau');
    expect(few?.message).toMatch(/^After 4 updates the loss is/);
    expect(few?.fix?.title).toBe('Remove "accumulate"');
  });

  it('is not reported for the outputs of a network whose data have a single class', async () => {
    const layers = { logits: { type: 'dense', units: 2 } };
    const file = 'test/fixtures/faults/data/one-class.csv';
    const found = namesOf(
      await findingsOf(textOf(chain([2], layers, { data: { type: 'csv', file }, epochs: 1 }))),
    );
    expect(found).toContain('data/imbalanced');
    expect(found).not.toContain('output/unused logits');
  });

  it('is not reported while the network still learns which of very many outputs are never right', async () => {
    const many = deep(1, 'relu', { optimizer: { type: 'sgd', learningRate: 0.01 }, epochs: 6 });
    const layers = { ...(many.layers as object), logits: { type: 'dense', from: 'act1', units: 300 } };
    const found = namesOf(await findingsOf(textOf({ ...many, layers })));
    expect(found).toContain('output/unused logits');
    expect(found).not.toContain('loss/plateau');
  });

  it.each([
    ['reported where the training loss keeps falling', [1, 0.9, 0.8, 0.7, 0.6, 0.5], 'warning'],
    ['not reported where steps throw the training loss up and down', [1, 0.9, 4, 2.5, 0.6, 0.5], undefined],
  ])('such as overfitting is %s', (_, losses, expected) => {
    const tests = [0.9, 0.8, 1.5, 1.5, 1.3, 1.2];
    const epochs: EpochLook[] = [];
    losses.forEach((loss, epoch) => {
      const scores = {
        epoch: epoch + 1,
        step: 100 * (epoch + 1),
        train: { loss },
        test: { loss: tests[epoch] },
      };
      epochs.push(lookAtEpoch(scores, epochs.at(-1), undefined));
    });
    const look = { epochs, baseline: { loss: 1 }, floor: 0, training: {} } as unknown as TrainingLook;
    expect(overfitting.find(look, overfitting.limits)[0].severity).toBe(expected);
  });

  it.each([
    ['information where the training samples are known by heart', [0.5, 0.1, 0.02, 0.01], {}, 'info'],
    ['not reported where their loss is well above 0', [0.5, 0.3, 0.2, 0.1], {}, undefined],
    [
      'not reported where early stopping restores the best epoch',
      [0.5, 0.1, 0.02, 0.01],
      { earlyStopping: { restoreBest: true } },
      undefined,
    ],
  ])('such as overfitting without a rise of the test loss is %s', (_, losses, training, expected) => {
    const epochs: EpochLook[] = [];
    losses.forEach((loss, epoch) => {
      const scores = { epoch: epoch + 1, step: 100 * (epoch + 1), train: { loss }, test: { loss: 0.6 } };
      epochs.push(lookAtEpoch(scores, epochs.at(-1), undefined));
    });
    const look = { epochs, baseline: { loss: 1 }, floor: 0, training } as unknown as TrainingLook;
    const [{ severity, evidence, message }] = overfitting.find(look, overfitting.limits);
    expect(severity).toBe(expected);
    // A limit of 0 says that there is no number to compare.
    expect(evidence.limit === 0).toBe(expected === 'info');
    if (expected) expect(message()).toContain('knows its samples by heart');
  });

  it('is reported where steps could be too large by the text, but the network memorizes the samples', async () => {
    const [sample] = overfitting.samples().sick;
    const optimizer = { type: 'adam', learningRate: 0.02, beta1: 0.98, beta2: 0.9 };
    const training = { ...(sample.training as object), optimizer, epochs: 30 };
    const found = namesOf(await findingsOf(textOf({ ...sample, training })));
    expect(found).toContain('update/tooLarge');
    expect(found).toContain('fit/overfitting');
  });

  it.each([
    ['is not a weight decay that updates outweigh, so that the weights grow', 20, undefined],
    ['is a weight decay under which the weights stay small', 9, 'warning'],
  ])('%s', (_, norm, expected) => {
    const optimizer = { type: 'lion', learningRate: 0.1, weightDecay: 0.11 };
    const analysis = analyze(textOf(small('gelu', { optimizer })));
    const checkOf = (step: number, size: number) => ({
      step,
      stats: { dense1: { [paramNorm.key]: size } },
      loss: 1.6,
      penalty: 0,
    });
    const look = {
      analysis,
      training: analysis.spec.training,
      first: checkOf(1, 10),
      checks: [checkOf(100, norm)],
      baseline: { loss: 1.6 },
      floor: 0,
    } as unknown as TrainingLook;
    expect(strongPenalty.find(look, strongPenalty.limits).map(({ severity }) => severity)).toEqual([
      expected,
    ]);
  });

  it('is reported where what could cause it is only information', async () => {
    const folder = 'test/fixtures/faults/twelfth';
    const found = await findingsOf(readFileSync(`${folder}/attention-leaps.nn.json`, 'utf8'), { folder });
    expect(found.find(({ code }) => code === 'loss/initial')?.severity).toBe('info');
    expect(namesOf(found)).toContain('update/tooLarge');
  });

  it('is seen all the same, so that a fix of another finding does not count as its fix', async () => {
    const host = { ...threadHost, folder: '.', memoryLimit: 2 ** 28, openBackend: () => load('plain') };
    const course = await runCourse(textOf(withTanh('behind', shifted)), { least: 60, most: 60 }, host);
    const hidden = { code: 'gradient/vanishing', layer: 'dense1', severity: 'warning' } as const;
    expect(course.findings.some(({ code }) => code === hidden.code)).toBe(false);
    expect(course.isSeen(hidden)).toBe(true);
    expect(course.isSeen({ ...hidden, layer: 'logits' })).toBe(false);
  });
});

describe('a finding that stays, goes and returns', () => {
  it('is reported once while it is seen, and again when it returns and holds', async () => {
    const backend = load('plain');
    const { training } = await openTraining(textOf(withTanh('behind', shifted)), { folder: '.' }, backend);
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
      if (event.event === 'finding' && event.code === 'activation/saturated') break;
    const { diagnosis } = training;
    const { step, stats, loss } = diagnosis.state.checks.at(-1)!;
    let now = step;
    /** How often it is reported in so many more looks that see it, or do not. */
    const reportsIn = (looks: number, isSaturated: boolean): number => {
      const seen = { ...stats, tanh: { ...stats.tanh, [saturatedFraction.key]: isSaturated ? 1 : 0 } };
      let reports = 0;
      for (let look = 0; look < looks; look++) {
        diagnosis.addLoss(loss);
        diagnosis.afterStep(++now, seen, 0);
        for (let next = diagnosis.take(); next; next = diagnosis.take())
          if (next.code === 'activation/saturated') reports++;
      }
      return reports;
    };
    expect(reportsIn(8, true)).toBe(0);
    expect(reportsIn(2, false)).toBe(0);
    expect(reportsIn(saturated.holds! - 1, true)).toBe(0);
    expect(reportsIn(8, true)).toBe(1);
    backend.dispose?.();
  });
});

describe('a finding in the text', () => {
  const conv = (filters: number) => ({ type: 'conv2d', filters, kernelSize: 3, padding: 'same' });
  const dense = (units: number) => ({ type: 'dense', units });
  const drawn = { type: 'reshape', shape: [28, 28, 1] };

  it.each([
    [
      'a layer of one unit',
      { flat: { type: 'flatten' }, code: dense(1), pixels: dense(784), drawn },
      ['code'],
    ],
    ['no convolution with one filter, which gives a picture', { c1: conv(8), c2: conv(1), c3: conv(1) }, []],
  ])('says of a network that draws that its bottleneck is %s', (_, layers, expected) => {
    const data = { type: 'shapes', size: 28, target: 'image' };
    const loss = { type: 'meanSquaredError', from: Object.keys(layers).at(-1)! };
    const { findings, trainable } = diagnose(textOf(chain([28, 28, 1], layers, { data, loss })));
    expect(trainable).toBe(true);
    const narrow = findings.filter(({ code }) => code === 'structure/bottleneck');
    expect(narrow.map(({ layer }) => layer)).toEqual(expected);
  });

  it('counts the classes of the data, not the outputs that no class uses', async () => {
    const through = (units: number) =>
      ofShapes({
        flat: { type: 'flatten' },
        narrow: { type: 'dense', units },
        act: { type: 'relu' },
        logits: { type: 'dense', units: 12 },
      });
    const wide = namesOf(await findingsOf(through(4)));
    expect(wide).toContain('output/unused logits');
    expect(wide).not.toContain('structure/bottleneck narrow');
    const found = await findingsOf(through(1));
    expect(namesOf(found)).toContain('output/unused logits');
    const narrow = found.find(({ code }) => code === 'structure/bottleneck');
    expect(narrow?.message).toMatch(/through 1 number, but there are 4 classes/);
    expect(narrow?.fix?.edit).toMatchObject({ layer: 'narrow', value: 16 });
  });

  it('is reported beside another one in the data that does not cause it', async () => {
    const pooled = ofShapes({
      pool: { type: 'maxPool2d', poolSize: 4 },
      flat: { type: 'flatten' },
      logits: { type: 'dense', units: 5 },
    });
    const found = namesOf(await findingsOf(pooled));
    expect(found).toContain('output/unused logits');
    expect(found).toContain('structure/bottleneck pool');
  });
});

describe('two rules with one code', () => {
  it('keep their measurements, so that a finding of one is still seen when the other one sees nothing', async () => {
    const host = { ...threadHost, folder: '.', memoryLimit: 2 ** 28, openBackend: () => load('plain') };
    const text = textOf(endedSchedule.samples().sick[0]);
    const course = await runCourse(text, { least: 100, most: 100 }, host);
    const [seen] = course.findings.filter(({ code }) => code === 'update/slowing');
    expect(course.isSeen(seen)).toBe(true);
    expect(course.evidenceOf(seen.code, seen.layer)).toEqual(seen.evidence);
  });

  it('count their looks apart, so that a look of one does not make up for a look that the other one misses', async () => {
    const text = textOf(small('tanh', { epochs: 3 }));
    const { training } = await openTraining(text, { folder: '.' }, load('plain'));
    const { diagnosis, baseline } = training;
    const samples = 64;
    const look = (step: number, loss: number) => {
      for (let each = 0; each < samples; each++) diagnosis.addLoss(loss);
      diagnosis.afterStep(step, {}, 0);
    };
    const epoch = (number: number, loss: number) =>
      diagnosis.afterEpoch({ epoch: number, step: 50 * number, train: { loss } }, {}, [], false);
    look(10, baseline.loss);
    epoch(1, baseline.loss / 2);
    epoch(2, baseline.loss);
    // "diverging" must see it in two looks, and sees it once. "risingLoss" sees it at the end of the last epoch.
    look(140, 5 * baseline.loss);
    epoch(3, baseline.loss);
    const found: Finding[] = [];
    for (let next = diagnosis.take(); next; next = diagnosis.take()) found.push(next);
    expect(namesOf(found)).toContain('loss/diverging');
    expect(diagnosis.isSeen({ code: 'loss/diverging', severity: 'warning' })).toBe(true);
    expect(diagnosis.isSeen({ code: 'loss/diverging', severity: 'error' })).toBe(false);
    look(160, 5 * baseline.loss);
    expect(diagnosis.isSeen({ code: 'loss/diverging', severity: 'error' })).toBe(true);
  });
});
