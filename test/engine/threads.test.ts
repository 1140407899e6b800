/** Weights after training have the same bits at any number of threads. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { createWasmBackend, readBuild } from '../../engine/kernels/wasm/load.ts';
import { type JobHost, runJob } from '../../engine/train/job.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { openTraining } from '../../engine/train/open.ts';
import { runs } from '../hostile/effort.ts';

const images =
  '"data": { "type": "shapes", "samples": 64, "testSamples": 0 }, "loss": { "type": "softmaxCrossEntropy", "from": "out" }';

const networks = {
  'a convolutional network': `{ "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "padding": "same" },
    "relu1": { "type": "relu", "from": "conv1" },
    "pool1": { "type": "maxPool2d", "from": "relu1", "poolSize": 2 },
    "conv2": { "type": "conv2d", "from": "pool1", "filters": 12, "kernelSize": 3 },
    "tanh": { "type": "tanh", "from": "conv2" },
    "flat": { "type": "flatten", "from": "tanh" },
    "out": { "type": "dense", "from": "flat", "units": 4 } },
    "training": { ${images}, "optimizer": { "type": "adam" }, "batchSize": 32 } }`,
  'a network with batch normalization': `{ "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 5 },
    "norm": { "type": "batchNorm", "from": "conv" },
    "relu": { "type": "relu", "from": "norm" },
    "flat": { "type": "flatten", "from": "relu" },
    "out": { "type": "dense", "from": "flat", "units": 4 } },
    "training": { ${images}, "optimizer": { "type": "sgd", "momentum": 0.9 }, "batchSize": 32 } }`,
  'an LSTM': `{ "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "rows": { "type": "reshape", "from": "image", "shape": [28, 28] },
    "lstm": { "type": "lstm", "from": "rows", "hiddenSize": 64 },
    "out": { "type": "dense", "from": "lstm", "units": 4 } },
    "training": { ${images}, "optimizer": { "type": "adam" }, "batchSize": 32 } }`,
};

async function weightsAfter(steps: number, text: string, threads: number): Promise<string> {
  const module = readBuild('dist/kernels', 'plain') as WebAssembly.Module;
  // While the clock stands still, threads cost nothing. So they are used however busy this machine is.
  const times = { now: () => 0, idle: () => 0 };
  const worker = resolve('dist/kernels/poolWorker.cjs');
  const backend = createWasmBackend('plain', module, threads, worker, times);
  try {
    const { parts, training } = await openTraining(text, { folder: '.' }, backend);
    const { runtime, loader, dataset } = parts;
    const { trainer } = training;
    // The work is divided as expected only once all workers have started.
    await new Promise((resolve) => setTimeout(resolve, threads > 1 ? 300 : 0));
    for (let step = 1; step <= steps; step++) {
      loader.load(
        dataset.train,
        Int32Array.from({ length: 32 }, (_, i) => (step * 32 + i) % 64),
        32,
      );
      backend.stepBegins?.();
      trainer.accumulate(32, step, true);
      trainer.update(0.001, step);
      backend.stepEnds?.();
    }
    const hash = createHash('sha256');
    for (const { data } of tensorsOf(runtime)) hash.update(new Uint8Array(Float32Array.from(data).buffer));
    return hash.digest('hex');
  } finally {
    backend.dispose?.();
  }
}

describe('threads', () => {
  it.each(Object.entries(networks))('change no bit of %s after many steps', async (_, text) => {
    const steps = runs(25);
    const alone = await weightsAfter(steps, text, 1);
    expect(await weightsAfter(steps, text, 2)).toBe(alone);
    expect(await weightsAfter(steps, text, 4)).toBe(alone);
    expect(await weightsAfter(steps - 1, text, 1)).not.toBe(alone);
  });

  it.each([
    { samples: 80, batchSize: 32, timed: [32, 32] },
    { samples: 20, batchSize: 32, timed: [20] },
  ])(
    'are timed in steps of usual size only: $timed of $samples samples',
    async ({ samples, batchSize, timed }) => {
      const found: number[] = [];
      const backend = {
        ...referenceBackend,
        stepBegins: () => found.push(training.nextSamples),
        stepEnds: () => {},
      };
      const text = networks['a network with batch normalization']
        .replace('"samples": 64', `"samples": ${samples}`)
        .replace('"batchSize": 32', `"batchSize": ${batchSize}`);
      const { training } = await openTraining(text, { folder: '.' }, backend);
      while (training.next === 'step') training.step(false);
      expect(found).toEqual(timed);
    },
  );

  it('are timed in whole updates where gradients are accumulated', async () => {
    const found: string[] = [];
    const backend = {
      ...referenceBackend,
      stepBegins: (first?: boolean) => found.push(first ? 'first' : 'next'),
      stepEnds: (last?: boolean) => found.push(last ? 'last' : 'more'),
    };
    const text = networks['a network with batch normalization']
      .replace('"samples": 64', '"samples": 160')
      .replace('"batchSize": 32', '"batchSize": 32, "accumulate": 3');
    const { training } = await openTraining(text, { folder: '.' }, backend);
    while (training.next === 'step') training.step(false);
    expect(found.join(' ')).toBe('first more next more next last first more next more');
  });

  it('that die end the run with a clear error and leave the last weights', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netloom-'));
    const module = readBuild('dist/kernels', 'plain') as WebAssembly.Module;
    const host: JobHost = {
      openBackend: (threads) =>
        createWasmBackend('plain', module, threads, resolve('test/fixtures/dyingHelper.cjs')),
      now: () => performance.now(),
      yield: () => new Promise((resume) => setTimeout(resume, 20)),
      emit: () => {},
    };
    const text = networks['a convolutional network'].replace('"batchSize"', '"epochs": 1000, "batchSize"');
    try {
      writeFileSync(join(folder, 'weights.safetensors'), 'of an earlier run');
      const end = await runJob({ task: 'train', text, folder, output: folder, threads: 2 }, host);
      expect(end).toMatchObject({ reason: 'failed' });
      expect(end.message).toMatch(/^a worker thread of the engine stopped/);
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect(readFileSync(join(folder, 'weights.safetensors')).length).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
