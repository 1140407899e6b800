/** ONNX's losses over classes, with scores [N, C, …] and targets [N, …]. */

import { floatsOn } from '../../kernels/backend.ts';
import type { Tensor } from '../../kernels/tensor.ts';
import { channelsLast, inverseOrder } from '../../layers/frameworks/layout.ts';
import { losses } from '../../losses/registry.ts';
import type { AttributeTable } from '../../schema/attributes.ts';
import { type Counterpart, counterpartsOf, nowhere, readAttributesOf } from '../../schema/frameworks.ts';
import { place } from '../layerCase.ts';
import { runLoss } from '../lossCase.ts';
import { numbersOf } from '../oracle.ts';
import { against, computeLayer, type NodeRunner, type PlacedNode } from './node.ts';

/** A loss and its counterpart in ONNX. */
interface Found {
  readonly type: string;
  readonly counterpart: Counterpart<AttributeTable>;
}

/** Weighted losses of single rows, and the weights that divide their mean. */
interface RowLosses {
  readonly values: number[];
  readonly weights: number[];
  readonly mean: number;
}

function rowLosses({ type, counterpart }: Found, node: PlacedNode, scores: Tensor): RowLosses {
  const { attributes, inputs, precision, backend } = node;
  const classes = scores.shape[scores.shape.length - 1];
  const targets = inputs[1] ? numbersOf(inputs[1]) : new Float64Array(0);
  const classWeights = inputs[2] ? numbersOf(inputs[2]) : new Float64Array(classes).fill(1);
  const read = readAttributesOf(counterpart, { ...attributes, reduction: 'mean' }, nowhere);
  const ignoreIndex = Number(read?.ignoreIndex);
  const over = (from: number, count: number): number => {
    const prediction = floatsOn(backend, precision, count * classes);
    prediction.set(scores.data.subarray(from * classes, (from + count) * classes));
    const run = runLoss({
      type,
      attributes: { ...read, classWeights: [...classWeights] },
      shape: [count, classes],
      batch: 1,
      prediction,
      dataTarget: { type: 'int', shape: [count], classes },
      target: targets.slice(from, from + count),
      backend,
    });
    return run.compute();
  };
  const weights = Array.from(targets, (target) => (target === ignoreIndex ? 0 : classWeights[target]));
  const none = attributes.reduction === 'none';
  return {
    // The mean over one row divides by the row's own weight.
    values: none ? weights.map((weight, row) => weight * over(row, 1)) : [],
    weights,
    mean: none ? 0 : over(0, targets.length),
  };
}

function reduced({ values, weights, mean }: RowLosses, reduction: unknown): number[] {
  if (reduction === 'none') return values;
  return [reduction === 'sum' ? mean * weights.reduce((sum, weight) => sum + weight, 0) : mean];
}

const classLoss =
  (found: Found): NodeRunner =>
  (node) => {
    const { attributes, inputs, outputs } = node;
    const [x, target] = inputs;
    if (!x || !target) return undefined;
    const axes = channelsLast(x.shape.length);
    const scores = place(x, { axes });
    const losses = reduced(rowLosses(found, node, scores), attributes.reduction ?? 'mean');
    if (!outputs[1]) return against(losses, outputs[0]);
    const { output } = computeLayer({ type: 'logSoftmax', inputs: [scores] }, node).pass;
    const back = place(
      { name: '', shape: scores.shape, data: Array.from(output.data) },
      { axes: inverseOrder(axes) },
    );
    return [...against(losses, outputs[0]), ...against(back.data, outputs[1])];
  };

export const lossRunners: { readonly [op: string]: NodeRunner } = Object.fromEntries(
  [...losses].flatMap(({ type, frameworks }) =>
    counterpartsOf(frameworks, 'onnx').map((counterpart) => [
      counterpart.name,
      classLoss({ type, counterpart }),
    ]),
  ),
);
