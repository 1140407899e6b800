/** The bundled engine in its own process: stops at any moment, complete weights, and no process that remains. */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../engine/export/safetensors.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { Channel } from '../../engine/protocol/channel.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { EngineToHost, HostToEngine, Job } from '../../engine/protocol/training.ts';
import { describeRun } from '../../engine/runs/reader.ts';
import { Commits } from '../../engine/train/commits.ts';
import { runJob } from '../../engine/train/job.ts';
import { isThorough } from '../hostile/effort.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A network with running statistics, which change before the parameters do, and with two batches for each update. */
const network = (training: string) => `{
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3 },
    "norm": { "type": "batchNorm", "from": "conv" },
    "relu": { "type": "relu", "from": "norm" },
    "flat": { "type": "flatten", "from": "relu" },
    "out": { "type": "dense", "from": "flat", "units": 4 }
  },
  "training": { "data": { "type": "shapes", "samples": 200, "testSamples": 0 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": { "type": "adam" },
    "batchSize": 20, "seed": 3, ${training} }
}`;
const endless = network('"epochs": 1000000, "accumulate": 2');
/** One epoch that does not end, so that nothing is saved meanwhile. */
const oneEpoch = network('"epochs": 1').replace('"samples": 200', '"samples": 20000');

const jobOf = (text: string, output = join(folder, 'out')): Job => ({ task: 'train', text, folder, output });

