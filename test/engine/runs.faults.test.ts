/**
 * Every call to the file system fails in turn, in every way, in every situation: no file is ever incomplete, what was acknowledged
 * as saved is there, and the run continues.
 */

import { afterAll, describe, expect, test } from 'vitest';
import type { Fs } from '../../engine/runs/fs.ts';
import { runFiles } from '../../engine/runs/layout.ts';
import type { Life } from '../../engine/runs/life.ts';
import { decodeManifest } from '../../engine/runs/manifest.ts';
import { newestWeights, readEvents } from '../../engine/runs/reader.ts';
import type { RunTarget } from '../../engine/runs/target.ts';
import { RunWriter } from '../../engine/runs/writer.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { runs } from '../hostile/effort.ts';
import { Crash, type Fault, MemoryFs, withFault } from './memoryFs.ts';
import { type EventOf, end, epoch, plan, stats, step, text } from './runFiles.ts';

const out: RunTarget = { output: '/out' };
const beside: RunTarget = { folder: '/net', network: 'a.nn.json' };

/** Processes have numbers. Those with smaller numbers are dead. */
const lifeOf = (process: number): Life => ({
  self: { host: '00000000', process, began: 1 },
  isAlive: (owner) => owner.process === process,
});

/** Weights with a version. Incomplete weights would be detected by their length. */
const weights = (version: number): Buffer => Buffer.from(`weights ${version} ${'x'.repeat(1000)} end`);

interface Situation {
  readonly target: RunTarget;
  readonly prepare: (fs: MemoryFs) => void;
  /** Weights that exist before the run. */
  readonly earlier?: Buffer;
  readonly logLimit?: number;
}

function earlierRun(fs: MemoryFs, folder: string): void {
  fs.putFolder(folder);
  fs.put(`${folder}/${runFiles.weights}`, weights(0).toString());
  fs.put(`${folder}/${runFiles.spec}`, text);
  fs.put(`${folder}/${runFiles.log}`, `${JSON.stringify(plan)}\n`);
}

const situations: { readonly [name: string]: Situation } = {
  'the first run beside a network': { target: beside, prepare: (fs) => fs.putFolder('/net') },
  'a run into a new folder': { target: { output: '/deep/er/out' }, prepare: () => undefined },
  'a run over an earlier one': {
    target: out,
    earlier: weights(0),
    prepare: (fs) => earlierRun(fs, '/out'),
  },
  'a run whose log is thinned': { target: out, logLimit: 1200, prepare: (fs) => fs.putFolder('/out') },
  'a run after one that was killed': {
    target: out,
    earlier: weights(0),
    prepare(fs) {
      earlierRun(fs, '/out');
      fs.put('/out/lock.00000000.7.1.aaaaaaaaaaaa', '');
      fs.put(`/out/${runFiles.weights}.aaaaaaaaaaaa.tmp`, 'half of');
      fs.put(`/out/${runFiles.log}.aaaaaaaaaaaa-12.tmp`, '{"event":"pl');
    },
  },
};

interface Outcome {
  /** Version of the last weights that were acknowledged. */
  readonly saved: number;
  readonly warnings: readonly EventOf<'warning'>[];
  readonly end: EventOf<'end'> | undefined;
  readonly refused: ProblemError | undefined;
}

/** A run with two saves. Never throws. */
async function run(fs: Fs, { target, logLimit }: Situation, process: number, first = 1): Promise<Outcome> {
  const warnings: EventOf<'warning'>[] = [];
  let saved = 0;
  let writer: RunWriter;
  try {
    writer = await RunWriter.begin(
      { target, network: 'a.nn.json', text, seed: 1 },
      {
        warn: (warning) => warnings.push(warning),
        fs,
        life: lifeOf(process),
        ...(logLimit ? { logLimit } : {}),
      },
    );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { saved, warnings, end: undefined, refused: error };
  }
  writer.add(plan);
  for (let version = first; version < first + 2; version++) {
    for (let at = 1; at <= 2; at++) writer.add(step(at));
    writer.add(stats(2));
    writer.add(epoch(version));
    if (await writer.saveWeights(weights(version))) saved = version;
  }
  const ended = await writer.end(end('finished', 30));
  // At the end of a run, the last save is tried again.
  if (ended.code === undefined) saved = first + 1;
  return { saved, warnings, end: ended, refused: undefined };
}

async function weightsIn(fs: MemoryFs, target: RunTarget): Promise<string | undefined> {
  const folder = 'output' in target ? target.output : await newestWeights('/net', 'a.nn.json', fs);
  return folder === undefined ? undefined : fs.read(`${folder}/${runFiles.weights}`);
}

