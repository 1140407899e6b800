/** Runs of several processes: one at a time in a folder, and complete files whenever one is killed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fs, nodeFs } from '../../engine/runs/fs.ts';
import { runFiles } from '../../engine/runs/layout.ts';
import { systemLife } from '../../engine/runs/life.ts';
import { Lock } from '../../engine/runs/lock.ts';
import { describeRun } from '../../engine/runs/reader.ts';
import { begin, end, epoch, plan, removeFolder, temporaryFolder } from './runFiles.ts';

let root: string;
let script: string;
beforeAll(async () => {
  root = temporaryFolder();
  script = join(root, 'process.cjs');
  await build({
    entryPoints: ['test/engine/runProcess.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: script,
  });
});
afterAll(() => removeFolder(root));

function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

test('three processes that request a folder again and again never have it at the same time', async () => {
  const folder = temporaryFolder();
  try {
    const children = [1, 2, 3].map(() => spawn(process.execPath, [script, 'contend', folder, '150']));
    const counts = (await Promise.all(children.map(outputOf))).map((text) => JSON.parse(text));
    expect(counts.map(({ violated }) => violated)).toEqual([0, 0, 0]);
    expect(counts.reduce((sum, { held }) => sum + held, 0)).toBeGreaterThan(100);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    removeFolder(folder);
  }
});

test('a lock that its living owner removes and creates again is not removed by another run that looks meanwhile', async () => {
  const folder = temporaryFolder();
  const token = (digit: string) => digit.repeat(12);
  try {
    const first = await Lock.take(nodeFs, folder, systemLife, token('1'));
    let second: Lock | undefined;
    const fs: Fs = {
      ...nodeFs,
      async look(path) {
        if (second) return nodeFs.look(path);
        await first.release();
        const entry = await nodeFs.look(path);
        second = await Lock.take(nodeFs, folder, systemLife, token('1'));
        return entry;
      },
    };
    await expect(Lock.take(fs, folder, systemLife, token('2'))).rejects.toMatchObject({ code: 'run/in-use' });
    expect(readdirSync(folder)).toHaveLength(1);
    await second?.release();
  } finally {
    removeFolder(folder);
  }
});

test('a run on a folder in which another one writes is refused, and when that one is killed its folder is taken over', async () => {
  const folder = temporaryFolder();
  try {
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [script, 'save', folder]);
      const output = outputOf(child);
      const saves = 1 + (round % 4);
      await new Promise<void>((resolve) => {
        let lines = 0;
        child.stdout.on('data', (chunk) => {
          lines += String(chunk).split('\n').length - 1;
          if (lines >= saves) resolve();
        });
      });
      await expect(begin({ output: folder })).rejects.toMatchObject({
        code: 'run/in-use',
        message: expect.stringContaining(`process ${child.pid}`),
      });
      expect(await describeRun(folder)).toMatchObject({ state: 'running' });
      // A moment later each time, so that every part of a save is interrupted.
      await new Promise((resolve) => setTimeout(resolve, round / 4));
      child.kill('SIGKILL');
      const acknowledged = Number((await output).trim().split('\n').at(-1));
      const weights = readFileSync(join(folder, runFiles.weights));
      expect(weights).toHaveLength(200_000);
      const version = weights.readUInt32LE();
      expect(version).toBeGreaterThanOrEqual(acknowledged);
      expect(new Set(weights.subarray(4))).toEqual(new Set([version % 256]));
      const summary = await describeRun(folder);
      expect(summary).toMatchObject({ state: 'cut off' });
      expect(summary?.epoch).toBeGreaterThan(0);
    }
    const { writer, warnings } = await begin({ output: folder });
    writer.add(plan);
    writer.add(epoch(1));
    await writer.saveWeights(Buffer.from('new'));
    await writer.end(end('finished', 10));
    expect(warnings).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(Object.values(runFiles).sort());
    expect(await describeRun(folder)).toMatchObject({ state: 'finished' });
  } finally {
    removeFolder(folder);
  }
});

test('a process is alive until it ends, and another one with the same number is not taken for it', () => {
  const { self } = systemLife;
  expect(systemLife.isAlive(self, 1e9)).toBe(true);
  if (self.began > 0) expect(systemLife.isAlive({ ...self, began: self.began + 1 }, 0)).toBe(false);
  const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' });
  expect(systemLife.isAlive({ ...self, process: Number(gone) }, 0)).toBe(false);
  // On another host, only a heartbeat counts.
  expect(systemLife.isAlive({ ...self, host: '00000000' }, 1000)).toBe(true);
  expect(systemLife.isAlive({ ...self, host: '00000000' }, 24 * 3_600_000)).toBe(false);
});

test('a folder that is deleted during a run is created again, with all its files', async () => {
  const folder = temporaryFolder();
  try {
    const { writer, warnings } = await begin({ folder, network: 'a.nn.json' });
    writer.add(plan);
    writer.add(epoch(1));
    expect(await writer.saveWeights(Buffer.from('first'))).toBe(true);
    removeFolder(join(folder, '.netloom'));
    writer.add(epoch(2));
    expect(await writer.saveWeights(Buffer.from('second'))).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['run/not-saved', 'run/saved-again']);
    expect(warnings[0].message).toMatch(/the folder of .* is gone/);
    const ended = await writer.end(end('finished', 20));
    expect(ended.code).toBeUndefined();
    expect(readdirSync(ended.folder!).sort()).toEqual(Object.values(runFiles).sort());
    expect(readFileSync(join(ended.folder!, runFiles.weights), 'utf8')).toBe('second');
    expect(await describeRun(ended.folder!)).toMatchObject({ state: 'finished', epoch: 2 });
  } finally {
    removeFolder(folder);
  }
});

test('a run is not saved again before it has continued for nine times as long as the last save took', async () => {
  const folder = temporaryFolder();
  let time = 0;
  const fs: Fs = {
    ...nodeFs,
    rename(from, to) {
      time += 10;
      return nodeFs.rename(from, to);
    },
  };
  try {
    const { writer } = await begin({ folder, network: 'a.nn.json' }, { fs, now: () => time });
    expect(writer.isSaveDue).toBe(true);
    const before = time;
    await writer.saveWeights(Buffer.from('first'));
    const took = time - before;
    expect(took).toBeGreaterThan(0);
    expect(writer.isSaveDue).toBe(false);
    time += 9 * took - 1;
    expect(writer.isSaveDue).toBe(false);
    time += 1;
    expect(writer.isSaveDue).toBe(true);
    await writer.end(end('finished', 10));
  } finally {
    removeFolder(folder);
  }
});

test('weights that exceed the limit of a file are reported, and the earlier ones stay', async () => {
  const folder = temporaryFolder();
  try {
    const child = spawn('sh', [
      '-c',
      `ulimit -f 100; exec "${process.execPath}" "${script}" save "${folder}"`,
    ]);
    const complaint = await new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk) => resolve(String(chunk)));
      child.on('close', () => resolve(''));
    });
    child.kill('SIGKILL');
    expect(complaint).toMatch(
      /^The weights could not be saved: .*weights\.safetensors.* would be larger than the largest file allowed here\./,
    );
    expect(readdirSync(folder)).not.toContain(runFiles.weights);
  } finally {
    removeFolder(folder);
  }
});
