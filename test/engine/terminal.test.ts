/** The output of the command line never controls a terminal, whatever the names and contents of files are. If it is lost, runs stop. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sayJson } from '../../engine/cli/terminal.ts';
import { payloads } from '../hostile/payloads.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const netloom = (...operands: string[]): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [resolve('dist/cli.cjs'), ...operands], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout + stderr;
};

/** Characters that move a cursor, set a title, reorder or hide text. Line ends are checked separately. */
const obeyed = /(?!\n)[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u{E0000}-\u{E007F}]/u;

const hostile = '\u001B]0;title\u0007\u001B[2J\u009B31m\u202Egnp\u200B';
test.skipIf(process.platform === 'win32')(
  'a hostile file name commands no terminal and forges no line, in any command',
  { timeout: 120_000 },
  () => {
    const name = `${hostile}\nall.nn.json: no errors\nb`;
    const file = `${name}.nn.json`;
    writeFileSync(join(folder, `bad ${file}`), '{"layers":{"a":{"type":"relo","from":"b"}}}');
    for (const operands of [
      ['new', file],
      ['new', file],
      ['check', file],
      ['check', `bad ${file}`],
      ['train', `bad ${file}`, '--out', name],
      ['evaluate', file, '--run', name],
      ['train', `missing ${file}`],
      ['vectors', name],
      [name, file],
      ['check', file, `--${name}`],
      ['train', file, '--seed', name],
    ]) {
      const output = netloom(...operands);
      expect(output).not.toBe('');
      expect(output).not.toMatch(obeyed);
      expect(output.split('\n').filter((line) => line.startsWith('all.nn.json'))).toEqual([]);
    }
  },
);

test('names in the output of a finished run do not control the terminal', () => {
  writeFileSync(
    join(folder, 'data.csv'),
    `x,${JSON.stringify(hostile)}\n1,${hostile}\n2,b\n3,b\n4,${hostile}\n`,
  );
  const network = {
    layers: {
      a: { type: 'input', shape: [1] },
      b: { type: 'dense', from: 'a', units: 2 },
    },
    training: {
      data: { type: 'csv', file: 'data.csv', target: [hostile], testShare: 0 },
      loss: { type: 'softmaxCrossEntropy', from: 'b' },
      optimizer: 'sgd',
      epochs: 1,
    },
  };
  writeFileSync(join(folder, 'n.nn.json'), JSON.stringify(network));
  for (const form of [[], ['--json']]) expect(netloom('train', 'n.nn.json', ...form)).not.toMatch(obeyed);
});

test('JSON keeps its meaning, although control characters are escaped', () => {
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof write;
  try {
    for (const payload of payloads) sayJson(JSON.stringify({ payload }));
  } finally {
    process.stdout.write = write;
  }
  expect(lines.map((line) => JSON.parse(line).payload)).toEqual(payloads);
  expect(lines.filter((line) => obeyed.test(line.slice(0, -1)))).toEqual([]);
});

test('an endless device is not a network, and is not read to its end', { timeout: 60_000 }, () => {
  if (process.platform === 'win32') return;
  expect(netloom('check', '/dev/zero')).toMatch(/^\/dev\/zero:1:1: error: /);
});

test('one module writes to the terminal', () => {
  const engine = resolve('engine');
  const writers = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      /\bprocess\.std(?:out|err)\.write|\bprocess\[stream\]|\bconsole\./.test(
        readFileSync(join(engine, name), 'utf8'),
      ),
  );
  // The output of the engine's process goes to the log of its host.
  expect(writers.filter((name) => name !== join('process', 'main.ts'))).toEqual([join('cli', 'terminal.ts')]);
});

test('the command line needs no folder in which compiled code can be kept', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const { stdout, stderr, status } = spawnSync(process.execPath, [resolve('dist/cli.cjs'), '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: join(file, 'code') },
  });
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^Usage: netloom/);
});

/** A training that nothing but a stop ends, and the files of its run after that. */
function endless() {
  const layers = { in: { type: 'input', shape: [2] }, out: { type: 'dense', from: 'in', units: 2 } };
  const training = {
    data: { type: 'points', samples: 20 },
    loss: { type: 'softmaxCrossEntropy', from: 'out' },
    optimizer: 'sgd',
    epochs: 1e9,
  };
  const [file, out] = [join(folder, 'n.nn.json'), join(folder, 'out')];
  writeFileSync(file, JSON.stringify({ layers, training }));
  return {
    operands: [resolve('dist/cli.cjs'), 'train', file, '--json', '--out', out],
    written: () => readdirSync(out).sort(),
  };
}
const wholeRun = ['network.jsonc', 'run.json', 'run.jsonl', 'weights.safetensors'];

test.skipIf(process.platform === 'win32')(
  'a run whose output nobody reads any more stops, and keeps its weights',
  async () => {
    const { operands, written } = endless();
    const child = spawn(process.execPath, operands, { stdio: ['ignore', 'pipe', 'ignore'] });
    while (!String((await once(child.stdout, 'data'))[0]).includes('"event":"epoch"'));
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([128 + constants.signals.SIGPIPE, null]);
    expect(written()).toEqual(wholeRun);
  },
);

test.skipIf(!existsSync('/dev/full'))('a run whose output finds no space says so, and leaves no lock', () => {
  const { operands, written } = endless();
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, operands, {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(stderr).toMatch(/netloom: error: the output cannot be written: ENOSPC/);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(128 + constants.signals.SIGPIPE);
  expect(written().filter((name) => name.startsWith('lock'))).toEqual([]);
});
