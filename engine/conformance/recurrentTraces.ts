/** Training steps of single recurrent modules of PyTorch: the weights before each step, its batch, and its output. */

import type { Backend } from '../kernels/backend.ts';
import type { Json } from '../schema/attributes.ts';
import { place } from './layerCase.ts';
import { NetworkBuilder, type RecurrentTensors, withGates } from './networkBuilder.ts';
import { recurrentModules } from './operators.ts';
import { byName, type Comparison, type OracleTensor, type Precision, type Unsupported } from './oracle.ts';
import { runTrajectory } from './trajectory.ts';

export interface RecurrentTraceCase {
  readonly name: string;
  readonly config: { readonly [name: string]: Json };
  readonly loss: string;
  readonly optimizer: { readonly [name: string]: Json };
  readonly iterations: readonly {
    readonly input: OracleTensor;
    readonly label: OracleTensor;
    /** Matrices [inputs, gates · units], the transpose of PyTorch's. */
    readonly params: readonly OracleTensor[];
    readonly output: OracleTensor;
  }[];
}

/** Trains the network of the case step by step, and compares the weights before each step and its output. */
export function runRecurrentTraceCase(
  trace: RecurrentTraceCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const { config, loss, optimizer, iterations } = trace;
  if (!/mean squared error/.test(loss)) return { unsupported: `loss ${loss}` };
  if (optimizer.type !== 'sgd') return { unsupported: `optimizer ${optimizer.type}` };
  const [{ input, label, params }] = iterations;
  const hiddenSize = Number(config.hidden_size);
  const gates = (params[0].shape[1] ?? 0) / hiddenSize;
  // The number of gates identifies the module.
  const module = recurrentModules.find((one) => one.gates.length === gates);
  if (!module) return { unsupported: `a recurrent module with ${gates} gates` };
  const sequence = config.batch_first === false ? { axes: [1, 0, 2] } : {};
  const sample = place(input, sequence).shape.slice(1);
  const builder = new NetworkBuilder();
  builder.input(sample);
  const directions = config.bidirectional === true ? ['', '_reverse'] : [''];
  for (let layer = 0; layer < Number(config.layers ?? 1); layer++)
    builder.recurrent(
      module.type,
      { hiddenSize, returnSequences: true },
      directions.map((suffix) => tensorsOf(params, `l${layer}${suffix}`, module.gates)),
    );
  const numbers = (tensor: OracleTensor) => Float64Array.from(place(tensor, sequence).data);
  const batches = iterations.map((step) => ({ input: numbers(step.input), target: numbers(step.label) }));
  return runTrajectory(
    {
      ...builder.trajectory(batches, place(input, sequence).shape[0]),
      loss: { type: 'meanSquaredError', from: builder.last },
      optimizer: { type: 'sgd', learningRate: optimizer.lr },
      target: { name: 'label', type: 'float', shape: place(label, sequence).shape.slice(1) },
      initial: byName(params),
      steps: iterations.map((step, batch) => ({
        batch,
        parametersBefore: byName(step.params),
        outputs: [{ layer: builder.last, values: numbers(step.output) }],
      })),
    },
    precision,
    backend,
  );
}

function tensorsOf(
  params: readonly OracleTensor[],
  suffix: string,
  order: readonly number[],
): RecurrentTensors {
  const named = (name: string) => params.filter((tensor) => tensor.name === `${name}_${suffix}`);
  const turn = withGates(order);
  return {
    kernel: named('weight_ih')[0],
    recurrent: named('weight_hh')[0],
    offsets: [...named('bias_ih'), ...named('bias_hh')],
    convert: (tensor) => turn(tensor.shape.length === 2 ? transposed(tensor) : tensor),
  };
}

const transposed = (tensor: OracleTensor): OracleTensor => {
  const { shape, data } = place(tensor, { axes: [1, 0] });
  return { name: tensor.name, shape, data: Array.from(data) };
};
