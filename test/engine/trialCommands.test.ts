/** `netloom try` and `netloom repair` as a person runs them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../engine/api.ts';
import { replaceFile } from '../../engine/cli/replaceFile.ts';

const text = `{
  // Kept.
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "bend": { "type": "tanh", "from": "hidden" },
    "scores": { "type": "dense", "from": "bend", "units": 2 },
    "answer": { "type": "softmax", "from": "scores" }
  },
  "training": {
    "data": { "type": "points", "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "answer" },
    "optimizer": { "type": "adam", "learningRate": 1e-9 },
    "batchSize": 20,
    "epochs": 10
  }
}
`;

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netloom-trials-'));
  file = path.join(folder, 'sick.nn.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

function netloom(given: string, ...words: readonly string[]) {
  writeFileSync(file, given);
  const [command, ...options] = words;
  const run = spawnSync(process.execPath, ['dist/cli.cjs', command, file, '--steps', '60', ...options], {
    encoding: 'utf8',
  });
  return { ...run, after: readFileSync(file, 'utf8') };
}

describe('netloom try', () => {
  it('compares the network without and with the fix, and writes nothing', () => {
    const { stdout, status, after } = netloom(text, 'try', '--code', 'update/tooSmall');
    expect(stdout).toMatch(
      /^finding {2}.*\[update\/tooSmall\]\nfix {6}Set "learningRate" to 0\.001\nwithout {2}60 steps .*train Loss .*test Loss .*limit.*\nwith {5}60 steps .*\nThe fix clears the finding\. After 60 steps, the test loss is [\d.]+ instead of [\d.]+\.\n$/,
    );
    expect([status, after, readdirSync(folder)]).toEqual([0, text, ['sick.nn.json']]);
  });

  it('prints both curves with --json', () => {
    const { stdout } = netloom(text, 'try', '--code', 'output/lossMismatch', '--json');
    const [trial, end] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(trial).toMatchObject({
      event: 'trial',
      code: 'output/lossMismatch',
      layer: 'answer',
      helps: true,
    });
    expect([trial.before.curve.length, trial.after.curve.length]).toEqual([60, 60]);
    expect(end).toMatchObject({ event: 'end', reason: 'finished' });
  });

  it('reports other findings if the requested one does not appear', () => {
    const { stderr, status } = netloom(text, 'try', '--code', 'relu/dead');
    expect(stderr).toMatch(
      /relu\/dead does not appear within 60 steps\. What appears is output\/lossMismatch/,
    );
    expect(status).toBe(1);
  });
});

describe('a mistake in the arguments of netloom', () => {
  const called = (...words: readonly string[]) => {
    const run = spawnSync(process.execPath, ['dist/cli.cjs', ...words], { encoding: 'utf8' });
    return { lines: run.stderr.trimEnd().split('\n'), status: run.status };
  };
  const wholeNumber = '--steps expects a positive integer, found';

  it.each([
    [['try', 'FILE', '--steps', '-1'], `${wholeNumber} "-1"`],
    [['try', 'FILE', '--steps'], `${wholeNumber} nothing`],
    [['try', 'FILE', '--stesp', '3'], 'unknown option "--stesp". Did you mean "--steps"?'],
    [['try', 'FILE', '--code', 'relu/daed'], 'there is no finding "relu/daed". Did you mean relu/dead?'],
    [
      ['try', 'FILE', '--code', 'relu/dead', '--layer', 'bned'],
      'there is no layer "bned". Did you mean bend?',
    ],
    [['fix', 'FILE', '--code', 'relu/daed'], 'there is no finding "relu/daed". Did you mean relu/dead?'],
    [['repair', 'nowhere.nn.json'], 'there is no file nowhere.nn.json'],
    [
      ['check', 'FILE', '--epochs', '3'],
      '"check" takes no option --epochs. Its options are --limit, --json.',
    ],
    [['picture', 'FILE', '--dark=yes'], '--dark takes no value, found "yes"'],
    [['picture', 'FILE', '-o', 'net.png'], '--out expects a name that ends in .svg or .mmd, found "net.png"'],
    [['picture', 'FILE', '--out'], '--out expects a file, found nothing'],
    [['train', 'FILE', '-o'], '-o expects a folder, found nothing'],
    [['evaluate', 'FILE', '--run'], '--run expects the folder of a run, found nothing'],
    [['train'], 'expected one FILE, found nothing'],
    [['train', 'one', 'two'], 'expected one FILE, found "one" "two"'],
  ])('is explained in one line that points to the help: %j', (words, message) => {
    writeFileSync(file, text);
    const { lines, status } = called(...words.map((word) => (word === 'FILE' ? file : word)));
    expect(lines).toEqual([`netloom: error: ${message}`, `For help: netloom ${words[0]} --help`]);
    expect(status).toBe(1);
  });
});

describe('netloom --help', () => {
  it('lists the options of a command, and no others', () => {
    const { stdout, status } = spawnSync(process.execPath, ['dist/cli.cjs', 'check', '--help'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Usage: netloom check FILE \[options\]\n\nReport every problem of a network\.\n\nOptions\n/,
    );
    expect(stdout.match(/--[a-z0-9-]+/g)).toEqual(['--limit', '--json', '--help']);
  });
});

describe('netloom check --json', () => {
  it('prints one problem per line, with its place and the title of its fix', () => {
    writeFileSync(file, '{ "layers": {\n  "image": { "type": "inptu" } } }');
    const called = ['dist/cli.cjs', 'check', file, '--json'];
    const { stdout, stderr, status } = spawnSync(process.execPath, called, { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 1]);
    expect(JSON.parse(stdout.split('\n')[0])).toEqual({
      event: 'problem',
      severity: 'error',
      code: 'spec/unknown-type',
      line: 2,
      column: 22,
      layer: 'image',
      message: expect.stringContaining('"inptu"'),
      fix: expect.stringContaining('"input"'),
    });
  });
});

describe('netloom repair', () => {
  it('prints the repaired network and the path to it, and leaves the file', () => {
    const { stdout, stderr, status, after } = netloom(text, 'repair');
    expect(stderr).toMatch(
      /kept {6}answer output\/lossMismatch: Remove "answer"\. The fix clears the finding\.[^\n]*\nkept {6}update\/tooSmall: Set "learningRate" to 0\.001\./,
    );
    expect(stderr).toContain('2 fixes help. There are no errors or warnings left.');
    expect(stdout).toContain('// Kept.');
    expect(check(stdout).findings).toEqual([]);
    expect([status, after]).toEqual([0, text]);
  });

  it('replaces the file with --write, completely and with its permissions', () => {
    writeFileSync(file, text);
    chmodSync(file, 0o640);
    const { after, stdout, status } = netloom(text, 'repair', '--write');
    expect(after).toContain('"learningRate": 0.001 }');
    expect(after).not.toContain('"softmax"');
    expect(stdout).toContain('Remove "answer"; Set "learningRate" to 0.001');
    expect([status, readdirSync(folder)]).toEqual([0, ['sick.nn.json']]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('refuses a network that does not check, or whose data is missing', () => {
    const wrong = netloom(text.replace('"tanh"', '"tahn"'), 'repair', '--write');
    expect(wrong.stderr).toMatch(/sick\.nn\.json:6:\d+: error: .*tahn/);
    const gone = text.replace(/"data": .*/, '"data": { "type": "csv", "file": "nowhere.csv" },');
    const missing = netloom(gone, 'repair', '--write');
    expect(missing.stderr).toMatch(/sick\.nn\.json:11:\d+: error: .*nowhere\.csv/);
    expect([wrong.status, missing.status, missing.after]).toEqual([1, 1, gone]);
  });

  it('never overwrites a file that has changed in the meantime', () => {
    writeFileSync(file, 'theirs');
    expect(replaceFile(file, text, 'ours')).toMatch(/has changed since it was read/);
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['theirs', ['sick.nn.json']]);
    expect(replaceFile(file, 'theirs', 'ours')).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('ours');
  });
});
