/** Datasets: what they give, and what they say of files that are not as they should be. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { fileContext } from '../../engine/data/files.ts';
import { readIdx } from '../../engine/data/idx.ts';
import { datasets } from '../../engine/data/registry.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { all, type Files, folder, open, refuses, type Spec, take } from './dataFiles.ts';

/** An IDX file of bytes. */
function idxFile(shape: readonly number[], bytes: readonly number[], type = 8): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((size, axis) => {
    new DataView(header.buffer).setUint32(4 + 4 * axis, size);
  });
  return Uint8Array.from([...header, ...bytes]);
}

const images = idxFile([3, 1, 2], [0, 255, 51, 102, 153, 204]);
const labels = idxFile([3], [2, 0, 1]);
const idxSpec = { type: 'idx', images: 'images', labels: 'labels' };

describe('files', () => {
  const spec = { type: 'csv', file: 'data.csv' };
  it('names the full path of a missing file and what to do', () =>
    refuses({}, { ...spec, file: 'none.csv' }, 'data/missing', join(folder, 'none.csv'), '"file"'));
  it('says where a missing file comes from, in one line', async () => {
    const source = 'the archive,\n  2 MB at https://example.org/a (CC BY)';
    await open({}, { ...spec, file: 'none.csv' }, 1, { source }).then(
      () => expect.unreachable(),
      (error: ProblemError) =>
        expect(error.message).toMatch(/comes from: the archive, 2 MB at https:\/\/example.org\/a \(CC BY\)$/),
    );
  });
  it('offers the packed file when only that is there', () =>
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

describe('idx', () => {
  it('gives scaled images and their labels', async () => {
    const data = await open({ images, labels }, idxSpec);
    expect(data.inputs).toEqual([{ name: 'image', shape: [1, 2, 1] }]);
    expect(data.targets).toEqual([{ name: 'label', type: 'int', shape: [], classes: 3 }]);
    const { inputs, targets } = take(data, data.train, 2, 0);
    expect(targets).toEqual([1, 2]);
    expect(inputs.map((value) => Math.round(255 * value))).toEqual([153, 204, 0, 255]);
  });
  it('reads packed files, and a test part', async () => {
    const files = { 'i.gz': gzipSync(images), 'l.gz': gzipSync(labels), images, labels };
    const data = await open(files, {
      type: 'idx',
      images: 'i.gz',
      labels: 'l.gz',
      testImages: 'images',
      testLabels: 'labels',
    });
    expect([data.train.size, data.test?.size]).toEqual([3, 3]);
  });
  it('reads numbers of several bytes, the largest first', () => {
    const file = idxFile([2], [0xff, 0xfe, 0x01, 0x00], 11);
    expect([...readIdx(file, 'f', 'images').data]).toEqual([-2, 256]);
  });
  it('refuses numbers that float32 cannot hold, in any file', async () => {
    const floats = (values: readonly number[], type: 13 | 14) => {
      const bytes = new DataView(new ArrayBuffer(values.length * (type === 13 ? 4 : 8)));
      values.forEach((value, i) => {
        if (type === 13) bytes.setFloat32(4 * i, value);
        else bytes.setFloat64(8 * i, value);
      });
      return idxFile([3, 1, 2], [...new Uint8Array(bytes.buffer)], type);
    };
    const good = floats([0, 1, 2, 3, 4, 5], 13);
    for (const bad of [
      floats([0, 1, 2, Number.NaN, 4, 5], 13),
      floats([0, 1, 2, Number.NEGATIVE_INFINITY, 4, 5], 13),
      floats([0, 1, 2, 1e39, 4, 5], 14),
    ]) {
      await refuses({ images: bad, labels }, idxSpec, 'data/number', 'images', 'sample 1, value 1');
      const test = { testImages: 'bad', testLabels: 'labels' };
      await refuses(
        { images: good, labels, bad },
        { ...idxSpec, ...test },
        'data/number',
        'bad',
        'sample 1, value 1',
      );
    }
  });
  it('refuses a wrong magic number', () =>
    refuses({ images: 'PNG and more', labels }, idxSpec, 'data/magic', 'images', '50 4e 47'));
  it('refuses an empty file', () => refuses({ images: '', labels }, idxSpec, 'data/magic', 'images'));
  it('refuses a file cut off in its header', () =>
    refuses({ images: images.subarray(0, 10), labels }, idxSpec, 'data/truncated', 'images'));
  it('refuses a truncated file', () =>
    refuses({ images: images.subarray(0, 20), labels }, idxSpec, 'data/truncated', '3×1×2', '22', '20'));
  it('refuses bytes past the end', () =>
    refuses({ images: Uint8Array.from([...images, 0]), labels }, idxSpec, 'data/size', '22', '23'));
  it('refuses a header that promises more than there is before it sets memory aside', () =>
    refuses(
      { images: idxFile([0xffffffff, 0xffffffff, 0xffffffff], [1]), labels },
      idxSpec,
      'data/truncated',
    ));
  it('refuses another number of labels', () =>
    refuses({ images, labels: idxFile([2], [0, 1]) }, idxSpec, 'data/count', '2 labels', '3 images'));
  it('refuses images where labels should be', () =>
    refuses({ images, labels: images }, idxSpec, 'data/shape', 'labels'));
  it('refuses a label out of range', () =>
    refuses({ images, labels }, { ...idxSpec, classes: 2 }, 'data/labels', 'label 2', 'image 0', '0 … 1'));
  it('refuses a test label that training never shows', () =>
    refuses(
      { images, labels, more: idxFile([3], [0, 3, 1]) },
      { ...idxSpec, testImages: 'images', testLabels: 'more' },
      'data/labels',
      'more',
      'label 3',
    ));
  it('refuses test images of another size', () =>
    refuses(
      { images, labels, other: idxFile([3, 2, 1], [0, 0, 0, 0, 0, 0]) },
      { ...idxSpec, testImages: 'other', testLabels: 'labels' },
      'data/shape',
      '2×1',
      '1×2',
    ));
  it('refuses any damaged file with a ProblemError and nothing else', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          readIdx(bytes, 'f', 'images');
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
      { seed: 1 },
    ));
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
  it.each(['xor', 'spiral', 'circles', 'moons'])(
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
  it('adding marks one number in each half and asks for their sum', async () => {
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
  it('of files is counted before they are taken apart', async () => {
    const table = '1,2,3,0.5\n'.repeat(1000);
    expect(await limited({ 'm.csv': table }, { type: 'csv', file: 'm.csv' }, 2 ** 16)).toMatch(
      /data\/memory at file: .*m\.csv as a table/,
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
});

describe('text', () => {
  const spec = { type: 'text', file: 'a.txt', sequenceLength: 3 };
  it('asks for the next character, and keeps the end for the test', async () => {
    const data = await open({ 'a.txt': 'abcabdabcabdabcaüabc' }, { ...spec, testFraction: 0.25 });
    const spell = (ids: number[]) => ids.map((id) => data.classNames?.[id]).join('');
    expect(data.classNames).toEqual(['a', 'b', 'c', 'd', 'ü']);
    expect(data.inputs[0]).toEqual({ name: 'characters', shape: [3], indicesBelow: 5 });
    const { inputs, targets } = take(data, data.train, 0, 1);
    expect([spell(inputs), spell(targets)]).toEqual(['abcabd', 'bcabda']);
    expect(data.train.size).toBe(4);
    const test = take(data, data.test, 0);
    expect([spell(test.inputs), spell(test.targets)]).toEqual(['aüa', 'üab']);
  });
  it('overlaps windows by a stride', async () => {
    const data = await open({ 'a.txt': 'abcdefgh' }, { ...spec, stride: 1, testFraction: 0 });
    expect(data.train.size).toBe(5);
    expect(data.test).toBeUndefined();
    expect(take(data, data.train, 4).targets).toEqual([5, 6, 7]);
  });
  it('refuses a text that is too short', () =>
    refuses({ 'a.txt': 'abc' }, spec, 'data/too-short', '3 characters'));
});

describe('series', () => {
  const spec = { type: 'series', file: 's.csv', window: 2, normalize: 'none', testFraction: 0.25 };
  it('asks for the value after each window', async () => {
    const data = await open(
      { 's.csv': 'month,sold\nmay,1\njune,2\njuly,3\naugust,4\nmay,5\njune,6\njuly,7\naugust,8\n' },
      spec,
    );
    expect(take(data, data.train, 0, 3)).toMatchObject({ inputs: [1, 2, 4, 5], targets: [3, 6] });
    expect(data.train.size).toBe(4);
    expect(take(data, data.test, 0, 1)).toMatchObject({ inputs: [5, 6, 6, 7], targets: [7, 8] });
  });
  it('looks further ahead with a horizon', async () => {
    const data = await open({ 's.csv': '1\n2\n3\n4\n5\n6\n7\n8\n' }, { ...spec, horizon: 3 });
    expect(take(data, data.train, 0)).toMatchObject({ inputs: [1, 2], targets: [5] });
  });
  it('refuses a series that is too short', () =>
    refuses({ 's.csv': '1\n2\n' }, spec, 'data/too-short', 's.csv', 'window of 2'));
  it('refuses text', () => refuses({ 's.csv': 'v\n1\nx\n' }, spec, 'data/number', 'row 3', '"v"'));
});

describe('sequences', () => {
  const spec = { type: 'sequences', file: 's.json', normalize: 'none' };
  const good = {
    classes: ['a', 'b'],
    train: {
      x: [
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ],
      y: [1, 0],
    },
  };
  const file = (content: object): Files => ({ 's.json': JSON.stringify(content) });

  it('pads shorter sequences and gives lengths', async () => {
    const data = await open({ 's.json': gzipSync(JSON.stringify({ ...good, test: good.train })) }, spec);
    expect(data.inputs[0].shape).toEqual([2, 2]);
    expect(data.ragged).toBe(true);
    expect(take(data, data.train, 1, 0)).toEqual({
      inputs: [5, 6, 0, 0, 1, 2, 3, 4],
      targets: [0, 1],
      lengths: [1, 2],
    });
    expect(take(data, data.test, 0).targets).toEqual([1]);
  });
  it('is not ragged when all are as long', async () => {
    const data = await open(file({ classes: ['a', 'b'], train: { x: [[[1]], [[2]]], y: [0, 1] } }), spec);
    expect(data.ragged).toBeUndefined();
  });
  it.each([
    ['something else than JSON', 'data/json', 'classes: a'],
    ['a list', 'data/json', '[]'],
    ['no classes', 'data/classes', JSON.stringify({ train: good.train })],
    ['no sequences', 'data/format', JSON.stringify({ classes: ['a', 'b'], train: { x: [], y: [] } })],
    [
      'another number of classes',
      'data/count',
      JSON.stringify({ ...good, train: { ...good.train, y: [1] } }),
    ],
    ['a class out of range', 'data/labels', JSON.stringify({ ...good, train: { ...good.train, y: [1, 2] } })],
    [
      'another number of features',
      'data/number',
      JSON.stringify({ ...good, train: { x: [[[1, 2]], [[1]]], y: [0, 1] } }),
    ],
    [
      'a text for a number',
      'data/number',
      JSON.stringify({ ...good, train: { x: [[[1, 2]], [[1, 'x']]], y: [0, 1] } }),
    ],
    [
      'an empty sequence',
      'data/format',
      JSON.stringify({ ...good, train: { x: [[[1, 2]], []], y: [0, 1] } }),
    ],
  ])('refuses %s', (_name, code, content) => refuses({ 's.json': content }, spec, code, 's.json'));

  it.each([
    [
      '{"train": {"x": [[[1, 2],\n [3, NaN]]], "y": [0]}}',
      's.json: line 2, column 6: train.x[0][1][1] is NaN; expected a finite number.',
    ],
    [
      '{"train": {"x": [[[-Infinity]]]}}',
      's.json: line 1, column 20: train.x[0][0][0] is -Infinity; expected a finite number.',
    ],
    ['{"train": {"x": [[[1], [2,]]]}}', 's.json is not JSON: line 1, column 27: did not expect "]".'],
    ["{'train': {}}", 's.json is not JSON: line 1, column 2: found a single quote.'],
    ['{"train": {"x": [[[1', 's.json is not JSON: it ends at line 1, column 21,'],
    [' ', 's.json is empty.'],
  ])('says where and how %j is not JSON', async (content, message) => {
    await expect(open({ 's.json': content }, spec)).rejects.toThrow(message);
  });
});

describe('pianoRoll', () => {
  const spec = { type: 'pianoRoll', file: 'p.json', sequenceLength: 2 };
  it('asks for the keys of the next step', async () => {
    const data = await open({ 'p.json': JSON.stringify({ keys: 3, train: [[[0], [1, 2], [], [2]]] }) }, spec);
    expect(data.targets[0]).toEqual({ name: 'next', type: 'float', shape: [2, 3] });
    expect(take(data, data.train, 0, 1)).toEqual({
      inputs: [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0],
      targets: [0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0],
      lengths: [2, 1],
    });
  });
  it('refuses a key out of range', () =>
    refuses(
      { 'p.json': JSON.stringify({ keys: 3, train: [[[0], [3]]] }) },
      spec,
      'data/format',
      'train[0][1]',
      '0 to 2',
    ));
});

describe('every dataset', () => {
  it.each([...datasets].map((kind) => [kind.type, kind] as const))('%s says what it is', (_type, kind) => {
    expect(kind.doc.length).toBeGreaterThan(60);
    for (const attribute of Object.values(kind.attributes)) expect(attribute.doc).not.toBe('');
  });
});
