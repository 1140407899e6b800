/** Jobs from text to events: what a run reports, keeps, and leaves alone. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../engine/export/safetensors.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { threadHost } from '../../engine/train/host.ts';
import { runJob } from '../../engine/train/job.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const network = (training: string, data = '{ "type": "points", "pattern": "xor" }') => `{
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "relu": { "type": "relu", "from": "hidden" },
    "out": { "type": "dense", "from": "relu", "units": 2 }
  },
  "training": { "data": ${data}, "loss": { "type": "softmaxCrossEntropy", "from": "out" }, ${training} }
}`;

const good = network('"optimizer": { "type": "adam", "learningRate": 0.02 }, "epochs": 3');

function edited(text: string, edit: SpecEdit): string {
  const outcome = applyEdit(text, edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(text, outcome.changes);
}

interface Reported {
  readonly events: readonly TrainingEvent[];
  readonly end: Extract<TrainingEvent, { event: 'end' }>;
}

async function run(job: Partial<Job> & { readonly text: string }): Promise<Reported> {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', folder, output: join(folder, 'out'), ...job },
    {
      openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
      ...threadHost,
      emit: (event) => events.push(event),
    },
  );
  return { events, end };
}

const kept = () => readdirSync(join(folder, 'out')).sort();

describe('a training run', () => {
  it('starts no thread pool for a network too small to divide', async () => {
    const threadsOf = async (text: string) => {
      const { events } = await run({ text, threads: 2, epochs: 1 });
      const plan = events.find(({ event }) => event === 'plan');
      return plan?.event === 'plan' && plan.backend.includes('2 threads') ? 2 : 1;
    };
    expect(await threadsOf(good)).toBe(1);
    expect(await threadsOf(good.replace('"units": 8', '"units": 2000'))).toBe(2);
  });

  it('reports its plan, steps, statistics, epochs and end, and logs the same on disk', async () => {
    const { events, end } = await run({ text: good });
    expect(end).toMatchObject({ reason: 'finished' });
    expect(events[0]).toMatchObject({ event: 'plan', parameters: 42, epochs: 3 });
    expect(events.filter(({ event }) => event === 'epoch')).toHaveLength(3);
    const stats = events.find((event) => event.event === 'stats');
    expect(Object.keys(stats?.event === 'stats' ? stats.layers : {})).toEqual([
      'point',
      'hidden',
      'relu',
      'out',
    ]);
    expect(kept()).toEqual(['network.jsonc', 'run.json', 'run.jsonl', 'weights.safetensors']);
    const log = readFileSync(join(folder, 'out/run.jsonl'), 'utf8').trim().split('\n');
    const reported = events.map((event) => (event.event === 'end' ? { ...event, folder: undefined } : event));
    expect(log.map((line) => JSON.parse(line))).toEqual(
      reported.map((event) => JSON.parse(writeEvent(event as TrainingEvent))),
    );
  });

  it('gives the same numbers again from the same seed, and others from another', async () => {
    const losses = async (seed: number) =>
      (await run({ text: good, seed })).events.flatMap((event) =>
        event.event === 'epoch' ? [event.train.loss] : [],
      );
    expect(await losses(1)).toEqual(await losses(1));
    expect(await losses(2)).not.toEqual(await losses(1));
  });

  it('keeps weights that an evaluation reproduces', async () => {
    const { events } = await run({ text: good });
    const last = events.filter((event) => event.event === 'epoch').at(-1);
    const { events: reported } = await run({ text: good, task: 'evaluate' });
    const evaluation = reported.find((event) => event.event === 'evaluation');
    expect(evaluation?.event === 'evaluation' && evaluation.test).toEqual(
      last?.event === 'epoch' && last.test,
    );
  });

  it('ends early when the loss no longer falls', async () => {
    const text = network(
      '"optimizer": { "type": "sgd", "learningRate": 1e-12 }, "epochs": 50, "earlyStopping": { "patience": 2, "minDelta": 0.01 }',
    );
    const { events, end } = await run({ text });
    expect(end.reason).toBe('finished');
    expect(events.filter(({ event }) => event === 'epoch')).toHaveLength(3);
  });

  it('keeps the best weights and running statistics, not the last, when early stopping goes back', async () => {
    const text = network(
      '"optimizer": { "type": "sgd", "learningRate": 1 }, "epochs": 30, "earlyStopping": { "patience": 3, "restoreBest": true }',
    )
      .replace('"relu": {', '"norm": { "type": "batchNorm", "from": "hidden" }, "relu": {')
      .replace('"relu", "from": "hidden"', '"relu", "from": "norm"');
    const { events, end } = await run({ text });
    expect(end.reason).toBe('finished');
    const losses = events.flatMap((event) =>
      event.event === 'epoch' && event.test ? [event.test.loss] : [],
    );
    const { events: reported } = await run({ text, task: 'evaluate' });
    const kept = reported.flatMap((event) => (event.event === 'evaluation' ? [event.test.loss] : []));
    expect(kept).toEqual([Math.min(...losses)]);
    expect(losses.at(-1)).toBeGreaterThan(kept[0]);
  });

  /** Its learning rate grows fourfold each epoch; epoch 5 is the best, and a step of epoch 7 fails. */
  const blowsUp = `{
    "layers": {
      "p": { "type": "input", "shape": [2] },
      "h": { "type": "dense", "from": "p", "units": 8 },
      "r": { "type": "relu", "from": "h" },
      "y": { "type": "dense", "from": "r", "units": 1 } },
    "training": {
      "data": { "type": "csv", "file": "bowl.csv", "target": "y", "task": "regression" },
      "loss": { "type": "meanSquaredError", "from": "y" },
      "optimizer": { "type": "sgd", "learningRate": 0.002 },
      "schedule": { "type": "exponential", "decay": 4 },
      "earlyStopping": { "patience": 50 }, "epochs": 50 } }`;

  const bestOf = (events: readonly TrainingEvent[]) =>
    events
      .flatMap((event) =>
        event.event === 'epoch' && event.test ? [{ epoch: event.epoch, loss: event.test.loss }] : [],
      )
      .reduce((best, one) => (one.loss < best.loss ? one : best));

  const evaluated = async (text: string) =>
    (await run({ text, task: 'evaluate' })).events.flatMap((event) =>
      event.event === 'evaluation' ? [event.test.loss] : [],
    );

  it('goes back to the best weights also when it fails, and says which step failed and which epoch was best', async () => {
    copyFileSync('test/fixtures/bowl.csv', join(folder, 'bowl.csv'));
    const { events, end } = await run({ text: blowsUp });
    const best = bestOf(events);
    const last = events.filter((event) => event.event === 'epoch').at(-1);
    expect(end).toMatchObject({ reason: 'failed', code: 'train/not-finite', restoredEpoch: best.epoch });
    expect(end.message).toMatch(new RegExp(`The weights of epoch ${best.epoch}, the best one, are kept\\.$`));
    expect(end.step).toBeGreaterThan(last?.event === 'epoch' ? last.step : Number.NaN);
    expect(last?.event === 'epoch' && last.epoch).toBeGreaterThan(best.epoch);
    expect(await evaluated(blowsUp)).toEqual([best.loss]);
  });

  it('reports no restored weights if the last ones are the best', async () => {
    const { end } = await run({
      text: network('"optimizer": { "type": "adam" }, "epochs": 2, "earlyStopping": {}'),
    });
    expect(end).toEqual({
      event: 'end',
      reason: 'finished',
      step: expect.any(Number),
      folder: join(folder, 'out'),
    });
  });

  it('averages accumulated batches as one larger batch would', async () => {
    const weights = async (training: string) => {
      await run({
        text: network(`"optimizer": { "type": "sgd", "learningRate": 0.1 }, "epochs": 1, ${training}`),
      });
      return decodeSafetensors(readFileSync(join(folder, 'out/weights.safetensors'))).tensors.get(
        'hidden.kernel',
      )?.data;
    };
    const whole = await weights('"batchSize": 40');
    const parts = await weights('"batchSize": 10, "accumulate": 4');
    expect(parts).toHaveLength(16);
    parts?.forEach((value, i) => {
      expect(value).toBeCloseTo(whole?.[i] ?? Number.NaN, 5);
    });
  });
});