const versionOf = (content: string | undefined): number =>
  [0, 1, 2, 8, 9].find((version) => weights(version).toString() === content) ?? Number.NaN;

/** Expects that every file with its final name is complete. */
async function expectWhole(fs: MemoryFs): Promise<void> {
  for (const path of fs.paths) {
    const content = fs.read(path)!;
    if (path.endsWith(`/${runFiles.weights}`))
      expect(versionOf(content), `${path}: ${content.slice(0, 20)}`).not.toBeNaN();
    if (path.endsWith(`/${runFiles.spec}`)) expect(content).toBe(text);
    if (path.endsWith(`/${runFiles.manifest}`)) expect(decodeManifest(content), content).toBeDefined();
    if (path.endsWith(`/${runFiles.log}`)) {
      const events = [];
      for await (const event of readEvents(path.slice(0, -runFiles.log.length - 1), fs)) events.push(event);
      // One that begins beside a network has its name before its first event.
      if (content.trim().includes('\n')) expect(events[0], content).toEqual(plan);
    }
  }
}

let points = 0;
afterAll(() => expect(points).toBeGreaterThan(700));

const faults: readonly { readonly fault: Fault; readonly code: string; readonly power?: number }[] = [
  ...['ENOSPC', ...(runs(1) > 1 ? ['ENOENT', 'EACCES', 'EBUSY', 'EIO', 'EROFS'] : [])].map((code) => ({
    fault: 'error forever' as const,
    code,
  })),
  ...['ENOSPC', 'ENOENT', ...(runs(1) > 1 ? ['EACCES', 'EBUSY', 'EIO'] : []), 'EROFS'].map((code) => ({
    fault: 'error once' as const,
    code,
  })),
  { fault: 'short write', code: '' },
  { fault: 'crash before', code: '' },
  { fault: 'crash after', code: '' },
  { fault: 'crash after', code: '', power: 0 },
  { fault: 'crash after', code: '', power: 512 },
];

describe.each(Object.entries(situations))('%s', (_, situation) => {
  test.each(
    faults.map(
      (fault) =>
        [
          `${fault.fault} ${fault.code}${fault.power === undefined ? '' : ` and power lost (${fault.power})`}`,
          fault,
        ] as const,
    ),
  )('survives at every call: %s', async (_, { fault, code, power }) => {
    for (let at = 1; ; at++) {
      const fs = new MemoryFs();
      situation.prepare(fs);
      const faulty = withFault(fs, at, fault, code);
      const outcome = await run(faulty.fs, situation, 1);
      if (faulty.calls < at) {
        expect(outcome).toMatchObject({ saved: 2, warnings: [], end: { reason: 'finished' } });
        break;
      }
      points++;
      const context = `call ${at}: ${JSON.stringify(outcome)}`;
      const isCrash = fault.startsWith('crash');
      if (power !== undefined) fs.losePower(power);
      await expectWhole(fs);
      const found = await weightsIn(fs, situation.target);
      if (outcome.saved > 0) expect(versionOf(found), context).toBeGreaterThanOrEqual(outcome.saved);
      else if (situation.earlier) expect(found, context).toBeDefined();
      if (!isCrash) {
        // A run is refused only if there seems to be a file instead of a folder.
        if (outcome.refused)
          expect([code, outcome.refused.code], context).toEqual([code, 'run/not-a-folder']);
        for (const { message } of outcome.warnings) {
          expect(message).toMatch(/\w\.$/);
          expect(message).not.toMatch(/\n|at \w+ \(|undefined/);
        }
        if (outcome.saved < 2 && !outcome.refused) {
          expect(outcome.end, context).toMatchObject({ code: 'run/not-saved', message: expect.any(String) });
          expect(outcome.warnings.at(-1)?.code, context).toBe('run/not-saved');
        }
        if (fault !== 'error forever' && !outcome.refused) expect(outcome.saved, context).toBe(2);
      }
      // The next run removes the remains, and is not blocked by them.
      const next = await run(fs, situation, 2, 8);
      expect(next, context).toMatchObject({ saved: 9, warnings: [], end: { reason: 'finished' } });
      expect(versionOf(await weightsIn(fs, situation.target))).toBe(9);
      await expectWhole(fs);
      if ('output' in situation.target)
        expect(fs.names(situation.target.output).sort(), context).toEqual(Object.values(runFiles).sort());
    }
  });
});

test('a process that has crashed does nothing later', async () => {
  const fs = new MemoryFs();
  fs.putFolder('/out');
  const { fs: crashed } = withFault(fs, 1, 'crash before', '');
  await expect(crashed.look('/out')).rejects.toThrow(Crash);
  await expect(crashed.makeFolder('/out/a')).rejects.toThrow(Crash);
  expect(fs.names('/out')).toEqual([]);
});
