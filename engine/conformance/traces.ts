/** Traces by Keras: outputs, gradients and weights of every layer, and the loss, over some steps of training. */

import type { Backend } from '../kernels/backend.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { type Shape, sizeOf } from '../layers/define.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import type { Json } from '../schema/attributes.ts';
import { kerasAttributes, kerasName, kerasTensor, kerasWeight, kerasWeights } from './kerasWords.ts';
import { type LayerCase, place } from './layerCase.ts';
import { asOurs, NetworkBuilder } from './networkBuilder.ts';
import { layerCasesOf } from './operators.ts';
import type { Comparison, OracleTensor, Precision, Unsupported } from './oracle.ts';
import { type LayerValue, runTrajectory, type StepReference } from './trajectory.ts';

type Plain = Omit<OracleTensor, 'name'>;
type Named = { readonly [name: string]: Plain };

export interface TraceCase {
  readonly name: string;
  readonly loss: string;
  readonly optimizer: { readonly [name: string]: Json };
  readonly layers: readonly { readonly type: string; readonly config: { readonly [name: string]: Json } }[];
  readonly input: Plain;
  readonly label: Plain;
  readonly initial_weights: readonly Named[];
  readonly iterations: readonly {
    readonly layers: readonly {
      readonly output: Plain;
      readonly input_grad?: Plain;
      readonly weight_grads?: Named;
      readonly weights_after?: Named;
    }[];
    readonly loss: number;
  }[];
}

/** One layer of the case, with what is needed to build it. */
interface Site {
  readonly builder: NetworkBuilder;
  readonly config: { readonly [name: string]: Json };
  readonly weights: Named;
  /** With the batch axis, in the layout of the case. */
  readonly input: Shape;
  readonly output: Shape;
  /** The name of a weight among all tensors of the case. */
  readonly key: (weight: string) => string;
}

/** Builds a layer, or returns a text that says what is missing. */
type Mapping = (site: Site) => string | undefined;

/** The layer that declares Keras' layer with this name as its counterpart. */
function layerCaseOf(type: string, { config, weights, input, output }: Site): LayerCase | undefined {
  const empty = (shape: Shape): OracleTensor =>
    kerasTensor(type, { name: 'x', shape, data: Array.from({ length: sizeOf(shape) }, () => 0) });
  const named = Object.entries(weights).map(([name, tensor]) => ({ ...tensor, name }));
  const tensors = kerasWeights(type, named).map((tensor) => [tensor.name, tensor]);
  return layerCasesOf({
    framework: 'keras',
    name: kerasName(type, config, input.length - 2),
    attributes: kerasAttributes(
      config,
      tensors.map(([name]) => `${name}`),
    ),
    inputs: [empty(input)],
    tensors: Object.fromEntries(tensors),
    output: empty(output),
  })[0];
}

const single =
  (type: string): Mapping =>
  (site) => {
    const { builder, config, key } = site;
    const layerCase = layerCaseOf(type, site);
    if (!layerCase) return `layer ${type} ${JSON.stringify(config)}`;
    builder.addCase(layerCase, (ours, { tensor }) =>
      builder.locateBy(key(tensor), ours, (given) => asOurs(kerasWeight(type, { ...given, name: tensor }))),
    );
    return undefined;
  };

const flatten: Mapping = ({ builder, input }) => {
  if (input.length > 2 && imageLike(input))
    builder.add('permute', { axes: input.length === 4 ? [3, 1, 2] : [2, 1] });
  builder.add('flatten');
  return undefined;
};

const recurrent: Mapping = (site) => {
  const { builder, config, weights, key } = site;
  const layerCase = layerCaseOf(`${config.cell}`, site);
  if (!layerCase) return `recurrent cell ${JSON.stringify(config)}`;
  const named = (name: string): OracleTensor => ({ ...weights[name], name: key(name) });
  const offsets = ['bias', 'bias_ih', 'bias_hh'].filter((name) => weights[name]).map(named);
  const tensors = { kernel: named('kernel'), recurrent: named('recurrent_kernel'), offsets, convert: asOurs };
  builder.recurrent(layerCase.type, layerCase.attributes ?? {}, [tensors]);
  return undefined;
};