describe('a mistake', () => {
  it('in the spec fails the run at its place, before anything is written', async () => {
    const { end } = await run({ text: good.replace('"dense", "from": "point"', '"denss", "from": "point"') });
    expect(end).toMatchObject({
      reason: 'failed',
      code: 'spec/unknown-type',
      path: ['layers', 'hidden', 'type'],
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('in the data leaves the last run as it was', async () => {
    await run({ text: good });
    const before = readFileSync(join(folder, 'out/run.jsonl'), 'utf8');
    const { end } = await run({
      text: network('"optimizer": { "type": "adam" }', '{ "type": "csv", "file": "nowhere.csv" }'),
    });
    expect(end).toMatchObject({ reason: 'failed', code: 'data/missing', path: ['training', 'data', 'file'] });
    expect(readFileSync(join(folder, 'out/run.jsonl'), 'utf8')).toBe(before);
  });

  it.each([
    ['input shape', good.replace('"shape": [2]', '"shape": [3]'), 'data/shape', ['layers', 'point', 'shape']],
    ['number of outputs', good.replace('"units": 2', '"units": 1'), undefined, undefined],
  ])('in the %s is reported where it can be fixed', async (_, text, code, path) => {
    const { end } = await run({ text });
    expect(end.reason).toBe('failed');
    expect(end.message).toMatch(/\w/);
    if (code) expect(end).toMatchObject({ code, path });
  });

  it('in the number of input layers is fixed by an edit that leaves those of the data', async () => {
    const text = good.replace(
      /"point": \{[^}]*\}/,
      '$&, "other": { "type": "input", "shape": [2] }, "both": { "type": "concat", "from": ["point", "other"] }',
    );
    const { end } = await run({ text });
    expect(end).toMatchObject({
      reason: 'failed',
      code: 'training/inputs',
      fix: { title: 'Read "point" instead of "other"' },
    });
    const fixed = edited(text, end.fix!.edit);
    expect(fixed).toContain('"from": ["point", "point"]');
    expect((await run({ text: fixed })).end.reason).toBe('finished');
  });

  it('in the number of input layers is fixed by an edit after which at most a shape is to be fixed', async () => {
    const text = good
      .replace('"point": {', '"other": { "type": "input", "shape": [3] }, "spot": {')
      .replace('"from": "point"', '"from": "spot"')
      .replace(
        '"relu": { "type": "relu", "from": "hidden" }',
        '"beside": { "type": "dense", "from": "other", "units": 8 }, "relu": { "type": "add", "from": ["hidden", "beside"] }',
      );
    const { end } = await run({ text });
    expect(end.fix?.title).toBe('Read "other" instead of "spot"');
    const joined = edited(text, end.fix!.edit);
    const { end: then } = await run({ text: joined });
    expect(then.code).toBe('data/shape');
    expect((await run({ text: edited(joined, then.fix!.edit) })).end.reason).toBe('finished');
  });

  it('in size is refused before memory is taken, with the layer that dominates', async () => {
    const { end } = await run({ text: good.replace('"units": 8', '"units": 80000'), memoryLimit: 2 ** 20 });
    expect(end).toMatchObject({ reason: 'failed', code: 'plan/memory', path: ['layers', 'hidden'] });
  });

  it('of weights that the network no longer has is a warning of the evaluation', async () => {
    const tied = (attributes: string) =>
      good
        .replace(
          '"layers"',
          '"blocks": { "b": { "x": { "type": "blockInput" }, "d": { "type": "dense", "from": "x", "units": 2 }, "y": { "type": "blockOutput", "from": "d" } } }, "layers"',
        )
        .replace(
          '"hidden": {',
          `"uses": { "type": "b", "from": "point", "repeat": 3${attributes} }, "hidden": {`,
        )
        .replace(/("hidden": \{[^}]*"from": )"point"/, '$1"uses"');
    await run({ text: tied('') });
    const events = await run({ text: tied(', "tied": true'), task: 'evaluate' });
    expect(events.end.reason).toBe('finished');
    const evaluation = events.events.find(({ event }) => event === 'evaluation');
    expect(evaluation).toMatchObject({
      warnings: [{ code: 'weights/unused', message: expect.stringContaining('(uses/2/d.kernel, ') }],
    });
  });

  it('in evaluating another network than the trained one names the parameter', async () => {
    await run({ text: good });
    const { end } = await run({ text: good.replace('"units": 8', '"units": 9'), task: 'evaluate' });
    expect(end).toMatchObject({ code: 'weights/other-network', path: ['layers', 'hidden'] });
    expect((await run({ text: good, task: 'evaluate', output: join(folder, 'none') })).end.code).toBe(
      'weights/missing',
    );
    const path = join(folder, 'out/weights.safetensors');
    const weights = readFileSync(path);
    weights.fill(0xff, weights.length - 4);
    writeFileSync(path, weights);
    expect((await run({ text: good, task: 'evaluate' })).end).toMatchObject({
      code: 'weights/damaged',
      message: expect.stringMatching(/" contains NaN or infinity\. Train the network again\.$/),
    });
    writeFileSync(path, 'not weights');
    expect((await run({ text: good, task: 'evaluate' })).end.code).toBe('weights/damaged');
  });
});

describe('numbers that are not finite', () => {
  it('stop the run in that step, name the first layer, and do not change the weights', async () => {
    await run({ text: good });
    const before = readFileSync(join(folder, 'out/weights.safetensors'));
    const { end } = await run({ text: network('"optimizer": { "type": "sgd", "learningRate": 1e38 }') });
    expect(end).toMatchObject({ reason: 'failed', code: 'train/not-finite' });
    expect(end.message).toMatch(/^(hidden|relu|out): NaN or infinity at step \d+, first in its/);
    const after = decodeSafetensors(readFileSync(join(folder, 'out/weights.safetensors')));
    for (const { data } of after.tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
    expect(before.length).toBeGreaterThan(0);
  });

  it.each([
    ['those of the last step', 1, 1e30, /The weights of step \d+ are kept\.$/],
    [
      'those of the last save, where the weights are infinite themselves',
      1000,
      1e38,
      /The weights themselves contain NaN or infinity, for example "\w+\.\w+"\. The weights of the last save are kept\.$/,
    ],
  ])('end with a sentence on the weights that are kept: %s', async (_, learningRate, decay, expected) => {
    const { end } = await run({
      text: network(
        `"optimizer": { "type": "sgd", "learningRate": ${learningRate} },
         "schedule": { "type": "exponential", "decay": ${decay} }, "batchSize": 1000, "epochs": 9`,
      ),
    });
    expect(end.message).toMatch(expected);
  });

  it('in the data are reported as a problem of the data', async () => {
    writeFileSync(join(folder, 'a.csv'), `${'0.5,1e39,a\n0.1,0.3,b\n'.repeat(20)}`);
    const { end } = await run({
      text: network(
        '"optimizer": { "type": "adam" }',
        '{ "type": "csv", "file": "a.csv", "normalize": "none" }',
      ),
    });
    expect(end).toMatchObject({
      reason: 'failed',
      code: 'data/number',
      path: ['training', 'data', 'file'],
    });
    expect(end.message).toContain('row 1, "column 2"');
  });
});

describe('a training that begins with the weights of an earlier run', () => {
  const weights = (name: string) =>
    decodeSafetensors(readFileSync(join(folder, name, 'weights.safetensors'))).tensors;
  const still = (text: string) => text.replace('0.02', '1e-30');

  it('keeps those of the layers that are named and have the same shapes, and says which', async () => {
    await run({ text: good, output: join(folder, 'first') });
    const startFrom = { folder: join(folder, 'first'), layers: ['hidden', 'relu', 'out', 'nowhere'] };
    const text = still(good).replace('"from": "relu", "units": 2', '"from": "relu", "units": 3');
    const { events, end } = await run({ text, startFrom, epochs: 1 });
    expect(end.reason, end.message).toBe('finished');
    const plan = events.find((event) => event.event === 'plan');
    expect(plan?.continued).toEqual(['hidden']);
    const [first, second] = [weights('first'), weights('out')];
    expect(second.get('hidden.kernel')).toEqual(first.get('hidden.kernel'));
    expect(second.get('out.kernel')?.shape).toEqual([8, 3]);
  });

  it('starts other layers as in any training', async () => {
    await run({ text: good, output: join(folder, 'first') });
    await run({ text: still(good), output: join(folder, 'anew'), epochs: 1 });
    await run({
      text: still(good),
      startFrom: { folder: join(folder, 'first'), layers: ['out'] },
      epochs: 1,
    });
    const [first, anew, continued] = [weights('first'), weights('anew'), weights('out')];
    expect(continued.get('hidden.kernel')).toEqual(anew.get('hidden.kernel'));
    expect(continued.get('out.kernel')).toEqual(first.get('out.kernel'));
    expect(anew.get('out.kernel')).not.toEqual(first.get('out.kernel'));
  });

  it('fails before it writes anything if there are no weights', async () => {
    const startFrom = { folder: join(folder, 'nowhere'), layers: ['out'] };
    const { end } = await run({ text: good, startFrom });
    expect([end.reason, end.code]).toEqual(['failed', 'weights/missing']);
    expect(readdirSync(folder)).toEqual([]);
  });
});
