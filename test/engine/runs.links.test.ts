/** Nothing is written or read through a link of any kind, at any place where a run has a folder or a file. */
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fs, nodeFs } from '../../engine/runs/fs.ts';
import { runFiles } from '../../engine/runs/layout.ts';
import {
  describeRun,
  newestRun,
  newestWeights,
  readEvents,
  readWeightsFile,
} from '../../engine/runs/reader.ts';
import type { RunTarget } from '../../engine/runs/target.ts';
import { begin, end, epoch, plan, removeFolder, snapshot, temporaryFolder } from './runFiles.ts';

let root: string;
let folder: string;
let outside: string;
let before: ReturnType<typeof snapshot>;

beforeEach(() => {
  root = temporaryFolder();
  [folder, outside] = [join(root, 'network'), join(root, 'outside')];
  mkdirSync(folder);
  mkdirSync(join(outside, 'folder'), { recursive: true });
  // Also names that a run would consider its own, and remove.
  for (const name of [
    ...Object.values(runFiles),
    'run.json.0123456789ab.tmp',
    'lock.01234567.1.1.0123456789ab',
  ])
    writeFileSync(join(outside, 'folder', name), `of somebody else: ${name}`);
  writeFileSync(join(outside, 'file'), 'of somebody else');
  before = snapshot(outside);
});
afterEach(() => {
  expect(snapshot(outside)).toEqual(before);
  removeFolder(root);
});

const kinds = {
  'a folder': () => join(outside, 'folder'),
  'a file': () => join(outside, 'file'),
  nothing: () => join(outside, 'missing'),
};
const linkKinds = Object.entries(kinds);

/** The real file system. Each call that changes files goes through `around`. */
function exchanging(around: <T>(act: () => Promise<T>) => Promise<T>): Fs {
  return {
    ...nodeFs,
    create: (path) => around(() => nodeFs.create(path)),
    append: (path) => around(() => nodeFs.append(path)),
    rename: (from, to) => around(() => nodeFs.rename(from, to)),
    remove: (path) => around(() => nodeFs.remove(path)),
  };
}

async function train(target: RunTarget, fs?: Fs) {
  const started = await begin(target, fs ? { fs } : {});
  started.writer.add(plan);
  started.writer.add(epoch(1));
  await started.writer.saveWeights(Buffer.from('weights'));
  return started;
}

