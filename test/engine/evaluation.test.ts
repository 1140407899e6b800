/** Evaluation uses the settings that the weights were trained with, and reports where the spec has changed since. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../engine/export/safetensors.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { runJob } from '../../engine/train/job.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
  copyFileSync('test/fixtures/data/noise.csv', join(folder, 'noise.csv'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const network = (data: string, more = '') => `{
  "layers": {
    "x": { "type": "input", "shape": [3] },
    "h": { "type": "dense", "from": "x", "units": 64 },
    "r": { "type": "relu", "from": "h" },
    "y": { "type": "dense", "from": "r", "units": 2 }
  },
  "training": {
    "data": { "type": "csv", "file": "noise.csv"${data} },
    "loss": { "type": "softmaxCrossEntropy", "from": "y" },
    "optimizer": { "type": "adam", "learningRate": 0.02 },
    "epochs": 200${more}
  }
}`;

async function run(task: Job['task'], text: string, more: Partial<Job> = {}) {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task, text, folder, output: join(folder, 'out'), ...more },
    {
      openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
      now: () => 0,
      yield: () => Promise.resolve(),
      emit: (event) => events.push(event),
    },
  );
  return { events, end };
}

async function train(text: string, more: Partial<Job> = {}) {
  const { events, end } = await run('train', text, more);
  expect(end.message).toBeUndefined();
  const last = events.filter((event) => event.event === 'epoch').at(-1);
  return last?.test ?? last?.train;
}

async function evaluate(text: string, more: Partial<Job> = {}) {
  const { events, end } = await run('evaluate', text, more);
  expect(end.message).toBeUndefined();
  const evaluation = events.find((event) => event.event === 'evaluation');
  if (!evaluation) throw new Error('no evaluation');
  return { ...evaluation, reported: evaluation.warnings?.map(({ message }) => message).join('\n') ?? '' };
}

describe('evaluate', () => {
  it('says what is wrong with the folder that a person has named', async () => {
    const named = async (output: string) => (await run('evaluate', network(''), { output })).end;
    const [none, file] = [join(folder, 'none'), join(folder, 'noise.csv')];
    expect(await named(none)).toMatchObject({
      code: 'weights/missing',
      message: `there is no folder ${none}. Name the folder of a run.`,
    });
    expect((await named(file)).message).toBe(`${file} is a file. Name the folder of a run.`);
    expect((await named(folder)).message).toContain('Train the network first.');
  });

  it('reads the weights of layers that have other names since', async () => {
    const text = network(', "testFraction": 0.3', ', "epochs": 3').replace('"epochs": 200, ', '');
    const trained = await train(text);
    const swapped = text.replace(/"([hy])"/g, (_, name: string) => (name === 'h' ? '"first"' : '"h"'));
    const { end } = await run('evaluate', swapped);
    expect(end.message).toMatch(/train it again/);
    const renamed = { folder: join(folder, 'out'), layers: { h: 'first', y: 'h' } };
    const { test, reported } = await evaluate(swapped, { renamed });
    expect([test, reported]).toEqual([trained, '']);
    const ofAnother = await run('evaluate', swapped, {
      renamed: { ...renamed, folder: join(folder, 'later') },
    });
    expect(ofAnother.end.message).toMatch(/train it again/);
  });

  it('scores the test part of the run, whatever seed the spec or the command gives', async () => {
    const text = network(', "testFraction": 0.3');
    const trained = await train(text, { seed: 5 });
    expect(trained?.accuracy).toBeCloseTo(0.556, 3);
    for (const [spec, more] of [
      [text, {}],
      [text, { seed: 9 }],
      [network(', "testFraction": 0.3', ', "seed": 7'), {}],
    ] as const) {
      const { test, split, reported } = await evaluate(spec, more);
      expect(test).toEqual(trained);
      expect(split).toBe('test');
      expect(reported).toContain('"seed" was 5');
    }
    expect((await evaluate(text, { seed: 5 })).reported).toBe('');
  });

  it.each([
    [
      'testFraction',
      ', "testFraction": 0.5',
      '"testFraction" was 0.3 when the weights were trained and is 0.5 now',
    ],
    ['normalize', ', "testFraction": 0.3, "normalize": "none"', '"normalize" was "standardize"'],
    ['target', ', "testFraction": 0.3, "target": "a"', '"target" was ""'],
  ])('uses the %s of the training, and reports it', async (_, changed, reported) => {
    const trained = await train(network(', "testFraction": 0.3'), { epochs: 3 });
    const evaluation = await evaluate(network(changed));
    expect(evaluation.test).toEqual(trained);
    expect(evaluation.reported).toContain(reported);
    expect(evaluation.warnings?.[0].path[0]).toBe('training');
  });

  it('reports that it scores training samples if there are no test samples', async () => {
    const text = network(', "testFraction": 0');
    await train(text, { epochs: 3 });
    expect(await evaluate(text)).toMatchObject({ split: 'train', samples: 60 });
  });

  it('says that a file has changed, and scales it as in training', async () => {
    const rows = readFileSync(join(folder, 'noise.csv'), 'utf8').trim().split('\n');
    writeFileSync(join(folder, 'test.csv'), `${rows[0]}\n${rows.slice(1, 11).join('\n')}\n`);
    const text = network(', "testFile": "test.csv"');
    const trained = await train(text, { epochs: 5 });
    // Different training rows would have different means, and another order of classes.
    const other = rows.slice(31).map((row) => row.replace(/^[^,]*/, '100'));
    writeFileSync(join(folder, 'noise.csv'), `${rows[0]}\n${other.join('\n')}\n`);
    const { test, reported } = await evaluate(text);
    expect(test.loss).toBeCloseTo(trained?.loss ?? Number.NaN, 6);
    expect(reported).toContain('the file of "file" is not the one of the training');
  });

  it('refuses data of another type and names both', async () => {
    await train(network(''), { epochs: 1 });
    const other = network('').replace('"csv", "file": "noise.csv"', '"points"');
    const { end } = await run('evaluate', other);
    expect(end).toMatchObject({
      reason: 'failed',
      code: 'weights/other-data',
      path: ['training', 'data', 'type'],
    });
    expect(end.message).toMatch(/"csv".*"points"/);
  });

  it('warns if the weights file does not contain the data on which it was trained', async () => {
    const text = network('');
    await train(text, { epochs: 1 });
    const path = join(folder, 'out/weights.safetensors');
    const { tensors } = decodeSafetensors(readFileSync(path));
    const bare = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    for (const metadata of [{}, { trainedOn: '{' }, { trainedOn: '{"seed":1,"data":{"type":"none"}}' }]) {
      writeFileSync(path, encodeSafetensors(bare, metadata as { [key: string]: string }));
      expect((await evaluate(text)).reported).toContain('do not say what they were trained on');
    }
  });

  it('ignores a state that no training keeps', async () => {
    const text = network('');
    const trained = await train(text, { epochs: 1 });
    const path = join(folder, 'out/weights.safetensors');
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    const kept = JSON.parse(metadata.get('trainedOn') ?? '');
    const weights = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    const wrong = [null, 'text', 1e9, -1, [], [1e9], [{ toString: 1 }], { length: 1e9 }];
    for (const state of [
      ...wrong,
      ...wrong.map((value) => ({ ...kept.state, classes: value })),
      ...wrong.map((value) => ({ ...kept.state, layout: value })),
      ...wrong.map((value) => ({ ...kept.state, scaling: value })),
    ]) {
      const trainedOn = JSON.stringify({ ...kept, state });
      writeFileSync(path, encodeSafetensors(weights, { trainedOn }));
      expect((await evaluate(text)).test.accuracy).toBeCloseTo(trained?.accuracy ?? 0, 5);
    }
  });

  it('reads no weights file that is larger than the memory it may take', async () => {
    const text = network('');
    await train(text, { epochs: 1 });
    truncateSync(join(folder, 'out/weights.safetensors'), 2 ** 40);
    const { end } = await run('evaluate', text, { memoryLimit: 2 ** 30 });
    expect([end.code, end.message]).toEqual([
      'run/too-large',
      expect.stringMatching(/has 1\.00 TiB, but at most 1\.00 GiB of such a file are read/),
    ]);
  });
});
