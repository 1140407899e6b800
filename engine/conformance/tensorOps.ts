/** The oracle's tensor operations, as far as layers compute them. */

import { type Shape, sizeOf } from '../layers/define.ts';
import { type LayerCase, runnerOf } from './layerCase.ts';
import { layerCasesOf, type Operator } from './operators.ts';
import type { OracleCase } from './oracle.ts';

type Mapping = (oracleCase: OracleCase) => LayerCase | undefined;

/** The whole tensor as one sample. */
const asSample = (shape: Shape): number[] => [1, ...shape];

/** PyTorch's function for the oracle's word. */
const functions: { readonly [op: string]: Pick<Operator, 'name' | 'attributes'> } = {
  add_broadcast: { name: 'add', attributes: {} },
  mul_broadcast: { name: 'mul', attributes: {} },
  transpose: { name: 'permute', attributes: { dims: [1, 0, 2] } },
  permute_201: { name: 'permute', attributes: { dims: [2, 0, 1] } },
  concat_axis1: { name: 'cat', attributes: { dim: 1 } },
  upsample_nearest2: { name: 'interpolate', attributes: { scale_factor: 2, mode: 'nearest' } },
  clip: { name: 'hardtanh', attributes: { min_val: -0.5, max_val: 0.75 } },
};

/** The layer that computes the function. */
const byFunction =
  (named: Pick<Operator, 'name' | 'attributes'>): Mapping =>
  ({ inputs, outputs: [output] }) =>
    layerCasesOf({ framework: 'pytorch', ...named, inputs, output })[0];

const single =
  (type: string, attributesOf: (output: Shape) => LayerCase['attributes'] = () => ({})): Mapping =>
  ({ inputs: [input], outputs: [output] }) => ({
    type,
    attributes: attributesOf(output.shape) ?? {},
    inputs: [{ tensor: input.name, shape: asSample(input.shape) }],
    output: { shape: asSample(output.shape) },
  });

/** Operations that need axes to be joined or split. */
const views: { readonly [op: string]: Mapping } = {
  /** x ⊗ y is x as a column times y as a row, elementwise. */
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
  reshape: single('reshape', (output) => ({ shape: [output[0], -1] })),
  /** Stacking along axis 1 is concatenation along a new axis 1. */
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
  /** One column before and two after, one row after. */
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
};

export const runTensorOpCase = runnerOf({
  ...Object.fromEntries(Object.entries(functions).map(([op, named]) => [op, byFunction(named)])),
  ...views,
});
