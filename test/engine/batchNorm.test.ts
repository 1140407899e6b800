/** What batch normalization remembers between steps. */
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
  // Mean 2, variance 5 divided by the count, 20 / 3 divided by the count − 1.
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

it('leaves them as they are in inference', () => {
  expect(remembered({}, false)).toEqual([0, 1]);
});
