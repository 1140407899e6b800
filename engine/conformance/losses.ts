/** The oracle's cases of losses. */
import { type Backend, floatsOn } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import type { StandaloneLayer } from '../layers/standalone.ts';
import { losses } from '../losses/registry.ts';
import type { Json } from '../schema/attributes.ts';
import { counterpartsOf, type Framework, nowhere, readAttributesOf } from '../schema/frameworks.ts';
import { place } from './layerCase.ts';
import { openLayer } from './layerUse.ts';
import { type LossCase, runLoss } from './lossCase.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision } from './oracle.ts';

interface Mapping {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Over classes: scores are [N, C, …], and the mean is over rows. Otherwise it is over elements. */
  readonly byClass?: true;
  /** The case first takes the log-softmax of its input, as a layer does in a network. */
  readonly afterLogSoftmax?: true;
}

/** The function of PyTorch or another framework for the oracle's word, and how it is applied. */
type Wording = Pick<Mapping, 'byClass' | 'afterLogSoftmax'> & {
  readonly name: string;
  readonly framework?: Framework;
};

const wordings: { readonly [op: string]: Wording } = {
  bce: { name: 'binary_cross_entropy' },
  bce_with_logits: { name: 'binary_cross_entropy_with_logits' },
  cross_entropy: { name: 'cross_entropy', byClass: true },
  hinge: { name: 'Hinge', framework: 'keras' },
  huber: { name: 'huber_loss' },
  kl_div: { name: 'kl_div', byClass: true, afterLogSoftmax: true },
  mae: { name: 'l1_loss' },
  mse: { name: 'mse_loss' },
  nll: { name: 'nll_loss', byClass: true, afterLogSoftmax: true },
  poisson_nll: { name: 'poisson_nll_loss' },
  smooth_l1: { name: 'smooth_l1_loss' },
};

/** Attributes of PyTorch that the oracle has as inputs. */
const givenAsInputs: { readonly [attribute: string]: string } = {
  pos_weight: 'pos_weight',
  weight: 'class_weight',
};

/** The loss for the oracle's word, without settings. */
export const lossNamed = (op: string): string | undefined => mappingOf({ op, config: {}, inputs: [] })?.type;

function mappingOf({
  op,
  config,
  inputs,
}: Pick<OracleCase, 'op' | 'config' | 'inputs'>): Mapping | undefined {
  if (!Object.hasOwn(wordings, op)) return undefined;
  const { framework, name, ...taken } = wordings[op];
  // The runner does the reduction.
  const { reduction: _reduction, ...stated } = config;
  const weights = Object.entries(givenAsInputs).flatMap(([attribute, input]): [string, Json][] => {
    const tensor = inputs.find((one) => one.name === input);
    return tensor ? [[attribute, tensor.data.map(Number)]] : [];
  });
  for (const { type, frameworks } of losses)
    for (const counterpart of counterpartsOf(frameworks, framework ?? 'pytorch')) {
      if (counterpart.functional !== name && counterpart.name !== name) continue;
      const attributes = readAttributesOf(
        counterpart,
        { ...stated, ...Object.fromEntries(weights) },
        nowhere,
      );
      if (attributes) return { type, attributes, ...taken };
    }
  return undefined;
}

/** [N, C, …] as [N, …, C]. */
const channelsLastOf = (tensor: OracleTensor): number[] =>
  Array.from(place(tensor, { axes: channelsLast(tensor.shape.length) }).data);

/** A log-softmax layer after its forward pass over rows of scores. */
function logSoftmaxOf(data: FloatArray, classes: number, precision: Precision, backend: Backend) {
  const scores = { shape: [data.length / classes, classes], data };
  const layer = openLayer({ type: 'logSoftmax', inputs: [scores] }, precision, backend);
  layer.forward();
  return layer;
}

/** A case as rows of `columns` predictions. The loss can be averaged over any range of rows. */
interface Rows {
  readonly mapping: Mapping;
  readonly prediction: FloatArray;
  readonly columns: number;
  readonly target: FloatArray;
  /** Numbers in the target of one row. */
  readonly targetColumns: number;
  readonly backend: Backend;
  /** The layer that gives the prediction, if the case first takes the log-softmax of its input. */
  readonly logarithms?: StandaloneLayer;
}

