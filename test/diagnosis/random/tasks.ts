/** Data that random networks learn: generated data sets, and those of the examples and of networks with and without faults. */
import type { Json } from '../../../engine/schema/attributes.ts';

export interface Task {
  readonly name: string;
  /** What the data are; `memory`: a sequence of which single steps must be remembered. */
  readonly kind: 'table' | 'picture' | 'sequence' | 'memory' | 'tags';
  readonly shape: number[];
  readonly data: { readonly [setting: string]: Json };
  /** Losses that suit the targets, with the number of outputs of each. */
  readonly ends: readonly {
    readonly loss: { readonly type: string; readonly [setting: string]: Json };
    readonly outputs: number;
  }[];
  readonly epochs: number;
  /** The inputs are the indices of this many letters. */
  readonly vocabulary?: number;
}

const classes = (outputs: number): Task['ends'][number] => ({
  loss: { type: 'softmaxCrossEntropy' },
  outputs,
});
const twoClasses: Task['ends'] = [
  classes(2),
  ...['binaryCrossEntropy', 'hinge'].map((type) => ({ loss: { type }, outputs: 1 })),
];
const values: Task['ends'] = ['meanSquaredError', 'huber', 'meanAbsoluteError'].map((type) => ({
  loss: { type },
  outputs: 1,
}));

const points = (pattern: string, epochs: number): Task => ({
  name: pattern,
  kind: 'table',
  shape: [2],
  data: { type: 'points', pattern, samples: 800, testSamples: 200, noise: 0.05 },
  ends: twoClasses,
  epochs,
});

const fixtures = 'test/fixtures/faults';

export const tasks: readonly Task[] = [
  points('moons', 30),
  points('circles', 40),
  points('xor', 40),
  {
    name: 'shapes',
    kind: 'picture',
    shape: [12, 12, 1],
    data: { type: 'shapes', size: 12, classes: 4, samples: 1000, testSamples: 250 },
    ends: [classes(4)],
    epochs: 8,
  },
  {
    name: 'digits',
    kind: 'picture',
    shape: [8, 8, 1],
    data: {
      type: 'csv',
      file: 'examples/data/optdigits.tra.gz',
      testFile: 'examples/data/optdigits.tes.gz',
      normalize: 'minmax',
      shape: [8, 8, 1],
    },
    ends: [classes(10)],
    epochs: 4,
  },
  {
    name: 'digits in a table',
    kind: 'table',
    shape: [64],
    data: {
      type: 'csv',
      file: 'examples/data/optdigits.tra.gz',
      testFile: 'examples/data/optdigits.tes.gz',
      normalize: 'minmax',
    },
    ends: [classes(10)],
    epochs: 8,
  },
  {
    name: 'iris',
    kind: 'table',
    shape: [4],
    data: { type: 'csv', file: 'examples/data/iris.csv' },
    ends: [classes(3)],
    epochs: 60,
  },
  {
    name: 'wines',
    kind: 'table',
    shape: [12],
    data: { type: 'csv', file: `${fixtures}/healthy/data/wines.csv.gz` },
    ends: [classes(3)],
    epochs: 30,
  },
  {
    name: 'houses',
    kind: 'table',
    shape: [5],
    data: { type: 'csv', file: `${fixtures}/healthy/data/houses.csv.gz`, scaleTarget: true },
    ends: values,
    epochs: 40,
  },
  {
    name: 'stars',
    kind: 'table',
    shape: [3],
    data: {
      type: 'csv',
      file: `${fixtures}/healthy/data/stars.csv.gz`,
      task: 'regression',
      scaleTarget: true,
    },
    ends: values,
    epochs: 40,
  },
  {
    name: 'brackets',
    kind: 'tags',
    shape: [12],
    data: { type: 'brackets', target: 'matched', sequenceLength: 12, samples: 1000, testSamples: 250 },
    ends: [classes(3)],
    epochs: 8,
    vocabulary: 8,
  },
  {
    name: 'adding',
    kind: 'memory',
    shape: [10, 2],
    data: { type: 'adding', sequenceLength: 10, samples: 1500, testSamples: 300 },
    ends: values,
    epochs: 12,
  },
  {
    name: 'gestures',
    kind: 'sequence',
    shape: [39, 2],
    data: { type: 'sequences', file: `${fixtures}/fifth/data/gestures.json.gz` },
    ends: [classes(3)],
    epochs: 20,
  },
  {
    name: 'waves',
    kind: 'sequence',
    shape: [40, 2],
    data: { type: 'sequences', file: `${fixtures}/healthy/data/waves.json.gz` },
    ends: [classes(3)],
    epochs: 10,
  },
  {
    name: 'temperature',
    kind: 'sequence',
    shape: [24, 1],
    data: { type: 'series', file: `${fixtures}/fifth/data/temperature.csv.gz`, window: 24 },
    ends: values,
    epochs: 12,
  },
];