describe('beside a network', () => {
  const target = (): RunTarget => ({ folder, network: 'net.nn.json' });

  for (const [kind, target_] of linkKinds)
    test.each(['.netloom', '.netloom/runs', '.netloom/runs/net'])(
      `%s is refused as a link to ${kind}, with its path and what to do`,
      async (position) => {
        const path = join(folder, position);
        mkdirSync(dirname(path), { recursive: true });
        symlinkSync(target_(), path);
        await expect(begin(target())).rejects.toMatchObject({
          code: 'run/link',
          message: expect.stringContaining(`${path} is a link`),
        });
        await expect(begin(target())).rejects.toThrow(/Delete the link/);
        expect(lstatSync(path).isSymbolicLink()).toBe(true);
        await expect(newestRun(folder, 'net.nn.json')).rejects.toMatchObject({ code: 'run/link' });
        await expect(newestWeights(folder, 'net.nn.json')).rejects.toMatchObject({ code: 'run/link' });
      },
    );

  test.each(linkKinds)(
    'a run’s folder that is a link to %s is not a run, and nothing in it is removed',
    async (_, to) => {
      mkdirSync(join(folder, '.netloom/runs/net'), { recursive: true });
      symlinkSync(to(), join(folder, '.netloom/runs/net/2026-01-02T03-04-05.678Z'));
      expect(await newestRun(folder, 'net.nn.json')).toBeUndefined();
      expect(await newestWeights(folder, 'net.nn.json')).toBeUndefined();
      const { writer } = await train(target());
      await writer.end(end('finished', 10));
      expect(await newestRun(folder, 'net.nn.json')).toMatchObject({ state: 'finished' });
    },
  );

  for (const [kind, to] of linkKinds)
    test.each(['.netloom', '.netloom/runs', '.netloom/runs/net', 'the run’s folder'])(
      `%s may become a link to ${kind} during a run: it is reported, and the run continues`,
      async (position) => {
        const { writer, warnings } = await train(target());
        const path = position.startsWith('.') ? join(folder, position) : writer.folder!;
        renameSync(path, join(root, 'moved'));
        symlinkSync(to(), path);
        await writer.saveWeights(Buffer.from('newer'));
        expect(warnings.map(({ message }) => message).join()).toContain(`${path} is a link`);
        expect((await writer.end(end('finished', 20))).message).toContain(`${path} is a link`);
      },
    );

  for (const [kind, to] of linkKinds)
    test.each(Object.values(runFiles))(`%s may become a link to ${kind} during a run`, async (name) => {
      const { writer, warnings } = await train(target());
      const path = join(writer.folder!, name);
      renameSync(path, `${path}.moved`);
      symlinkSync(to(), path);
      await writer.saveWeights(Buffer.from('newer'));
      const ended = await writer.end(end('finished', 20));
      // Only weights and manifest are written again. The links with other names are never examined.
      if (name === runFiles.weights) expect(ended.message).toContain(`${path} is a link`);
      if (name === runFiles.manifest)
        expect(warnings.map(({ message }) => message).join()).toContain(`${path} is a link`);
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
    });

  // On other systems, a folder cannot be held open, so only the checks before and after each call protect.
  test.runIf(process.platform === 'linux').each(['.netloom', '.netloom/runs', '.netloom/runs/net'])(
    '%s may become a link for the time of one call, whichever it is: no file appears behind it',
    async (position) => {
      let at = 0;
      let calls: number;
      do {
        at++;
        calls = 0;
        const [own, elsewhere] = [join(root, `own${at}`), join(root, `elsewhere${at}`)];
        mkdirSync(join(own, '.netloom/runs/net'), { recursive: true });
        for (const name of ['runs/net', 'net']) mkdirSync(join(elsewhere, name), { recursive: true });
        const path = join(own, position);
        const fs = exchanging(async (act) => {
          if (++calls !== at) return act();
          // As an attacker would prepare it who knows the name of the run's folder.
          for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
            if (entry.isDirectory())
              mkdirSync(join(elsewhere, relative(path, join(entry.parentPath, entry.name))), {
                recursive: true,
              });
          renameSync(path, `${own}.aside`);
          symlinkSync(elsewhere, path);
          try {
            return await act();
          } finally {
            unlinkSync(path);
            renameSync(`${own}.aside`, path);
          }
        });
        // The run may refuse the link, or ignore it without harm.
        const run = await train({ folder: own, network: 'net.nn.json' }, fs).catch(() => undefined);
        await run?.writer.saveWeights(Buffer.from('newer'));
        await run?.writer.end(end('finished', 20));
        const behind = readdirSync(elsewhere, { recursive: true, withFileTypes: true });
        expect(
          behind.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
          `call ${at}`,
        ).toEqual([]);
      } while (calls >= at);
      expect(at).toBeGreaterThan(10);
    },
  );

  test.each(linkKinds)('a run that fails early removes nothing through a link to %s', async (_, to) => {
    const { writer } = await begin(target());
    writer.add(plan);
    const path = writer.folder!;
    renameSync(path, join(root, 'moved'));
    symlinkSync(to(), path);
    expect(await writer.end(end('failed', 0))).toMatchObject({ reason: 'failed' });
  });

  test.each(linkKinds)('a link to %s under a temporary name is not followed', async (_, to) => {
    const planted: string[] = [];
    const fs: Fs = {
      ...nodeFs,
      create: (path) => {
        if (path.endsWith('.tmp')) {
          planted.push(path);
          symlinkSync(to(), path);
        }
        return nodeFs.create(path);
      },
    };
    const { writer, warnings } = await train(target(), fs);
    expect(planted.length).toBeGreaterThan(0);
    expect(warnings[0].message).toMatch(/in the way/);
    await writer.end(end('finished', 10));
  });

  test.each(Object.values(runFiles))('%s is not read when it is a link, a pipe or a folder', async (name) => {
    const { writer } = await train(target());
    const { folder: run } = await writer.end(end('finished', 10));
    const path = join(run!, name);
    const read = async () => {
      for await (const _ of readEvents(run!)) break;
      await readWeightsFile(run!, 2 ** 20);
    };
    const makers = [
      () => symlinkSync(join(outside, 'file'), path),
      () => execFileSync('mkfifo', [path]),
      () => mkdirSync(path),
    ];
    renameSync(path, `${path}.moved`);
    for (const make of makers) {
      make();
      const isRead = name === runFiles.log || name === runFiles.weights;
      if (isRead) await expect(read()).rejects.toMatchObject({ code: /^run\/(?:link|not-a-file)$/ });
      const summary = await describeRun(run!);
      if (name === runFiles.log) expect(summary).toBeUndefined();
      else expect(summary?.manifest === undefined).toBe(name === runFiles.manifest);
      renameSync(path, join(root, `used${readdirSync(root).length}`));
    }
  });
});

describe('into a folder that a person named', () => {
  for (const [kind, to] of linkKinds)
    test.each(Object.values(runFiles))(
      `%s is refused as a link to ${kind}, before the run begins`,
      async (name) => {
        const output = join(folder, 'out');
        mkdirSync(output);
        symlinkSync(to(), join(output, name));
        await expect(begin({ output })).rejects.toMatchObject({
          code: 'run/link',
          message: expect.stringContaining(`${join(output, name)} is a link`),
        });
        expect(readdirSync(output)).toEqual([name]);
      },
    );

  test.each(Object.values(runFiles))(
    '%s is replaced as a hard link, and its other name keeps the content',
    async (name) => {
      const output = join(folder, 'out');
      mkdirSync(output);
      linkSync(join(outside, 'file'), join(output, name));
      const { writer } = await train({ output });
      await writer.end(end('finished', 10));
      expect(readFileSync(join(output, name), 'latin1')).not.toContain('of somebody else');
    },
  );

  test('the folder itself may be a link', async () => {
    mkdirSync(join(root, 'real'));
    symlinkSync(join(root, 'real'), join(folder, 'out'));
    const { writer } = await train({ output: join(folder, 'out') });
    await writer.end(end('finished', 10));
    expect(readdirSync(join(root, 'real')).sort()).toEqual(Object.values(runFiles).sort());
  });
});
