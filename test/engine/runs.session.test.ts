/** The files of whole jobs: each run has its own folder, and a run that fails destroys nothing of an earlier one. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { Supervisor } from '../../engine/process/supervisor.ts';
import { startThread } from '../../engine/process/thread.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { newestRun, newestWeights } from '../../engine/runs/reader.ts';
import { threadHost } from '../../engine/train/host.ts';
import { runJob } from '../../engine/train/job.ts';
import { removeFolder, snapshot, temporaryFolder } from './runFiles.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  cpSync('test/fixtures/runs', folder, { recursive: true });
});
afterEach(() => removeFolder(folder));

const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const good = '1-good.nn.json';
const tooSmall = '2-one-too-small.nn.json';

async function run(job: Partial<Job> & { readonly network: string }) {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', folder, text: textOf(job.network), ...job },
    {
      openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
      ...threadHost,
      emit: (event) => events.push(event),
    },
  );
  return { events, end };
}

const evaluate = async (job: Partial<Job> & { readonly network: string }) => {
  const { events, end } = await run({ ...job, task: 'evaluate' });
  const evaluation = events.find((event) => event.event === 'evaluation');
  return { end, loss: evaluation?.event === 'evaluation' ? evaluation.test.loss : undefined };
};

describe('a run that is refused or fails in its first steps', () => {
  test('leaves weights and log of an earlier run in its folder as they were', async () => {
    const output = join(folder, 'X');
    expect((await run({ network: good, output })).end.reason).toBe('finished');
    const before = snapshot(output);
    expect(Object.keys(before)).toEqual(['network.jsonc', 'run.json', 'run.jsonl', 'weights.safetensors']);
    const { loss } = await evaluate({ network: good, output });
    expect((await run({ network: tooSmall, output })).end).toMatchObject({
      reason: 'failed',
      path: ['layers', 'e', 'vocabularySize'],
    });
    expect(snapshot(output)).toEqual(before);
    expect((await evaluate({ network: good, output })).loss).toBe(loss);
  });

  test('does the same if its numbers become infinite in the first epoch', async () => {
    const output = join(folder, 'X');
    await run({ network: good, output });
    const before = snapshot(output);
    const astray = textOf(good).replace(
      '"type": "adam", "learningRate": 0.02',
      '"type": "sgd", "learningRate": 1e38',
    );
    expect((await run({ network: good, output, text: astray })).end).toMatchObject({
      code: 'train/not-finite',
    });
    expect(snapshot(output)).toEqual(before);
  });

  test('leaves no folder if there was none', async () => {
    const before = snapshot(folder);
    const text = textOf(good).replace('text.txt', 'nowhere.txt');
    for (const output of [join(folder, 'deep/er/X'), undefined])
      expect((await run({ network: good, text, ...(output ? { output } : {}) })).end.reason).toBe('failed');
    const astray = textOf(good).replace(
      '"type": "adam", "learningRate": 0.02',
      '"type": "sgd", "learningRate": 1e38',
    );
    expect((await run({ network: good, text: astray, output: join(folder, 'deep/er/X') })).end.reason).toBe(
      'failed',
    );
    expect(snapshot(folder)).toEqual(before);
  });

  test('in its very first step leaves no untrained weights to an evaluation', async () => {
    await run({ network: good, epochs: 2 });
    const weights = await newestWeights(folder, good);
    const huge = '"kernelInitializer": { "type": "constant", "value": 1e38 }';
    const text = `{
      "layers": {
        "point": { "type": "input", "shape": [2] },
        "h": { "type": "dense", "from": "point", "units": 8, ${huge} },
        "y": { "type": "dense", "from": "h", "units": 2, ${huge} } },
      "training": {
        "data": { "type": "points", "pattern": "xor" },
        "loss": { "type": "softmaxCrossEntropy", "from": "y" }, "optimizer": "adam" } }`;
    const { end } = await run({ network: good, text });
    expect(end).toMatchObject({ reason: 'failed', code: 'train/not-finite', step: 1 });
    expect(end.message).toMatch(/The run saved no weights\.$/);
    expect(await newestWeights(folder, good)).toBe(weights);
  });

  test('in the editor’s folder for a network is passed over by an evaluation', async () => {
    await run({ network: good, epochs: 2 });
    const weights = await newestWeights(folder, good);
    const { loss } = await evaluate({ network: good });
    const astray = textOf(good).replace(
      '"type": "adam", "learningRate": 0.02',
      '"type": "sgd", "learningRate": 1e30',
    );
    const { end } = await run({ network: good, text: astray });
    expect(end.reason).toBe('failed');
    expect(await newestWeights(folder, good)).toBe(weights);
    expect((await evaluate({ network: good })).loss).toBe(loss);
  });
});

describe('each run of a network', () => {
  test('has its own folder, none is overwritten, and Git ignores them', async () => {
    const first = (await run({ network: good, epochs: 1 })).end.folder!;
    const before = snapshot(first);
    const second = (await run({ network: good, epochs: 2 })).end.folder!;
    expect(snapshot(first)).toEqual(before);
    const runs = join(folder, '.netloom/runs/1-good');
    expect(readdirSync(runs).map((id) => join(runs, id))).toEqual([first, second]);
    expect(readFileSync(join(folder, '.netloom/.gitignore'), 'utf8')).toBe('*\n');
    const files = readdirSync(join(folder, '.netloom'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.nn.json'))).toEqual([]);
    expect(await newestRun(folder, good)).toMatchObject({
      folder: second,
      state: 'finished',
      epoch: 2,
      step: 10,
      manifest: { network: '1-good', seed: 1, state: 'finished', epoch: 2, step: 10 },
    });
  });

  test('is evaluated by its weights, the newest first', async () => {
    await run({ network: good, epochs: 1 });
    const early = await evaluate({ network: good });
    await run({ network: good, epochs: 20 });
    const late = await evaluate({ network: good });
    expect(late.loss).toBeLessThan(early.loss! / 10);
  });

  test('that was stopped keeps its weights, and reports that it was stopped', async () => {
    const supervisor = new Supervisor(startThread(resolve('dist/worker.cjs')), {
      emit: ({ event }) => {
        if (event === 'epoch') supervisor.stop();
      },
    });
    await supervisor.run({
      job: { task: 'train', folder, text: textOf(good), network: good, epochs: 1_000_000 },
    });
    const end = await supervisor.settle();
    expect(end.reason).toBe('stopped');
    expect(await newestRun(folder, good)).toMatchObject({ state: 'stopped' });
    expect(await newestWeights(folder, good)).toBe(end.folder);
  });
});

test('a spec whose text is a shell script overwrites no file through prepared links', async () => {
  const network = 'symlink-evil.nn.json';
  const script = join(folder, 'script.sh');
  writeFileSync(script, 'echo as it was');
  for (const position of ['.netloom', '.netloom/runs', '.netloom/runs/symlink-evil']) {
    mkdirSync(dirname(join(folder, position)), { recursive: true });
    symlinkSync(script, join(folder, position));
    const { end } = await run({ network });
    expect(end).toMatchObject({ reason: 'failed', code: 'run/link' });
    removeFolder(join(folder, '.netloom'));
  }
  expect(readFileSync(script, 'utf8')).toBe('echo as it was');
});
