/** The running statistics of batch normalization. */
import { expect, it } from 'vitest';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';

function remembered(attributes: { readonly [name: string]: unknown }, training: boolean): number[] {
  const layer = new StandaloneLayer({
    definition: layers.get('batchNorm'),
    attributes: { momentum: 0.75, ...attributes },
    inputs: [[1]],
    batch: 4,
    float: 'float64',
    kernels: referenceKernels,
  });
  // The mean is 2; the variance is 5 if divided by the count, and 20 / 3 if divided by the count − 1.
  layer.pass.input.data.set([-1, 1, 3, 5]);
  layer.forward(training);
  const state: { readonly [name: string]: Tensor } = layer.pass.state;
  return [state.runningMean.data[0], state.runningVariance.data[0]];
}

it('moves its running statistics towards the batch in training, momentum being the weight of the old', () => {
  const [mean, variance] = remembered({}, true);
  expect(mean).toBeCloseTo(0.25 * 2, 12);
  expect(variance).toBeCloseTo(0.75 + (0.25 * 20) / 3, 12);
});

it('divides the running variance by the count on demand', () => {
  const [, variance] = remembered({ unbiased: false }, true);
  expect(variance).toBeCloseTo(0.75 + 0.25 * 5, 12);
});

it('does not change them in inference', () => {
  expect(remembered({}, false)).toEqual([0, 1]);
});

it('excludes padding from the statistics of sequences that differ in length', () => {
  const layer = new StandaloneLayer({
    definition: layers.get('batchNorm'),
    attributes: { momentum: 0.75 },
    inputs: [[3, 1]],
    batch: 2,
    lengths: [1, 3],
    float: 'float64',
    kernels: referenceKernels,
  });
  layer.pass.input.data.set([-1, 100, 100, 1, 3, 5]);
  layer.forward(true);
  const state: { readonly [name: string]: Tensor } = layer.pass.state;
  expect(state.runningMean.data[0]).toBeCloseTo(0.25 * 2, 12);
  expect(state.runningVariance.data[0]).toBeCloseTo(0.75 + (0.25 * 20) / 3, 12);
});

// PyTorch refuses to train on one value for each channel. Here, a last batch of one row must not end a run.
it('normalizes a batch of one row with the running statistics, and does not change them', () => {
  const layer = new StandaloneLayer({
    definition: layers.get('batchNorm'),
    attributes: { epsilon: 1 },
    inputs: [[2]],
    batch: 1,
    float: 'float64',
    kernels: referenceKernels,
  });
  const { input, output, state, gradInput, gradOutput } = layer.pass;
  const { runningMean, runningVariance } = state as { readonly [name: string]: Tensor };
  const { gamma } = layer.pass.parameters as { readonly [name: string]: Tensor };
  runningMean.data.set([1, 2]);
  runningVariance.data.set([3, 8]);
  gamma.data.fill(1);
  input.data.set([5, 5]);
  gradOutput.data.set([1, 1]);
  layer.forward(true);
  layer.backward();
  expect([...output.data]).toEqual([2, 1]);
  expect([...(gradInput?.data ?? [])]).toEqual([1 / 2, 1 / 3]);
  expect([...runningMean.data, ...runningVariance.data]).toEqual([1, 2, 3, 8]);
});
