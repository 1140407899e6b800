/** The oracle's normalization cases on our layers. */
import { channelsLast } from '../export/layout.ts';
import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Tensor } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { StandaloneLayer } from '../layers/standalone.ts';
import { type LayerCase, place, runLayerCase, runnerOf } from './layerCase.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision } from './oracle.ts';

const affine = ({ params }: OracleCase): Pick<LayerCase, 'parameters'> =>
  params.length > 0 ? { parameters: { gamma: { tensor: 'weight' }, beta: { tensor: 'bias' } } } : {};

const trained = ({ params }: OracleCase) => ({ scale: params.length > 0, center: params.length > 0 });

const layoutOf = (shape: readonly number[]) => (shape.length > 2 ? { axes: channelsLast(shape.length) } : {});

const runOneSampleNorm = runnerOf({
  layer_norm: (oracleCase) => ({
    type: 'layerNorm',
    attributes: {
      axes: (oracleCase.config.normalized_shape as number[]).length,
      epsilon: oracleCase.config.eps,
      ...trained(oracleCase),
    },
    // As one sample, because the case may normalize over the batch too.
    inputs: [{ tensor: 'x', shape: [1, ...oracleCase.inputs[0].shape] }],
    ...affine(oracleCase),
    output: { shape: [1, ...oracleCase.inputs[0].shape] },
  }),
  group_norm: (oracleCase) => ({
    type: 'groupNorm',
    attributes: {
      groups: oracleCase.config.num_groups,
      epsilon: oracleCase.config.eps,
      ...trained(oracleCase),
    },
    inputs: [{ tensor: 'x', ...layoutOf(oracleCase.inputs[0].shape) }],
    ...affine(oracleCase),
    output: layoutOf(oracleCase.outputs[0].shape),
  }),
});

/** A case of batch normalization also tells the running statistics after each batch, and an inference after all. */
interface BatchNormCase extends OracleCase {
  readonly buffers_before: readonly OracleTensor[];
  readonly later_batches: readonly OracleTensor[];
  readonly buffers_after_each_batch: readonly (readonly OracleTensor[])[];
  readonly eval_output_of_x_after_all: OracleTensor;
}

const stateNames: { readonly [name: string]: string } = {
  running_mean: 'runningMean',
  running_var: 'runningVariance',
};

/** PyTorch's momentum is the weight of the new statistic, ours that of the old one. */
const batchNormAttributes = (oracleCase: OracleCase) => ({
  momentum: 1 - Number(oracleCase.config.momentum),
  epsilon: oracleCase.config.eps,
  ...trained(oracleCase),
});

function runBatchNorm(
  oracleCase: BatchNormCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] {
  const layout = layoutOf(oracleCase.inputs[0].shape);
  const training = oracleCase.config.training === true;
  const gradients = runLayerCase(
    oracleCase,
    {
      type: 'batchNorm',
      attributes: batchNormAttributes(oracleCase),
      training,
      inputs: [{ tensor: 'x', ...layout }],
      ...affine(oracleCase),
      state: Object.fromEntries(
        oracleCase.buffers_before.map((tensor) => [stateNames[tensor.name], place(tensor, {}).data]),
      ),
      output: layout,
    },
    precision,
    backend,
  );
  return [...gradients, ...runningStatistics(oracleCase, precision, backend)];
}

/** All batches in training, then x in inference. */
function runningStatistics(
  oracleCase: BatchNormCase,
  precision: Precision,
  { kernels, allocate }: Backend = referenceBackend,
): Comparison[] {
  const layout = layoutOf(oracleCase.inputs[0].shape);
  const x = place(oracleCase.inputs[0], layout);
  const layer = new StandaloneLayer({
    definition: layers.get('batchNorm'),
    attributes: batchNormAttributes(oracleCase),
    inputs: [x.shape.slice(1)],
    batch: x.shape[0],
    float: precision,
    kernels,
    allocate,
  });
  const { pass } = layer;
  const state: { readonly [name: string]: Tensor } = pass.state;
  const parameters: { readonly [name: string]: Tensor } = pass.parameters;
  for (const tensor of oracleCase.buffers_before)
    state[stateNames[tensor.name]].data.set(tensor.data.map(Number));
  for (const [index, name] of ['gamma', 'beta'].entries())
    parameters[name]?.data.set(oracleCase.params[index].data.map(Number));
  const batches = [x, ...oracleCase.later_batches.map((batch) => place(batch, layout))];
  const comparisons = oracleCase.buffers_after_each_batch.flatMap((buffers, index) => {
    pass.input.data.set(batches[index].data);
    layer.forward(true);
    return buffers.map((tensor) => ({
      name: `${tensor.name} after batch ${index + 1}`,
      found: state[stateNames[tensor.name]].data.slice(),
      expected: tensor.data.map(Number),
    }));
  });
  pass.input.data.set(x.data);
  layer.forward(false);
  const expected = place(oracleCase.eval_output_of_x_after_all, layout).data;
  return [...comparisons, { name: 'output in inference', found: pass.output.data, expected }];
}

export const runNormalizationCase: CaseRunner = (oracleCase, precision, backend) =>
  oracleCase.op === 'batch_norm'
    ? runBatchNorm(oracleCase as BatchNormCase, precision, backend)
    : runOneSampleNorm(oracleCase, precision, backend);