function startEngine(onEvent: (event: TrainingEvent) => void = () => {}) {
  const child = fork('dist/engine.cjs', [resolve('dist/worker.cjs'), String(2 ** 30), String(process.pid)], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  const channel = new Channel<HostToEngine, EngineToHost>(
    {
      post: (message) => child.send(message as object, () => {}),
      onMessage: (listener) => child.on('message', listener),
    },
    { ready: () => {}, events: ({ events }) => events.forEach(onEvent) },
  );
  return { child, channel };
}

async function startedTraining(text = endless, onEvent: (event: TrainingEvent) => void = () => {}) {
  let begun = () => {};
  const firstStep = new Promise<void>((done) => {
    begun = done;
  });
  const engine = startEngine((event) => {
    onEvent(event);
    if (event.event === 'step') begun();
  });
  const end = engine.channel.request('run', { job: jobOf(text) });
  await firstStep;
  return { ...engine, end };
}

const savedWeights = (output = join(folder, 'out')) => {
  const { tensors, metadata } = decodeSafetensors(readFileSync(join(output, 'weights.safetensors')));
  const hash = createHash('sha256');
  for (const [name, { data }] of tensors)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { hash: hash.digest('hex'), step: Number(metadata.get('step')) };
};

/** The weights that the same training saves if it ends normally after this many steps. */
async function weightsAfter(steps: number, text: string): Promise<string> {
  class Enough extends Commits {
    override stepBegins(): void {
      super.stepBegins();
      if (this.step === steps) throw new Error('enough');
    }
  }
  // Beside a network, because a named folder gets no weights of a run that fails within its first epoch.
  const job: Job = { task: 'train', text, folder, network: 'after.nn.json' };
  const end = await runJob(job, {
    openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
    now: () => performance.now(),
    yield: async () => {},
    emit: () => {},
    commits: new Enough(),
  });
  expect(end).toMatchObject({ reason: 'failed', step: steps + 1 });
  return savedWeights(end.folder).hash;
}

const isAlive = (pid: number): boolean => {
  try {
    // A zombie, whose exit code nobody has read yet, is dead, too.
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20);
}

describe('an engine that is stopped', () => {
  it.each(isThorough ? [0, 70, 130, 210] : [0, 130])(
    'keeps the weights of its last complete step, to the bit, %d ms after its first report',
    async (pause) => {
      const { channel, end } = await startedTraining();
      await delay(pause);
      await channel.request('stop', { cutOff: false });
      const { reason, step } = await end;
      expect(reason).toBe('stopped');
      expect(step).toBeGreaterThan(0);
      expect(await channel.request('settle', {})).toMatchObject({
        reason,
        step,
        folder: join(folder, 'out'),
      });
      const saved = savedWeights();
      expect(saved.step).toBe(step);
      expect(saved.hash).toBe(await weightsAfter(step, endless));
      const log = readFileSync(join(folder, 'out/run.jsonl'), 'utf8').trim().split('\n');
      expect(JSON.parse(log.at(-1) ?? '')).toEqual({ event: 'end', reason: 'stopped', step });
    },
  );

  it('keeps the weights of the best epoch, where early stopping asks for them', async () => {
    const text = network('"epochs": 1000000, "earlyStopping": { "patience": 100000 }').replace(
      '"adam"',
      '"sgd", "learningRate": 0.5',
    );
    let isLate = () => {};
    const late = new Promise<void>((done) => {
      isLate = done;
    });
    const { channel, end } = await startedTraining(text, (event) => {
      if (event.event === 'epoch' && event.epoch >= 20) isLate();
    });
    await late;
    await channel.request('stop', { cutOff: false });
    const { step, restoredEpoch = Number.NaN } = await end;
    await channel.request('settle', {});
    const { hash, step: saved } = savedWeights();
    expect(saved).toBe(10 * restoredEpoch);
    expect(saved).toBeLessThan(step);
    expect(hash).toBe(
      await weightsAfter(saved, text.replace('"earlyStopping"', '"//"').replace(/, "\/\/": {[^}]*}/, '')),
    );
  });

  it('does not begin if it is stopped before it has begun', async () => {
    const { channel } = startEngine();
    await channel.request('stop', { cutOff: false });
    expect(await channel.request('run', { job: jobOf(endless) })).toEqual({
      event: 'end',
      reason: 'stopped',
      step: 0,
    });
    expect(await channel.request('settle', {})).toEqual({ event: 'end', reason: 'stopped', step: 0 });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('reports what it could not save', async () => {
    const { channel, end } = await startedTraining(oneEpoch);
    // A folder cannot be replaced by a file.
    rmSync(join(folder, 'out/weights.safetensors'), { force: true });
    mkdirSync(join(folder, 'out/weights.safetensors/in-the-way'), { recursive: true });
    await channel.request('stop', { cutOff: false });
    expect((await end).reason).toBe('stopped');
    expect(await channel.request('settle', {})).toMatchObject({
      reason: 'stopped',
      code: 'run/not-saved',
      message: expect.stringMatching(/^The last save failed: .*weights\.safetensors/),
    });
  });
});

const worker = resolve('dist/worker.cjs');

describe('the process of an engine', () => {
  it('shows another sample from the next measurement on, without a new training', async () => {
    const shown: (number | undefined)[] = [];
    let notice = () => {};
    const { channel, end } = await startedTraining(endless, (event) => {
      if (event.event !== 'detail') return;
      shown.push(event.sample);
      notice();
    });
    const until = (sample: number) =>
      new Promise<void>((done) => {
        notice = () => shown.at(-1) === sample && done();
        notice();
      });
    await until(1);
    await channel.request('chooseSample', { sample: 3 });
    await until(3);
    await channel.request('stop', { cutOff: false });
    expect((await end).reason).toBe('stopped');
    expect(shown.lastIndexOf(1)).toBeLessThan(shown.indexOf(3));
  });

  it('ends, with its weights saved, when its host is gone', async () => {
    const { child, channel, end } = await startedTraining();
    end.catch(() => {});
    channel.close('the host is gone');
    child.disconnect();
    await untilGone(child.pid ?? 0);
    const { hash, step } = savedWeights();
    expect(hash).toBe(await weightsAfter(step, endless));
    expect(await describeRun(join(folder, 'out'))).toMatchObject({ state: 'cut off' });
  });

  it.each([
    { asked: 'stopped', cutOff: false },
    { asked: 'cut off', cutOff: true },
  ])('leaves a run that is $asked, if that was asked for', async ({ asked, cutOff }) => {
    const { channel, end } = await startedTraining();
    await channel.request('stop', { cutOff });
    await end;
    await channel.request('settle', {});
    expect(await describeRun(join(folder, 'out'))).toMatchObject({ state: asked });
  });

  it.skipIf(process.platform === 'win32')(
    'ends also when its main thread no longer hears of that',
    async () => {
      // The host of this engine is a process in between, which is killed.
      const script = join(folder, 'spinning.cjs');
      writeFileSync(
        script,
        `require(${JSON.stringify(resolve('dist/engine.cjs'))});
       if (require('node:worker_threads').isMainThread) setTimeout(() => { for (;;); }, 300);`,
      );
      const host = spawn(
        process.execPath,
        [
          '-e',
          `const { pid } = require('node:child_process').fork(${JSON.stringify(script)}, [${JSON.stringify(worker)}, '1e9', process.pid]);
         console.log(pid); setInterval(() => {}, 1000);`,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      children.push(host);
      const pid = Number(
        await new Promise<string>((done) => host.stdout.once('data', (text) => done(String(text)))),
      );
      await delay(800);
      expect(isAlive(pid)).toBe(true);
      host.kill('SIGKILL');
      await untilGone(pid);
    },
  );

  it('ends also when its host was gone before it began', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => gone.on('exit', done));
    const script = join(folder, 'spinning.cjs');
    writeFileSync(
      script,
      `require(${JSON.stringify(resolve('dist/engine.cjs'))});
       if (require('node:worker_threads').isMainThread) setTimeout(() => { for (;;); }, 300);`,
    );
    const engine = spawn(process.execPath, [script, worker, '1e9', String(gone.pid)], { stdio: 'ignore' });
    children.push(engine);
    expect(await new Promise((done) => engine.on('exit', (_, signal) => done(signal)))).toBe('SIGKILL');
  });

  it('is reported at most ten times a second, however many epochs there are', async () => {
    let messages = 0;
    const text = network('"epochs": 1000000').replace('"samples": 200', '"samples": 20');
    const { child, channel, end } = await startedTraining(text);
    child.on('message', (message) => {
      if ((message as { name?: string }).name === 'events') messages++;
    });
    const began = performance.now();
    await delay(1000);
    while (messages < 2) await delay(50);
    await channel.request('stop', { cutOff: false });
    await end;
    // Compared with the time it took, however long. The last message follows the others at once.
    expect(messages).toBeLessThanOrEqual((performance.now() - began) / 100 + 2);
    expect(messages).toBeGreaterThan(1);
  });
});

describe('the command line', () => {
  const cli = (...operands: string[]) => {
    const child = spawn(process.execPath, ['dist/cli.cjs', ...operands], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
    const saw = (word: string) =>
      new Promise<void>((done) =>
        child.stdout.on('data', (text) => {
          if (String(text).includes(word)) done();
        }),
      );
    return { child, exited, saw };
  };

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops on %s, keeps the weights, and exits with %d', async (signal, code) => {
    const file = join(folder, 'n.nn.json');
    writeFileSync(file, endless);
    const { child, exited, saw } = cli('train', file, '--json', '--out', join(folder, 'out'));
    await saw('"event":"step"');
    child.kill(signal);
    expect(await exited).toBe(code);
    const { hash, step } = savedWeights();
    expect(hash).toBe(await weightsAfter(step, endless));
  });

  it.skipIf(process.platform === 'win32')('stopped while it saves, leaves whole weights only', async () => {
    const file = join(folder, 'n.nn.json');
    // 2.5 million weights: a save takes long enough to be interrupted.
    writeFileSync(file, endless.replace('"units": 4 }', '"units": 900 }'));
    const output = join(folder, 'out');
    const { child, exited } = cli('train', file, '--out', output);
    const isSaving = () =>
      existsSync(output) && readdirSync(output).some((name) => /^weights\..*\.tmp$/.test(name));
    while (!isSaving()) await delay(1);
    child.kill('SIGTERM');
    expect(await exited).toBe(143);
    expect(savedWeights().step).toBeGreaterThan(0);
    expect(readdirSync(output).filter((name) => /\.tmp$|^lock/.test(name))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('says what prevents a new network, and what to do', () => {
    const said = (file: string) => {
      const { status, stderr } = spawnSync(process.execPath, ['dist/cli.cjs', 'new', file], {
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      return stderr;
    };
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'there'));
    expect(said(join(folder, 'no/new.nn.json'))).toMatch(/there is no folder .*no\. Make it first/);
    expect(said(join(folder, 'file'))).toMatch(/exists already\. Choose another name/);
    expect(said(join(folder, 'file/new.nn.json'))).toMatch(/a file is in the way/);
    expect(said('/proc/new.nn.json')).not.toMatch(/ENOENT|at Object|Usage/);
  });
});
