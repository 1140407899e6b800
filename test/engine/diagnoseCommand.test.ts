/** `netloom diagnose` and `netloom fix` as a person runs them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { check } from '../../engine/api.ts';
import { diagnoseNetwork } from '../../engine/cli/diagnose.ts';
import { FoundInTraining } from '../../engine/cli/findings.ts';
import { NetworkText } from '../../engine/cli/place.ts';
import { shellFile, shellWord } from '../../engine/cli/shellWord.ts';

/** Of a training of 40 epochs. */
const plan = {
  event: 'plan',
  ...{ parameters: 1, memoryBytes: 1, backend: '', trainSamples: 1, testSamples: 0 },
  ...{ batchSize: 1, stepsPerEpoch: 300, epochs: 40 },
} as const;

const text = `{
  // Kept.
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "relu": { "type": "relu", "from": "hidden" },
    "scores": { "type": "dense", "from": "relu", "units": 2 },
    "answer": { "type": "softmax", "from": "scores" }
  },
  "training": {
    "data": { "type": "points", "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "answer" },
    "optimizer": { "type": "sgd", "learningRate": 0.0000001 }
  }
}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netloom-diagnose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function netloom(...words: readonly string[]) {
  const file = path.join(folder, 'sick.nn.json');
  writeFileSync(file, text);
  const [command, ...options] = words;
  const run = spawnSync(process.execPath, ['dist/cli.cjs', command, file, ...options], { encoding: 'utf8' });
  return { ...run, after: readFileSync(file, 'utf8') };
}

/** Ctrl+C. On a busy machine the thread may end late. A command then ends its process, which is that of all tests here. */
function sendInterrupt(): void {
  vi.spyOn(process, 'kill').mockReturnValue(true);
  process.emit('SIGINT', 'SIGINT');
}

describe('netloom diagnose', () => {
  it('reports what the text and a short training show, each on its line with its fix, and writes nothing', () => {
    const { stdout, stderr, status } = netloom('diagnose');
    expect(stderr).toMatch(
      /sick\.nn\.json:8:\d+: error: answer: .*\[output\/lossMismatch\] Fix: Remove "answer"\./,
    );
    expect(stderr).toMatch(/sick\.nn\.json:13:\d+: error: .*\[update\/tooSmall\] Fix: Set "learningRate"/);
    expect(stdout).toMatch(
      /^found 2 errors\n {2}one fix: {3}netloom fix \S+ --code output\/lossMismatch --layer answer --write\n/,
    );
    expect(status).toBe(1);
    expect(readdirSync(folder)).toEqual(['sick.nn.json']);
  });

  it('also reports what check warns of, and looks no further then', () => {
    const lonely = text.replace(
      '"answer": { "type": "softmax"',
      '"forgotten": { "type": "dense", "units": 2',
    );
    const file = path.join(folder, 'lonely.nn.json');
    writeFileSync(file, lonely.replace('"from": "answer" }', '"from": "relu" }').replace('0.0000001', '0.1'));
    const words = ['dist/cli.cjs', 'diagnose', file];
    const { stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(stderr).toMatch(/lonely\.nn\.json:8:\d+: warning: forgotten is read by no layer and no loss/);
    expect(stderr).not.toMatch(/clearly better|nearly all there is to do/);
    const { stdout } = spawnSync(process.execPath, [...words, '--json'], { encoding: 'utf8' });
    expect(stdout).toContain('"event":"warning","step":0,"code":"graph/unused"');
    rmSync(file);
  });

  it('prints events with --json', () => {
    const { stdout } = netloom('diagnose', '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'finding',
        code: 'output/lossMismatch',
        layer: 'answer',
        severity: 'error',
        step: 0,
        fix: { title: 'Remove "answer"', edit: { kind: 'removeLayers', names: ['answer'], heal: true } },
      }),
    );
  });
});

describe('netloom train', () => {
  it('names the fix of each finding, and at its end the commands that apply fixes', () => {
    const { stdout, stderr } = netloom('train', '--epochs', '2', '--seed', '3');
    expect(stderr).toMatch(/error: answer: .*\[output\/lossMismatch\] Fix: Remove "answer"\./);
    const file = path.join(folder, 'sick.nn.json');
    const [counts, fix, repair] = stdout.trimEnd().split('\n').slice(-3);
    expect(counts).toMatch(/^found \d errors?( and \d warnings?)?$/);
    expect(fix).toContain(`netloom fix ${file} --code output/lossMismatch --layer answer --seed 3 --write`);
    expect(repair).toContain(`netloom repair ${file}`);
    rmSync(path.join(folder, '.netloom'), { recursive: true });
  });

  it('quotes names in these commands, names seed and limits of the run, and asks for all epochs where a finding came late', () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    const limits = { 'relu/dead/error': 0.3, 'update/tooSmall/loss': 5 };
    const [file, layer] = ["it's.nn.json", '$(reboot)'];
    const found = new FoundInTraining(file, { seed: 7, limits });
    found.plan(plan);
    found.add({
      ...{ event: 'finding', code: 'relu/dead', layer, severity: 'error', step: 1501 },
      ...{ evidence: { value: 1, limit: 0.5 }, message: '', path: [] },
      fix: { title: '', edit: { kind: 'removeLayers', names: [], heal: true } },
    });
    found.sayWhatHelps();
    write.mockRestore();
    expect(lines[1].trim()).toBe(
      `one fix:   netloom fix ${shellFile(file)} --code relu/dead --layer ${shellWord(layer) ?? 'LAYER'} --limit relu/dead/error=0.3 --seed 7 --epochs 40 --write`,
    );
  });

  it('asks for as many epochs as the last layer of several needs', () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    const found = new FoundInTraining('a.nn.json');
    found.plan(plan);
    for (const [layer, step] of [
      ['early', 10],
      ['late', 1501],
    ] as const)
      found.add({
        ...{ event: 'finding', code: 'relu/dead', layer, severity: 'error', step },
        ...{ evidence: { value: 1, limit: 0.5 }, message: `${layer}: dead`, path: [] },
        fix: { title: '', edit: { kind: 'removeLayers', names: [layer], heal: true } },
      });
    found.sayWhatHelps();
    write.mockRestore();
    expect(lines[1].trim()).toBe('one fix:   netloom fix a.nn.json --code relu/dead --epochs 40 --write');
  });

  it('says nothing of fixes where nothing is wrong', () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    new FoundInTraining('a.nn.json').sayWhatHelps();
    write.mockRestore();
    expect(lines).toEqual([]);
  });
});

describe('a limit of a finding', () => {
  it('can be set for one call', () => {
    const { stdout } = netloom('diagnose', '--json', '--limit', 'update/tooSmall/loss=5');
    expect(stdout).toContain('"output/lossMismatch"');
    expect(stdout).not.toContain('update/tooSmall');
  });

  it('that does not exist is refused, with the one that was meant', () => {
    const { stderr, status } = netloom('check', '--limit', 'update/toSmall/loss=5');
    expect(stderr).toMatch(
      /--limit: there is no limit "update\/toSmall\/loss"\. Did you mean "update\/tooSmall\/loss"\?/,
    );
    expect(status).toBe(1);
  });
});

describe('the short training of netloom diagnose', () => {
  it('is the beginning of the whole one: a network that needs more time is not reported', () => {
    const file = path.join(folder, 'slow.nn.json');
    const layers = {
      point: { type: 'input', shape: [2] },
      hidden: { type: 'dense', from: 'point', units: 4 },
      tanh: { type: 'tanh', from: 'hidden' },
      logits: { type: 'dense', from: 'tanh', units: 2 },
    };
    const training = {
      data: { type: 'points', pattern: 'xor' },
      loss: { type: 'softmaxCrossEntropy', from: 'logits' },
      optimizer: { type: 'adam', learningRate: 0.003 },
      epochs: 60,
      seed: 3,
    };
    writeFileSync(file, JSON.stringify({ layers, training }));
    const diagnose = (...options: readonly string[]) =>
      spawnSync(process.execPath, ['dist/cli.cjs', 'diagnose', file, '--no-comparisons', ...options], {
        encoding: 'utf8',
      });
    expect(diagnose().stdout).toContain('nothing found');
    // After the first of five epochs, the training has learned nothing yet.
    expect(diagnose('--epochs', '5').stderr).toContain('[loss/plateau]');
    rmSync(file);
  });

  it('calls no network healthy when a signal stops it', async () => {
    const endless = new NetworkText(
      path.join(folder, 'endless.nn.json'),
      text.replace('"answer" }', '"scores" }'),
    );
    const done = diagnoseNetwork(endless, {
      worker: path.resolve('dist/worker.cjs'),
      json: true,
      comparisons: true,
      epochs: 1_000_000,
    });
    sendInterrupt();
    expect(await done).toBe(130);
  });
});

describe('the comparisons of netloom diagnose', () => {
  const layers = {
    point: { type: 'input', shape: [2] },
    logits: { type: 'dense', from: 'point', units: 2 },
  };
  const training = {
    data: { type: 'points', pattern: 'xor', samples: 400, testSamples: 200 },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam', learningRate: 0.02 },
    batchSize: 20,
    epochs: 20,
  };
  const straight = JSON.stringify({ layers, training });
  const diagnose = (given: string, ...options: readonly string[]) => {
    const file = path.join(folder, 'straight.nn.json');
    writeFileSync(file, given);
    const run = spawnSync(process.execPath, ['dist/cli.cjs', 'diagnose', file, ...options], {
      encoding: 'utf8',
    });
    rmSync(file);
    return run;
  };

  it('report the change that helps as information with its fix, and leave the exit code to the other findings', () => {
    const { stderr, status } = diagnose(straight);
    expect(stderr).toMatch(
      /info: One change makes the network clearly better: Add a hidden layer of 32 units after "point"\. Then the test score \(Accuracy\) is \d+\.\d\d\s% instead of \d+\.\d\d\s%.*\[structure\/noNonlinearity\] Fix: Add a hidden layer/,
    );
    expect(status).toBe(stderr.includes('error:') ? 1 : 0);
  });

  it('are events with --json, and are left out with --no-comparisons', () => {
    const codesOf = ({ stdout }: { readonly stdout: string }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line || '{}').code);
    expect(codesOf(diagnose(straight, '--json'))).toContain('structure/noNonlinearity');
    expect(codesOf(diagnose(straight, '--json', '--no-comparisons'))).not.toContain(
      'structure/noNonlinearity',
    );
  });

  it('are also made where a finding names a cause, whose fix may leave the result poor', () => {
    const { stderr } = diagnose(straight.replace('0.02', '1e-9'));
    expect(stderr).toContain('[update/tooSmall]');
    expect(stderr).toMatch(/changes were tried, each alone, and none is clearly better/);
  });

  it('report what was proven when a signal stops them', async () => {
    const reported: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      const line = String(text);
      reported.push(line);
      if (line.includes('structure/noNonlinearity')) sendInterrupt();
      return true;
    });
    const network = new NetworkText(path.join(folder, 'straight.nn.json'), straight);
    const options = { worker: path.resolve('dist/worker.cjs'), json: true, comparisons: true };
    const status = await diagnoseNetwork(network, options).finally(() => write.mockRestore());
    expect(reported.join('')).toContain('structure/noNonlinearity');
    expect([0, 130]).toContain(status);
  });
});

describe('netloom fix', () => {
  it('prints the network with the fix, and leaves the file', () => {
    const { stdout, after, status } = netloom('fix', '--code', 'output/lossMismatch');
    expect(status).toBe(0);
    expect(check(stdout).findings).toEqual([]);
    expect(stdout).toContain('// Kept.');
    expect(after).toBe(text);
  });

  it('changes the file with --write', () => {
    const { after } = netloom('fix', '--code', 'output/lossMismatch', '--write');
    expect(after).toContain('"from": "scores"');
    expect(after).not.toContain('softmax"');
  });

  it('says that there is no such finding, and what was found', () => {
    const { stderr, status, after } = netloom('fix', '--code', 'structure/bottleneck');
    expect(stderr).toMatch(
      /error: there is no finding structure\/bottleneck\. What was found is .*output\/lossMismatch/,
    );
    expect([status, after]).toEqual([1, text]);
  });
});
