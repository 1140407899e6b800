/** A weights file may come from a stranger: of what it says about its training, only values that a training could have kept are accepted. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/schema/attributes.ts';
import { all, type Files, open, type Spec, take } from './dataFiles.ts';

/** Two images of 1×2 with the labels 0 and 1. */
const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]);
const sequences = JSON.stringify({ classes: ['a', 'b'], train: { x: [[[1]], [[2], [3]]], y: [0, 1] } });
const table = 'x,y,class\n1,2,a\n3,4,b\n5,7,a\n6,8,b\n';

interface Case {
  readonly files: Files;
  readonly spec: Spec;
  /** A part of the state, and one that another training could have kept. */
  readonly part: string;
  readonly other: Json;
}

const cases: readonly Case[] = [
  {
    files: { images, labels },
    spec: { type: 'idx', images: 'images', labels: 'labels' },
    part: 'classes',
    other: 7,
  },
  {
    files: { 'a.txt': 'abcabcabcabc' },
    spec: { type: 'text', file: 'a.txt', sequenceLength: 2, testFraction: 0 },
    part: 'vocabulary',
    other: ['c', 'b', 'a', 'z'],
  },
  {
    files: { 's.json': sequences },
    spec: { type: 'sequences', file: 's.json' },
    part: 'classes',
    other: ['b', 'a', 'c'],
  },
  {
    files: { 's.json': sequences },
    spec: { type: 'sequences', file: 's.json' },
    part: 'scaling',
    other: { offset: [5], factor: [2] },
  },
  {
    files: { 't.csv': table },
    spec: { type: 'csv', file: 't.csv' },
    part: 'classes',
    other: ['b', 'c', 'a'],
  },
  {
    files: { 't.csv': table },
    spec: { type: 'csv', file: 't.csv' },
    part: 'scaling',
    other: { offset: [5, 6], factor: [2, 3] },
  },
  {
    files: { 's.csv': '1\n2\n3\n4\n5\n6\n' },
    spec: { type: 'series', file: 's.csv', window: 2 },
    part: 'scaling',
    other: { offset: [5], factor: [2] },
  },
];

/** Values that no training keeps: other types, lengths and contents, and objects that only look like lists. */
const wrong: readonly Json[] = [
  ...[null, true, 'text', -1, 0, 0.5, 1e9, 1e308, [], {}, [1e9], [[]], [{}], ['a', 1], [null]],
  ...[{ length: 1e9 }, { offset: 5, factor: 2 }, { offset: [], factor: [] }, { offset: [1], factor: ['2'] }],
  { offset: [1, 2, 3, 4], factor: [1, 2, 3, 4] },
];

async function opened({ files, spec }: Case, state: Json | undefined) {
  const data = await open(files, spec, 1, state === undefined ? {} : { trained: state });
  const { inputs, targets } = take(data, data.train, ...all(data.train));
  return { classes: data.targets[0].type === 'int' ? data.targets[0].classes : 0, inputs, targets };
}

describe.each(cases)('$part of $spec.type', (one) => {
  it('is used if another training kept it', async () => {
    expect(await opened(one, { [one.part]: one.other })).not.toEqual(await opened(one, undefined));
  });

  it('is ignored if no training could have kept it', async () => {
    const alone = await opened(one, undefined);
    for (const state of [...wrong, ...wrong.map((value) => ({ [one.part]: value }))])
      expect(await opened(one, state), JSON.stringify(state)).toEqual(alone);
  });
});