/** The mean loss over `count` rows, and its gradient with respect to their predictions. */
function meanOver(
  { mapping, prediction, columns, target, targetColumns, backend }: Rows,
  from: number,
  count: number,
): { value: number; gradient: FloatArray } {
  const shape = [count, columns];
  const own = (values: FloatArray): FloatArray => {
    const copy = floatsOn(backend, values instanceof Float32Array ? 'float32' : 'float64', values.length);
    copy.set(values);
    return copy;
  };
  const indices = mapping.byClass && targetColumns < columns;
  const { compute, gradient } = runLoss({
    type: mapping.type,
    attributes: mapping.attributes ?? {},
    shape,
    batch: 1,
    prediction: own(prediction.subarray(from * columns, (from + count) * columns)),
    dataTarget: indices ? { type: 'int', shape: [count], classes: columns } : { type: 'float', shape },
    target: own(target.subarray(from * targetColumns, (from + count) * targetColumns)),
    backend,
  } satisfies LossCase);
  return { value: compute(), gradient };
}

function toRows(
  mapping: Mapping,
  input: OracleTensor,
  target: OracleTensor,
  precision: Precision,
  backend: Backend,
): Rows {
  const create = (data: readonly (number | string)[]): FloatArray =>
    precision === 'float64' ? Float64Array.from(data, Number) : Float32Array.from(data, Number);
  if (!mapping.byClass) {
    // Weights of positive targets are by column; without them, every element is a row.
    const weights = (mapping.attributes?.positiveWeights as Json[] | undefined)?.length ?? 0;
    const columns = Math.max(1, weights);
    return {
      mapping,
      prediction: create(input.data),
      columns,
      target: create(target.data),
      targetColumns: columns,
      backend,
    };
  }
  const columns = input.shape[1];
  const soft = target.shape.length === input.shape.length;
  const last = (tensor: OracleTensor) => create(channelsLastOf(tensor));
  const scores = last(input);
  const logarithms = mapping.afterLogSoftmax && logSoftmaxOf(scores, columns, precision, backend);
  return {
    mapping,
    prediction: logarithms ? logarithms.pass.output.data : scores,
    ...(logarithms ? { logarithms } : {}),
    columns,
    target: soft ? last(target) : create(target.data),
    targetColumns: soft ? columns : 1,
    backend,
  };
}

export const runLossCase: CaseRunner = (oracleCase, precision, backend = referenceBackend) => {
  const mapping = mappingOf(oracleCase);
  if (!mapping) return { unsupported: `${oracleCase.op}: no such loss` };
  const [input, target] = oracleCase.inputs;
  const rows = toRows(mapping, input, target, precision, backend);
  const count = rows.prediction.length / rows.columns;
  const upstream = oracleCase.output_grads[0].data.map(Number);
  const values: number[] = [];
  let gradient: FloatArray = rows.prediction.slice();
  if (oracleCase.config.reduction === 'none')
    for (let row = 0; row < count; row++) {
      const one = meanOver(rows, row, 1);
      values.push(one.value);
      gradient.set(
        one.gradient.map((slope: number) => slope * upstream[row]),
        row * rows.columns,
      );
    }
  else {
    // A sum is the mean times the number of rows or elements.
    const scale =
      oracleCase.config.reduction === 'sum' ? (mapping.byClass ? count : rows.prediction.length) : 1;
    const one = meanOver(rows, 0, count);
    values.push(one.value * scale);
    gradient = one.gradient.map((slope: number) => slope * scale * upstream[0]) as FloatArray;
  }
  if (rows.logarithms) {
    rows.logarithms.pass.gradOutput.data.set(gradient);
    rows.logarithms.backward();
    gradient = rows.logarithms.pass.gradInput!.data;
  }
  const expected = oracleCase.input_grads[0];
  return [
    comparison('loss', values, oracleCase.outputs[0]),
    comparison(
      `gradient of ${input.name}`,
      gradient,
      mapping.byClass ? { ...expected, data: channelsLastOf(expected) } : expected,
    ),
  ];
};

const comparison = (name: string, found: ArrayLike<number>, { data }: OracleTensor): Comparison => ({
  name,
  found,
  expected: data.map(Number),
});
