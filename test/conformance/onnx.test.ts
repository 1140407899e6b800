/** Operators against the ONNX project's own node tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OnnxCase } from '../../engine/conformance/onnx/case.ts';
import { runOnnxNode } from '../../engine/conformance/onnx/run.ts';
import { compare } from '../../engine/conformance/oracle.ts';

/** What no layer does, by the name of the file. */
const unsupported = new Set([
  // Three spatial axes.
  'averagepool_3d_dilations_small',
  'convtranspose_3d',
  'maxpool_3d_dilations',
  'maxpool_3d_dilations_use_ref_impl',
  // Integers.
  'convinteger_with_padding',
  'convinteger_without_padding',
  // No such layer.
  'lppool_1d_default',
  'lppool_2d_dilations',
  'lrn_default',
  // Draws of ONNX's generator, without their mask.
  'training_dropout',
  'training_dropout_default',
  // Its numbers were made with another epsilon than the node states.
  'adam_multiple',
]);

const folder = new URL('../fixtures/vectors/onnx-node/', import.meta.url);

it.each(readdirSync(folder).map((file) => file.replace('.json', '')))('%s', (name) => {
  const onnxCase = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as OnnxCase;
  const comparisons = runOnnxNode(onnxCase, 'float64');
  expect('unsupported' in comparisons).toBe(unsupported.has(name));
  if ('unsupported' in comparisons) return;
  expect(comparisons.length).toBeGreaterThan(0);
  const wrong = comparisons
    .map((comparison) => compare(comparison, 'onnx'))
    .filter(({ agrees }) => !agrees)
    .map(({ detail }) => detail);
  expect(wrong).toEqual([]);
});

const tensor = (name: string, shape: readonly number[], data: readonly number[]) => ({ name, shape, data });
const node = (op: string, inputs: readonly string[], output: string, attributes = {}) => ({
  op,
  attributes,
  inputs,
  outputs: [output],
});

function check(onnxCase: Omit<OnnxCase, 'name'>): void {
  const comparisons = runOnnxNode({ name: 'by hand', ...onnxCase }, 'float64');
  if ('unsupported' in comparisons) throw new Error(comparisons.unsupported);
  expect(comparisons.map(({ found }) => Array.from(found))).toEqual(
    onnxCase.outputs.map(({ data }) => data.map(Number)),
  );
}

describe('a graph of several nodes', () => {
  it('is computed node by node, with weights as initializers', () =>
    check({
      nodes: [
        node('Transpose', ['w'], 'turned', { perm: [1, 0] }),
        node('MatMul', ['x', 'turned'], 'product'),
        node('Add', ['product', 'b'], 'sum'),
        node('Relu', ['sum'], 'y'),
      ],
      inputs: [tensor('x', [1, 2], [1, 2])],
      initializers: [tensor('w', [3, 2], [1, 0, 0, 1, -1, -1]), tensor('b', [3], [0.5, 0.25, 1])],
      outputs: [tensor('y', [1, 3], [1.5, 2.25, 0])],
    }));

  it('keeps channels first between the nodes', () =>
    check({
      nodes: [
        node('MaxPool', ['x'], 'pooled', { kernel_shape: [1, 2], strides: [1, 2] }),
        node('Flatten', ['pooled'], 'y'),
      ],
      inputs: [tensor('x', [1, 2, 1, 4], [1, 2, 3, 4, 8, 7, 6, 5])],
      initializers: [],
      outputs: [tensor('y', [1, 4], [2, 4, 8, 6])],
    }));

  it('merges and joins tensors of different rank and without a batch', () =>
    check({
      nodes: [
        node('Identity', ['x'], 'same'),
        node('Mul', ['factor', 'same'], 'scaled'),
        node('Sum', ['scaled', 'x'], 'sum'),
        node('Concat', ['sum', 'x'], 'y', { axis: -1 }),
      ],
      inputs: [tensor('x', [2, 2], [1, 2, 3, 4])],
      initializers: [tensor('factor', [2], [10, 100])],
      outputs: [tensor('y', [2, 4], [11, 202, 1, 2, 33, 404, 3, 4])],
    }));

  it('names the operator that is missing', () => {
    const nodes = [node('Relu', ['x'], 'r'), node('Erf', ['r'], 'y')];
    const graph = {
      name: '',
      nodes,
      inputs: [tensor('x', [1], [1])],
      initializers: [],
      outputs: [tensor('y', [1], [1])],
    };
    expect(runOnnxNode(graph, 'float64')).toEqual({
      unsupported: 'Erf, as one of several nodes: no layer computes it',
    });
  });
});

describe('earlier versions of operators', () => {
  it('apply softmax to all axes from the given one, up to version 12', () =>
    check({
      opset: { 'ai.onnx': 11 },
      nodes: [node('Softmax', ['x'], 'y', { axis: 1 })],
      inputs: [tensor('x', [1, 2, 2], [0, 0, 0, 0])],
      initializers: [],
      outputs: [tensor('y', [1, 2, 2], [0.25, 0.25, 0.25, 0.25])],
    }));

  it('read a vector of slopes as one slope for each channel, up to version 6', () =>
    check({
      opset: { 'ai.onnx': 6 },
      nodes: [node('PRelu', ['x', 'slope'], 'y')],
      inputs: [tensor('x', [1, 2, 2], [-1, -1, -1, 1])],
      initializers: [tensor('slope', [2], [0.5, 0.25])],
      outputs: [tensor('y', [1, 2, 2], [-0.5, -0.5, -0.25, 1])],
    }));
});

describe('recurrent operators', () => {
  const x = tensor('x', [2, 1, 1], [1, 2]);
  const weights = [tensor('w', [1, 1, 1], [1]), tensor('r', [1, 1, 1], [1])];
  const rnn = (attributes: object) =>
    node('RNN', ['x', 'w', 'r'], 'y', { hidden_size: 1, activations: ['Relu'], ...attributes });

  it('return outputs in the order of time if they run backwards', () =>
    check({
      nodes: [rnn({ direction: 'reverse' })],
      inputs: [x, ...weights],
      initializers: [],
      outputs: [tensor('y', [2, 1, 1, 1], [3, 2])],
    }));

  it('return both directions side by side', () =>
    check({
      nodes: [rnn({ direction: 'bidirectional', activations: ['Relu', 'Relu'] })],
      inputs: [x, ...weights.map(({ name }) => tensor(name, [2, 1, 1], [1, 1]))],
      initializers: [],
      outputs: [tensor('y', [2, 2, 1, 1], [1, 3, 3, 2])],
    }));

  it('are refused if no layer has their activations or limits', () => {
    for (const attributes of [{ activations: ['Elu'] }, { clip: 1 }])
      expect(
        runOnnxNode(
          {
            name: '',
            nodes: [rnn(attributes)],
            inputs: [x, ...weights],
            initializers: [],
            outputs: [tensor('y', [2, 1, 1, 1], [0, 0])],
          },
          'float64',
        ),
      ).toHaveProperty('unsupported');
  });
});
