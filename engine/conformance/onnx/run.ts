/** Runs any node test of ONNX: on one layer, or with a runner for operators that are not a single layer. */
import type { Backend } from '../../kernels/backend.ts';
import { referenceBackend } from '../../kernels/reference/backend.ts';
import { runLayerCase } from '../layerCase.ts';
import type { Comparison, Precision, Unsupported } from '../oracle.ts';
import type { OnnxCase } from './case.ts';
import { composedRunners, dropout, maxPoolIndices } from './composed.ts';
import { runOnnxGraph } from './graph.ts';
import { isLayerOperator, onnxLayerCase } from './layers.ts';
import { lossRunners } from './losses.ts';
import { type NodeRunner, opsetOf, type PlacedNode } from './node.ts';
import { optimizerRunners } from './optimizers.ts';
import { recurrentRunners } from './recurrent.ts';

/**
 * Operators with more outputs than a layer has, or that are not layers. Nodes without a result here are handled as single layers.
 */
const runners: { readonly [op: string]: NodeRunner } = {
  ...lossRunners,
  ...optimizerRunners,
  ...recurrentRunners,
  Dropout: dropout,
  MaxPool: maxPoolIndices(onnxLayerCase('MaxPool')),
};

/** Cases whose numbers do not follow from their attributes. */
const flawed: { readonly [name: string]: string } = {
  test_adam_multiple: 'its numbers were made with epsilon 0.01; its node states none, which means 1e-6',
};

/** Runs a node test: graphs of several nodes, operators with their own runner, single layers, then compositions of layers. */
export function runOnnxNode(
  onnxCase: OnnxCase,
  precision: Precision,
  backend: Backend = referenceBackend,
): readonly Comparison[] | Unsupported {
  if (Object.hasOwn(flawed, onnxCase.name))
    return { unsupported: `flawed reference: ${flawed[onnxCase.name]}` };
  if (onnxCase.nodes.length !== 1) return runOnnxGraph(onnxCase, precision, backend);
  const node = placed(onnxCase, precision, backend);
  const runnerIn = (table: typeof runners) => (Object.hasOwn(table, node.op) ? table[node.op] : undefined);
  const special = runnerIn(runners)?.(node);
  if (special) return special;
  return runLayer(onnxCase, node) ?? runnerIn(composedRunners)?.(node) ?? { unsupported: reasonFor(node) };
}

/** Runs the node on the layer that computes it; undefined if there is none. */
function runLayer(
  { name, inputs, initializers, outputs }: OnnxCase,
  node: PlacedNode,
): readonly Comparison[] | undefined {
  const layerCase = onnxLayerCase(node.op)({ ...node, outputs });
  return (
    layerCase &&
    runLayerCase(
      {
        id: name,
        op: node.op,
        config: node.attributes,
        inputs: [...inputs, ...initializers],
        params: [],
        outputs,
        output_grads: [],
        input_grads: [],
        param_grads: [],
      },
      layerCase,
      node.precision,
      node.backend,
    )
  );
}

function placed(
  { opset, nodes, inputs, initializers, outputs }: OnnxCase,
  precision: Precision,
  backend: Backend,
): PlacedNode {
  const [node] = nodes;
  const given = [...inputs, ...initializers];
  return {
    op: node.op,
    attributes: node.attributes,
    opset: opsetOf(opset),
    inputs: node.inputs.map((name) => given.find((tensor) => tensor.name === name)),
    outputs: node.outputs.map((name) => outputs.find((tensor) => tensor.name === name)),
    precision,
    backend,
  };
}

const otherOps: ReadonlySet<string> = new Set([runners, composedRunners].flatMap(Object.keys));

function reasonFor({ op, attributes, inputs: [x] }: PlacedNode): string {
  if (!isLayerOperator(op) && !otherOps.has(op)) return `${op}: no such layer`;
  if (x && x.shape.length > 4) return `${op}: three spatial axes`;
  if (op === 'Dropout') return `${op}: draws of another generator, without their mask`;
  return `${op}: no layer has the configuration ${JSON.stringify(attributes)}`;
}
