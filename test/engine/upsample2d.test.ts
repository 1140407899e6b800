/** Upsampling against numbers computed by hand. */
import { expect, it } from 'vitest';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';

it.each([
  ['nearest', [0, 0, 4, 4]],
  // New cells are at −¼, ¼, ¾ and 1¼ of the old ones. Beyond the outer cells, values do not change.
  ['bilinear', [0, 1, 3, 4]],
])('%s widens a row of two cells', (interpolation, expected) => {
  const layer = new StandaloneLayer({
    definition: layers.get('upsample2d'),
    attributes: { scale: [1, 2], interpolation },
    inputs: [[1, 2, 1]],
    batch: 1,
    float: 'float64',
    kernels: referenceKernels,
  });
  layer.pass.input.data.set([0, 4]);
  layer.forward();
  expect([...layer.pass.output.data]).toEqual(expected);
});
