/** Recurrent layers with seeded noise in inputs, parameters and output gradients. */
import { expect } from 'vitest';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { Shape, Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';

export type Named = { readonly [name: string]: Tensor };

export interface Setting {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: unknown };
  readonly inputs: readonly Shape[];
  readonly batch: number;
  readonly lengths?: readonly number[];
}

/** A layer with seeded noise in inputs, parameters and output gradients; equal parameters for equal shapes. */
export function build({ type, attributes = {}, inputs, batch, lengths }: Setting): StandaloneLayer {
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    attributes,
    inputs,
    batch,
    float: 'float64',
    kernels: referenceKernels,
    ...(lengths ? { lengths } : {}),
  });
  const { pass } = layer;
  const fill = (tensors: readonly Tensor[], seed: number): void =>
    tensors.forEach(({ data }, index) => {
      const random = new Random(seed, index);
      for (let i = 0; i < data.length; i++) data[i] = random.normal();
    });
  fill(Object.values(pass.parameters as Named), 1);
  fill(pass.inputs, 2);
  fill([pass.gradOutput, ...Object.values(pass.gradExtraOutputs as Named)], 3);
  return layer;
}

export function run(layer: StandaloneLayer, training = true): StandaloneLayer {
  layer.forward(training);
  layer.backward();
  return layer;
}

export function check(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(found.length, what).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < found.length; i++) worst = Math.max(worst, Math.abs(found[i] - expected[i]));
  expect(worst, what).toBeLessThan(1e-12);
}

export const hiddenSize = 3;

export const features = 2;
