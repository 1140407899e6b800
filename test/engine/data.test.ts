/** Properties of all datasets: files are read or refused, generated samples are always the same, and memory is counted first. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { fileContext } from '../../engine/data/files.ts';
import { datasets } from '../../engine/data/registry.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { ProblemError } from '../../engine/schema/problem.ts';
import { all, type Files, folder, open, refuses, type Spec, take } from './dataFiles.ts';
import { idxFile, idxSpec } from './idxFiles.ts';

describe('files', () => {
  const spec = { type: 'csv', file: 'data.csv' };
  it('names the full path of a missing file and what to do', () =>
    refuses({}, { ...spec, file: 'none.csv' }, 'data/missing', join(folder, 'none.csv'), '"file"'));
  it('says where a missing file comes from, in one line', async () => {
    const source = 'the archive,\n  2 MB at https://example.org/a (CC BY)';
    await open({}, { ...spec, file: 'none.csv' }, 1, { source }).then(
      () => expect.unreachable(),
      (error: ProblemError) =>
        expect(error.message).toMatch(/its source: the archive, 2 MB at https:\/\/example.org\/a \(CC BY\)$/),
    );
  });
  it('suggests the packed file if only that exists', () =>
    refuses(
      { 'packed.csv.gz': gzipSync('a') },
      { ...spec, file: 'packed.csv' },
      'data/missing',
      'packed.csv.gz',
    ));
  it('refuses a folder', async () => {
    mkdirSync(join(folder, 'inner'), { recursive: true });
    await refuses({}, { ...spec, file: 'inner' }, 'data/directory', join(folder, 'inner'));
  });
  it('refuses a device', () => refuses({}, { ...spec, file: '/dev/zero' }, 'data/not-a-file', '/dev/zero'));
  it('refuses a cut-off gzip file', () =>
    refuses(
      { 'cut.gz': gzipSync('1,2\n'.repeat(100)).subarray(0, 20) },
      { ...spec, file: 'cut.gz' },
      'data/gzip',
      'cut.gz',
    ));
  it.each([
    '',
    '  ',
    'a\0b',
    '\\\\host\\share\\a.csv',
    '//host/share/a.csv',
    'https://host/a.csv',
    'file://host/a.csv',
  ])('refuses the path %j before it touches the disk', (file) => refuses({}, { ...spec, file }, 'data/path'));
  it('reads beside and above the folder', async () => {
    mkdirSync(join(folder, 'project'), { recursive: true });
    writeFileSync(join(folder, 'beside.txt'), 'hello');
    const bytes = await fileContext(join(folder, 'project'), { seed: 1, memoryLimit: 2 ** 31 }).readFile(
      '../beside.txt',
      'file',
    );
    expect(new TextDecoder().decode(bytes)).toBe('hello');
  });
});

describe('generated datasets', () => {
  it.each(['shapes', 'points', 'adding'])(
    '%s gives the same samples with the same seed, and others with another',
    async (type) => {
      const spec = { type, samples: 20, testSamples: 5, ...(type === 'shapes' ? { size: 12 } : {}) };
      const [a, again, other] = await Promise.all([open({}, spec, 1), open({}, spec, 1), open({}, spec, 2)]);
      const samples = (data: Dataset) => take(data, data.train, ...all(data.train));
      expect(samples(a)).toEqual(samples(again));
      expect(samples(a)).not.toEqual(samples(other));
      expect(samples(a).inputs.every(Number.isFinite)).toBe(true);
      expect(take(a, a.test, 0)).not.toEqual(take(a, a.train, 0));
      expect(a.test?.size).toBe(5);
    },
  );
  it('shapes shows every class about equally often, within 0 … 1', async () => {
    const data = await open({}, { type: 'shapes', samples: 400, testSamples: 0, size: 8, classes: 8 });
    const { inputs, targets } = take(data, data.train, ...all(data.train));
    expect(data.test).toBeUndefined();
    expect(Math.min(...inputs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...inputs)).toBeLessThanOrEqual(1);
    for (let c = 0; c < 8; c++) expect(Math.abs(targets.filter((t) => t === c).length - 50)).toBeLessThan(30);
    expect(data.classNames?.length).toBe(8);
  });
  it.each(['clusters', 'xor', 'spiral', 'circles', 'moons'])(
    'points of %s stay near the unit square, in two classes',
    async (pattern) => {
      const data = await open({}, { type: 'points', pattern, noise: 0 });
      const { inputs, targets } = take(data, data.train, ...all(data.train));
      expect(inputs.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(new Set(targets)).toEqual(new Set([0, 1]));
    },
  );
  it('points of xor have a class for each pair of opposite quadrants', async () => {
    const data = await open({}, { type: 'points', pattern: 'xor', noise: 0 });
    const { inputs, targets } = take(data, data.train, ...all(data.train));
    expect(targets.map((t) => t === 1)).toEqual(
      targets.map((_, i) => inputs[2 * i] > 0 !== inputs[2 * i + 1] > 0),
    );
  });
  it('adding marks one number in each half, and the target is their sum', async () => {
    const data = await open({}, { type: 'adding', sequenceLength: 7, samples: 50 });
    const { inputs, targets } = take(data, data.train, ...all(data.train));
    targets.forEach((sum, i) => {
      const steps = Array.from({ length: 7 }, (_, t) => inputs.slice(2 * (7 * i + t), 2 * (7 * i + t) + 2));
      const marked = steps.flatMap(([, mark], t) => (mark === 1 ? [t] : []));
      expect(marked.length).toBe(2);
      expect(marked[0]).toBeLessThan(3);
      expect(marked[1]).toBeGreaterThanOrEqual(3);
      expect(sum).toBeCloseTo(steps[marked[0]][0] + steps[marked[1]][0], 12);
    });
  });
});

describe('generated images', () => {
  const spec = { type: 'shapes', samples: 6, testSamples: 3, size: 12 };
  it.each(['class', 'image'])(
    'are drawn when they are first read, and are the same in any order (target %s)',
    async (target) => {
      const [early, late] = [await open({}, { ...spec, target }), await open({}, { ...spec, target })];
      const forwards = take(early, early.train, 0, 1, 2, 3, 4, 5);
      const size = sizeOf(early.targets[0].shape);
      for (const index of [5, 2, 2, 0, 4]) {
        const targets = [new Float64Array(size)];
        late.train.fillTargets?.(Int32Array.of(index), 1, targets);
        expect([...targets[0]]).toEqual(forwards.targets.slice(index * size, (index + 1) * size));
        const { inputs } = take(late, late.train, index);
        expect(inputs).toEqual(forwards.inputs.slice(index * 144, (index + 1) * 144));
        expect(inputs.some((pixel) => pixel > 0)).toBe(true);
      }
    },
  );
});

describe('memory', () => {
  const limited = (files: Files, spec: Spec, memoryLimit: number) =>
    open(files, spec, 1, { memoryLimit }).then(
      () => 'read',
      (error: ProblemError) => `${error.code} at ${error.place.at(-1)}: ${error.message}`,
    );

  it('of generated samples is counted before they are made', async () => {
    const shapes = { type: 'shapes', size: 128, samples: 200000, testSamples: 1 };
    expect(await limited({}, shapes, 2 ** 31)).toMatch(
      /data\/memory at samples: .* 3\.05 GiB .* 2\.00 GiB; 200000 training images of 128×128/,
    );
    expect(await limited({}, { ...shapes, samples: 1, testSamples: 200000 }, 2 ** 31)).toMatch(
      /at testSamples: .*200000 test images/,
    );
    expect(await limited({}, { type: 'points', samples: 1000 }, 2 ** 10)).toMatch(/data\/memory at samples/);
  });
  it('of files is counted before they are parsed', async () => {
    const table = '1,2,3,0.5\n'.repeat(1000);
    expect(await limited({ 'm.csv': table }, { type: 'csv', file: 'm.csv' }, 2 ** 16)).toMatch(
      /data\/memory at file: .*m\.csv as numbers/,
    );
    expect(await limited({ 'm.csv': table }, { type: 'csv', file: 'm.csv' }, 2 ** 20)).toBe('read');
    const text = { type: 'text', file: 'm.txt', sequenceLength: 10 };
    expect(await limited({ 'm.txt': 'abc'.repeat(1000) }, text, 2 ** 13)).toMatch(
      /m\.txt as character numbers/,
    );
    const floats = idxFile([1000, 1, 1], new Array(4000).fill(0), 13);
    const many = { images: floats, labels: idxFile([1000], new Array(1000).fill(0)) };
    expect(await limited(many, idxSpec, 2 ** 12)).toMatch(/data\/memory at images/);
    const tune = JSON.stringify({ keys: 100, train: [Array.from({ length: 100 }, () => [1])] });
    expect(await limited({ 'm.json': tune }, { type: 'pianoRoll', file: 'm.json' }, 2 ** 14)).toMatch(
      /99 steps of train/,
    );
  });
  it('of lists in JSON and of the arrays made of them is counted together, because both are there at once', async () => {
    const sequence = Array.from({ length: 100 }, () => [1, 2, 3, 4, 5, 6, 7, 8]);
    const x = Array.from({ length: 20 }, () => sequence);
    const y = x.map((_, index) => index % 2);
    const json = JSON.stringify({ classes: ['a', 'b'], train: { x, y } });
    const spec = { type: 'sequences', file: 's.json' };
    // The lists are counted as 514 kB and the arrays as 192 kB.
    expect(await limited({ 's.json': json }, spec, 600_000)).toMatch(
      /data\/memory at file: .*lists of numbers/,
    );
    expect(await limited({ 's.json': json }, spec, 800_000)).toBe('read');
    const tunes = [Array.from({ length: 100 }, () => [1])];
    const rolls = JSON.stringify({ keys: 1000, train: tunes, test: tunes });
    // The pieces of each part are counted as 198 kB.
    const roll = { type: 'pianoRoll', file: 'r.json' };
    expect(await limited({ 'r.json': rolls }, roll, 300_000)).toMatch(
      /data\/memory at file: .*99 steps of train/,
    );
    expect(await limited({ 'r.json': rolls }, roll, 500_000)).toBe('read');
  });
});

describe('every dataset', () => {
  it.each([...datasets].map((kind) => [kind.type, kind] as const))('%s says what it is', (_type, kind) => {
    expect(kind.doc.length).toBeGreaterThan(60);
    for (const attribute of Object.values(kind.attributes)) expect(attribute.doc).not.toBe('');
  });
});
