/** Datasets of sequences: text, series, sequences and piano rolls. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { type Files, open, refuses, take } from './dataFiles.ts';

describe('text', () => {
  const spec = { type: 'text', file: 'a.txt', sequenceLength: 3 };
  it('has the next character as its target, and keeps the end for the test', async () => {
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
  it('has the value after each window as its target', async () => {
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
    expect(datasets.get('sequences').mayBeRagged).toBe(true);
    expect(take(data, data.train, 1, 0)).toEqual({
      inputs: [5, 6, 0, 0, 1, 2, 3, 4],
      targets: [0, 1],
      lengths: [1, 2],
    });
    expect(take(data, data.test, 0).targets).toEqual([1]);
  });
  it('is not ragged if all have the same length', async () => {
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
    ['{"train": {"x": [[[1], [2,]]]}}', 's.json is not JSON: line 1, column 27: found an unexpected "]".'],
    ["{'train': {}}", 's.json is not JSON: line 1, column 2: found a single quote.'],
    ['{"train": {"x": [[[1', 's.json is not JSON: it ends at line 1, column 21,'],
    [' ', 's.json is empty.'],
  ])('says where and how %j is not JSON', async (content, message) => {
    await expect(open({ 's.json': content }, spec)).rejects.toThrow(message);
  });
});

describe('pianoRoll', () => {
  const spec = { type: 'pianoRoll', file: 'p.json', sequenceLength: 2 };
  it('has the keys of the next step as its target', async () => {
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
