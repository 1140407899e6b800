/** The oracle's tensor operations, as far as layers of ours compute them. */

import { type Shape, sizeOf } from '../layers/define.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import { type LayerCase, runnerOf } from './layerCase.ts';
import type { OracleCase } from './oracle.ts';

type Mapping = (oracleCase: OracleCase) => LayerCase;

/** The whole tensor as one sample, with axes of size 1 in front up to `rank`. */
const asSample = (shape: Shape, rank = shape.length): number[] => [
  1,
  ...Array.from({ length: rank - shape.length }, () => 1),
  ...shape,
];

/** A merge layer, which repeats axes of size 1 but wants equal ranks. */
const merge =
  (type: string): Mapping =>
  ({ inputs, outputs: [output] }) => ({
    type,
    inputs: inputs.map(({ name, shape }) => ({ tensor: name, shape: asSample(shape, output.shape.length) })),
    output: { shape: asSample(output.shape) },
  });

const single =
  (type: string, attributesOf: (output: Shape) => LayerCase['attributes'] = () => ({})): Mapping =>
  ({ inputs: [input], outputs: [output] }) => ({
    type,
    attributes: attributesOf(output.shape) ?? {},
    inputs: [{ tensor: input.name, shape: asSample(input.shape) }],
    output: { shape: asSample(output.shape) },
  });

const mappings: { readonly [op: string]: Mapping } = {
  add_broadcast: merge('add'),
  mul_broadcast: merge('multiply'),
  /** x ⊗ y is x as a column times y as a row. */
  outer: ({ inputs: [x, y], outputs: [output] }) => ({
    type: 'multiply',
    inputs: [
      { tensor: x.name, shape: [1, ...x.shape, 1] },
      { tensor: y.name, shape: [1, 1, ...y.shape] },
    ],
    output: { shape: asSample(output.shape) },
  }),
  matmul: ({ inputs: [x, y] }) => ({
    type: 'dense',
    attributes: { units: y.shape[1], useBias: false },
    inputs: [{ tensor: x.name }],
    parameters: { kernel: [{ tensor: y.name }] },
    output: {},
  }),
  transpose: single('permute', () => ({ axes: [2, 1, 3] })),
  permute_201: single('permute', () => ({ axes: [3, 1, 2] })),
  reshape: single('reshape', (output) => ({ shape: [output[0], -1] })),
  concat_axis1: ({ inputs }) => ({
    type: 'concat',
    inputs: inputs.map(({ name }) => ({ tensor: name })),
    output: {},
  }),
  /** Stacking along axis 1 is joining along a new axis 1. */
  stack_axis1: ({ inputs }) => ({
    type: 'concat',
    attributes: { axis: 1 },
    inputs: inputs.map(({ name, shape: [rows, ...rest] }) => ({ tensor: name, shape: [rows, 1, ...rest] })),
    output: {},
  }),
  mean_axis1_keep: ({ inputs: [x], outputs: [output] }) => ({
    type: 'globalAveragePool',
    inputs: [{ tensor: x.name }],
    output: { shape: [output.shape[0], output.shape[2]] },
  }),
  mean_all: ({ inputs: [x] }) => ({
    type: 'globalAveragePool',
    inputs: [{ tensor: x.name, shape: [1, sizeOf(x.shape), 1] }],
    output: { shape: [1, 1] },
  }),
  max_axis1: ({ inputs: [x], outputs: [output] }) => ({
    type: 'globalMaxPool',
    inputs: [{ tensor: x.name, shape: [...x.shape, 1] }],
    output: { shape: [...output.shape, 1] },
  }),
  /** Columns 1 before and 2 after, a row after. */
  pad: ({ inputs: [x], outputs: [output] }) => ({
    type: 'zeroPad',
    attributes: {
      padding: [
        [0, 1],
        [1, 2],
      ],
    },
    inputs: [{ tensor: x.name, shape: [1, ...x.shape, 1] }],
    output: { shape: [1, ...output.shape, 1] },
  }),
  upsample_nearest2: ({ inputs: [x] }) => ({
    type: 'upsample2d',
    attributes: { scale: 2 },
    inputs: [{ tensor: x.name, axes: channelsLast(4) }],
    output: { axes: channelsLast(4) },
  }),
  clip: single('hardTanh', () => ({ low: -0.5, high: 0.75 })),
};

export const runTensorOpCase = runnerOf(mappings);
