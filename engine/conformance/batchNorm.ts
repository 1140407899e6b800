/** The oracle's cases of batch normalization. Each has several batches. */

import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Tensor } from '../layers/define.ts';
import { type LayerCase, layerOf, place, runLayerCase } from './layerCase.ts';
import { layerCasesOf } from './operators.ts';
import {
  type CaseRunner,
  type Comparison,
  named,
  numbersOf,
  type OracleCase,
  type OracleTensor,
  type Precision,
} from './oracle.ts';
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
  layerCase: LayerCase,
  precision: Precision,
  backend: Backend = referenceBackend,
): Comparison[] {
  const { inputs, params, buffers_before, later_batches } = oracleCase;
  const placed = (batch: OracleTensor) => place(batch, { ...layerCase.inputs[0], shape: batch.shape }).data;
  const layer = layerOf(layerCase, [...inputs, ...params, ...buffers_before], precision, backend);
  const { pass } = layer;
  const state: { readonly [name: string]: Tensor } = pass.state;
  const comparisons = oracleCase.buffers_after_each_batch.flatMap((buffers, index) => {
    pass.input.data.set(placed([...inputs, ...later_batches][index]));
    layer.forward(true);
    return Object.entries(layerCase.state ?? {}).map(([ours, { tensor }]) => ({
      name: `${tensor} after batch ${index + 1}`,
      found: state[ours].data.slice(),
      expected: numbersOf(named(buffers, tensor)),
    }));
  });
  pass.input.data.set(placed(inputs[0]));
  layer.forward(false);
  const evaluated = oracleCase.eval_output_of_x_after_all;
  const expected = placed(evaluated);
  return [...comparisons, { name: 'output in inference', found: pass.output.data, expected }];
}