/** Layers of Keras that are not a single layer, or that have states. */
const mappings: { readonly [type: string]: Mapping } = { flatten, recurrent };

/** Images have channels second; sequences of vectors have Netloom's layout. */
const imageLike = (shape: Shape): boolean => shape.length === 4;

const laid = (tensor: Plain): FloatArray =>
  place({ ...tensor, name: '' }, imageLike(tensor.shape) ? { axes: channelsLast(tensor.shape.length) } : {})
    .data;

/** Trains the network of the case step by step, and compares all layers in each step. */
export function runTraceCase(
  trace: TraceCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const { layers, input, label, initial_weights, iterations } = trace;
  const shapes = iterations[0].layers.map(({ output }) => output.shape);
  const builder = new NetworkBuilder();
  const sample = input.shape.slice(1);
  builder.input(imageLike(input.shape) ? [sample[1], sample[2], sample[0]] : sample);
  /** The layer that gives the output of each layer of the case. */
  const tops: string[] = [builder.last];
  for (const [index, { type, config }] of layers.entries()) {
    if (index === 0) continue;
    const build = Object.hasOwn(mappings, type) ? mappings[type] : single(type);
    const missing = build({
      builder,
      config,
      weights: initial_weights[index],
      input: shapes[index - 1],
      output: shapes[index],
      key: (weight) => `layer ${index} ${weight}`,
    });
    if (missing) return { unsupported: missing };
    tops.push(builder.last);
  }
  const loss = lossOf(trace.loss);
  if (!loss) return { unsupported: `loss ${trace.loss}` };
  const type = `${trace.optimizer.type}`;
  if (type !== 'sgd') return { unsupported: `optimizer ${type}` };
  const batch = { input: Float64Array.from(laid(input)), target: Float64Array.from(laid(label)) };
  return runTrajectory(
    {
      ...builder.trajectory([batch], input.shape[0]),
      loss: { type: loss, from: builder.last },
      optimizer: { type, learningRate: trace.optimizer.lr },
      target: { name: 'label', type: 'float', shape: label.shape.slice(1) },
      initial: collect(initial_weights),
      steps: iterations.map((iteration) => stepOf(iteration, tops)),
    },
    precision,
    backend,
  );
}

function stepOf({ layers, loss }: TraceCase['iterations'][number], tops: readonly string[]): StepReference {
  const value = (layer: string, tensor: Plain | undefined): LayerValue[] =>
    tensor && sizeOf(tensor.shape) > 0 ? [{ layer, values: laid(tensor) }] : [];
  return {
    batch: 0,
    loss,
    outputs: layers.flatMap(({ output }, index) => value(tops[index], output)),
    outputGradients: layers.flatMap(({ input_grad }, index) =>
      index === 0 ? [] : value(tops[index - 1], input_grad),
    ),
    gradients: collect(layers.map(({ weight_grads }) => weight_grads ?? {})),
    parametersAfter: collect(layers.map(({ weights_after }) => weights_after ?? {})),
  };
}

function lossOf(text: string): string | undefined {
  if (/softmax cross-?entropy/i.test(text)) return 'softmaxCrossEntropy';
  if (/(sigmoid|binary) cross-?entropy on logits/i.test(text)) return 'binaryCrossEntropy';
  return /mean squared error/.test(text) ? 'meanSquaredError' : undefined;
}

/** The tensors of all layers, by the names that `Site.key` gives them. */
function collect(layers: readonly Named[]): ReadonlyMap<string, OracleTensor> {
  return new Map(
    layers.flatMap((tensors, index) =>
      Object.entries(tensors).map(([weight, tensor]) => {
        const name = `layer ${index} ${weight}`;
        return [name, { ...tensor, name }];
      }),
    ),
  );
}
