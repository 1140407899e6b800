/** The oracle's cases of batch normalization. Each has several batches. */

import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Tensor } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { StandaloneLayer } from '../layers/standalone.ts';
import { type LayerCase, place, runLayerCase } from './layerCase.ts';
import { layerCasesOf } from './operators.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision } from './oracle.ts';
import { pytorchAttributes, runPytorchCase } from './pytorch.ts';

/** A case of batch normalization also has the running statistics after each batch, and an inference after all batches. */
interface BatchNormCase extends OracleCase {
  readonly buffers_before: readonly OracleTensor[];
  readonly later_batches: readonly OracleTensor[];
  readonly buffers_after_each_batch: readonly (readonly OracleTensor[])[];
  readonly eval_output_of_x_after_all: OracleTensor;
}

const runBatchNormCase: CaseRunner = (oracleCase, precision, backend) => {
  const batchNormCase = oracleCase as BatchNormCase;
  const { config, inputs, params, outputs, buffers_before: buffers } = batchNormCase;
  const [layerCase] = layerCasesOf({
    framework: 'pytorch',
    name: oracleCase.op,
    attributes: pytorchAttributes(oracleCase),
    inputs,
    tensors: Object.fromEntries([...params, ...buffers].map((tensor) => [tensor.name, tensor])),
    output: outputs[0],
  });
  if (!layerCase) return { unsupported: `${oracleCase.op}: no layer has this configuration` };
  return [
    ...runLayerCase(
      { ...oracleCase, params: [...params, ...buffers] },
      { ...layerCase, training: config.training === true },
      precision,
      backend,
    ),
    ...runningStatistics(batchNormCase, layerCase, precision, backend),
  ];
};

/** Runs a case of any normalization. Only those of batch normalization have several batches. */
export const runNormalizationCase: CaseRunner = (oracleCase, precision, backend) =>
  ('buffers_before' in oracleCase ? runBatchNormCase : runPytorchCase)(oracleCase, precision, backend);

/** Runs all batches in training, then x in inference. Compares the running statistics after each batch, and the last output. */
function runningStatistics(
  oracleCase: BatchNormCase,
  { type, attributes = {}, inputs: [layout], parameters: placements = {}, state: kept = {} }: LayerCase,
  precision: Precision,
  { kernels, allocate }: Backend = referenceBackend,
): Comparison[] {
  const view = ({ shape }: OracleTensor) => ({ ...layout, shape });
  const [x, ...later] = [...oracleCase.inputs, ...oracleCase.later_batches].map((batch) =>
    place(batch, view(batch)),
  );
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    attributes,
    inputs: [x.shape.slice(1)],
    batch: x.shape[0],
    float: precision,
    kernels,
    allocate,
  });
  const { pass } = layer;
  const state: { readonly [name: string]: Tensor } = pass.state;
  const parameters: { readonly [name: string]: Tensor } = pass.parameters;
  const numbersOf = (tensors: readonly OracleTensor[], wanted: string): readonly number[] =>
    tensors.filter(({ name }) => name === wanted).flatMap(({ data }) => data.map(Number));
  for (const [ours, { tensor }] of Object.entries(kept))
    state[ours].data.set(numbersOf(oracleCase.buffers_before, tensor));
  for (const [ours, [{ tensor }]] of Object.entries(placements))
    parameters[ours].data.set(numbersOf(oracleCase.params, tensor));
  const comparisons = oracleCase.buffers_after_each_batch.flatMap((buffers, index) => {
    pass.input.data.set([x, ...later][index].data);
    layer.forward(true);
    return Object.entries(kept).map(([ours, { tensor }]) => ({
      name: `${tensor} after batch ${index + 1}`,
      found: state[ours].data.slice(),
      expected: numbersOf(buffers, tensor),
    }));
  });
  pass.input.data.set(x.data);
  layer.forward(false);
  const evaluated = oracleCase.eval_output_of_x_after_all;
  const expected = place(evaluated, view(evaluated)).data;
  return [...comparisons, { name: 'output in inference', found: pass.output.data, expected }];
}
