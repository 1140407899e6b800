/** The oracle's loss cases on our losses. */
import { type Backend, floatsOn } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import { losses } from '../losses/registry.ts';
import type { Json } from '../schema/attributes.ts';
import { counterpartsOf, type Framework, nowhere, readAttributesOf } from '../schema/frameworks.ts';
import { type LossCase, runLoss } from './lossCase.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision } from './oracle.ts';

interface Mapping {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Over classes: scores are [N, C, …] and the mean runs over rows. Else each element counts on its own. */
  readonly byClass?: true;
  /** The case takes log softmax of its input first, as a layer does in a network. */
  readonly afterLogSoftmax?: true;
}

/** PyTorch's function for the oracle's word, or another framework's, and over what it is taken. */
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

/** PyTorch's attributes that the oracle gives as inputs. */
const givenAsInputs: { readonly [attribute: string]: string } = {
  pos_weight: 'pos_weight',
  weight: 'class_weight',
};

/** The loss that stands for the oracle's word, without settings. */
export const lossNamed = (op: string): string | undefined => mappingOf({ op, config: {}, inputs: [] })?.type;

function mappingOf({
  op,
  config,
  inputs,
}: Pick<OracleCase, 'op' | 'config' | 'inputs'>): Mapping | undefined {
  if (!Object.hasOwn(wordings, op)) return undefined;
  const { framework, name, ...taken } = wordings[op];
  // What the loss is summed to is the runner's affair.
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

/** [N, C, …] to [N, …, C], or with `back` the other way. */
function moveChannels(
  data: FloatArray,
  [batch, channels, ...rest]: readonly number[],
  back: boolean,
): FloatArray {
  const cells = sizeOf(rest);
  const result = data.slice();
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let cell = 0; cell < cells; cell++) {
        const first = (n * channels + c) * cells + cell;
        const last = (n * cells + cell) * channels + c;
        if (back) result[first] = data[last];
        else result[last] = data[first];
      }
  return result;
}

function logSoftmax(x: FloatArray, classes: number): FloatArray {
  const y = x.slice();
  for (let start = 0; start < x.length; start += classes) {
    const row = x.subarray(start, start + classes);
    let largest = row[0];
    for (const value of row) largest = Math.max(largest, value);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - largest);
    for (let c = 0; c < classes; c++) y[start + c] = row[c] - largest - Math.log(sum);
  }
  return y;
}

/** The gradient with respect to log softmax's input, from that with respect to its output y: dx = dy − exp(y) · Σ dy. */
function throughLogSoftmax(y: FloatArray, dy: FloatArray, classes: number): FloatArray {
  return dy.map((value: number, i: number) => {
    const start = i - (i % classes);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += dy[start + c];
    return value - Math.exp(y[i]) * sum;
  }) as FloatArray;
}

/** A case as rows of `columns` predictions, any run of which can be averaged. */
interface Rows {
  readonly mapping: Mapping;
  readonly prediction: FloatArray;
  readonly columns: number;
  readonly target: FloatArray;
  /** Target numbers of one row. */
  readonly targetColumns: number;
  readonly backend: Backend;
}

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
): Omit<Rows, 'backend'> {
  const create = (data: readonly (number | string)[]): FloatArray =>
    precision === 'float64' ? Float64Array.from(data, Number) : Float32Array.from(data, Number);
  if (!mapping.byClass) {
    // Weights for the term "yes" go by column; without them an element stands alone.
    const weights = (mapping.attributes?.positiveWeights as Json[] | undefined)?.length ?? 0;
    const columns = Math.max(1, weights);
    return {
      mapping,
      prediction: create(input.data),
      columns,
      target: create(target.data),
      targetColumns: columns,
    };
  }
  const columns = input.shape[1];
  const soft = target.shape.length === input.shape.length;
  const scores = moveChannels(create(input.data), input.shape, false);
  return {
    mapping,
    prediction: mapping.afterLogSoftmax ? logSoftmax(scores, columns) : scores,
    columns,
    target: soft ? moveChannels(create(target.data), target.shape, false) : create(target.data),
    targetColumns: soft ? columns : 1,
  };
}

export const runLossCase: CaseRunner = (oracleCase, precision, backend = referenceBackend) => {
  const mapping = mappingOf(oracleCase);
  if (!mapping) return { unsupported: `${oracleCase.op}: no such loss` };
  const [input, target] = oracleCase.inputs;
  const rows = { ...toRows(mapping, input, target, precision), backend };
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
    // A sum is the mean times the number of what it is taken over.
    const scale =
      oracleCase.config.reduction === 'sum' ? (mapping.byClass ? count : rows.prediction.length) : 1;
    const one = meanOver(rows, 0, count);
    values.push(one.value * scale);
    gradient = one.gradient.map((slope: number) => slope * scale * upstream[0]) as FloatArray;
  }
  if (mapping.afterLogSoftmax) gradient = throughLogSoftmax(rows.prediction, gradient, rows.columns);
  if (mapping.byClass) gradient = moveChannels(gradient, input.shape, true);
  return [
    comparison('loss', values, oracleCase.outputs[0]),
    comparison(`gradient of ${input.name}`, gradient, oracleCase.input_grads[0]),
  ];
};

const comparison = (name: string, found: ArrayLike<number>, { data }: OracleTensor): Comparison => ({
  name,
  found,
  expected: data.map(Number),
});
