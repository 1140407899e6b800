/**
 * Activations and whole layers give the same results on the wasm backend and on the reference, with one thread and with several.
 */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { BackwardPass, LayerDefinition, Sample, Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { builds, expectSameBits, load, loadChecked, size } from './wasmHarness.ts';

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 13 });

  const fused = [...layers].filter(({ category }) => category === 'activation');
  it.each(fused.map((definition) => [definition.type, definition] as const))(
    'computes %s at any size and scale',
    (_, definition) => {
      holds(fc.tuple(size(50), fc.constantFrom(0.01, 1, 30)), ([count, scale]) => {
        for (const { lengths: _, ...sample } of definition.samples)
          agree(backend, definition, { ...sample, inputs: [[count, 2]] }, 1e-5, scale);
      });
    },
  );
});

/**
 * Runs one layer on the wasm backend and, on the same float32 numbers, on the reference in float64; and on a `wide` build, which
 * must give the same bits.
 */
function agree(
  backend: Backend,
  definition: LayerDefinition,
  sample: Sample,
  tolerance: number,
  scale = 1,
  wide?: Backend,
): void {
  const settings = {
    definition,
    inputs: sample.inputs,
    batch: 3,
    ...(sample.attributes ? { attributes: sample.attributes } : {}),
    ...(sample.lengths ? { lengths: sample.lengths } : {}),
    withoutInputGradients: sample.indicesBelow !== undefined,
  };
  const fast = new StandaloneLayer({
    ...settings,
    float: 'float32',
    kernels: backend.kernels,
    allocate: backend.allocate,
  });
  const exact = new StandaloneLayer({ ...settings, float: 'float64', kernels: referenceKernels });
  const other =
    wide &&
    new StandaloneLayer({
      ...settings,
      float: 'float32',
      kernels: wide.kernels,
      allocate: wide.allocate,
    });
  const random = new Random(17);
  const draw = (tensors: readonly Tensor[], targets: readonly Tensor[], next: () => number) =>
    tensors.forEach(({ data }, index) => {
      for (let i = 0; i < data.length; i++) data[i] = next();
      targets[index].data.set(data);
    });
  const { indicesBelow } = sample;
  draw(
    fast.pass.inputs,
    exact.pass.inputs,
    indicesBelow ? () => random.below(indicesBelow) : () => scale * random.normal(),
  );
  const named = (pass: BackwardPass, part: 'parameters' | 'state' | 'gradExtraOutputs') =>
    Object.values(pass[part] as { readonly [name: string]: Tensor });
  draw(named(fast.pass, 'parameters'), named(exact.pass, 'parameters'), () => 0.5 * random.normal());
  draw(named(fast.pass, 'state'), named(exact.pass, 'state'), () => 1 + 0.5 * random.uniform());
  draw(
    [fast.pass.gradOutput, ...named(fast.pass, 'gradExtraOutputs')],
    [exact.pass.gradOutput, ...named(exact.pass, 'gradExtraOutputs')],
    () => random.normal(),
  );
  if (other)
    for (const part of ['inputs', 'parameters', 'state', 'gradOutput', 'gradExtraOutputs'] as const)
      copyPart(fast.pass[part], other.pass[part]);
  for (const layer of [fast, exact, ...(other ? [other] : [])]) {
    layer.forward();
    layer.backward();
  }
  const results = ({ pass }: StandaloneLayer) => [
    pass.output,
    ...Object.values(pass.extraOutputs as { readonly [name: string]: Tensor }),
    ...pass.gradInputs.filter((gradient) => gradient !== undefined),
    ...Object.values(pass.gradParameters as { readonly [name: string]: Tensor }),
  ];
  if (other)
    results(other).forEach(({ data }, index) => {
      expectSameBits(
        data,
        results(fast)[index].data,
        `${definition.type}, ${sample.name}, result ${index}, wide`,
      );
    });
  results(exact).forEach(({ data }, index) => {
    const found = results(fast)[index].data;
    // Gradients that saturate to nearly 0 are compared with the incoming gradients, which have size 1.
    let largest = 0.1;
    for (const value of data) largest = Math.max(largest, Math.abs(value));
    for (let i = 0; i < data.length; i++)
      if (!(Math.abs(found[i] - data[i]) <= tolerance * largest))
        expect.fail(
          `${definition.type}, ${sample.name}, result ${index}, element ${i}: ${found[i]}, expected ${data[i]}`,
        );
  });
}

/** Copies a tensor, or all of a list or record of them. */
function copyPart(from: unknown, to: unknown): void {
  if (isTensor(from)) (to as Tensor).data.set(from.data);
  else
    for (const [name, part] of Object.entries(from as object))
      copyPart(part, (to as { [name: string]: unknown })[name]);
}

const isTensor = (value: unknown): value is Tensor => ArrayBuffer.isView((value as Tensor).data);

describe('every layer on the wasm backend, and to the same bits on its wide build:', () => {
  const backend = load('relaxed');
  const wide = load('wide');
  for (const definition of layers)
    if (definition.inputs?.length !== 0)
      for (const sample of definition.samples)
        it(`${definition.type}, ${sample.name}`, () => agree(backend, definition, sample, 1e-4, 1, wide));
});

describe('a second and a third thread, and two of the wide build,', () => {
  const [alone, ...more] = [load('relaxed'), load('relaxed', 2), load('relaxed', 3), load('wide', 2)];
  // The work is divided as expected only once all workers have started.
  beforeAll(() => new Promise((resolve) => setTimeout(resolve, 300)));
  afterAll(() => {
    for (const backend of more) backend.dispose?.();
  });

  const large: readonly (readonly [type: string, inputs: readonly number[], attributes: object])[] = [
    ['batchNorm', [16, 16, 20], {}],
    ['layerNorm', [64, 80], {}],
    ['groupNorm', [16, 16, 20], { groups: 5 }],
    ['groupNorm', [16, 16, 20], { groups: 20 }],
    ['gelu', [8192], {}],
    ['averagePool2d', [32, 32, 20], { poolSize: 3, stride: 2 }],
    ['globalAveragePool', [32, 32, 20], {}],
    ['globalMaxPool', [32, 32, 20], {}],
    ['depthwiseConv2d', [24, 24, 20], { kernelSize: 3 }],
    ['depthwiseConv2d', [24, 24, 20], { kernelSize: 3, stride: 2, multiplier: 2 }],
    ['conv2d', [24, 24, 12], { filters: 12, kernelSize: 3, groups: 3 }],
    ['conv2d', [24, 24, 12], { filters: 12, kernelSize: 3, stride: 2 }],
    ['convTranspose2d', [12, 12, 12], { filters: 12, kernelSize: 3, stride: 2, groups: 2 }],
    ['dropout', [8192], {}],
    ['embedding', [64], { vocabularySize: 9, units: 80 }],
  ];

  it.each(large)('change no bit of %s on %j, %j', (type, inputs, attributes) => {
    const run = (backend: Backend): string[] => {
      const layer = new StandaloneLayer({
        definition: layers.get(type),
        attributes: { ...attributes },
        inputs: [inputs],
        batch: 16,
        float: 'float32',
        kernels: backend.kernels,
        allocate: backend.allocate,
        withoutInputGradients: type === 'embedding',
      });
      const random = new Random(23);
      const { pass } = layer;
      const named = Object.values(pass.parameters as { readonly [name: string]: Tensor });
      for (const { data } of [...pass.inputs, ...named, pass.gradOutput])
        for (let i = 0; i < data.length; i++)
          data[i] = type === 'embedding' && data === pass.input.data ? random.below(9) : random.normal();
      layer.forward();
      layer.backward();
      return [
        pass.output,
        ...pass.gradInputs.filter((gradient) => gradient !== undefined),
        ...Object.values(pass.gradParameters as { readonly [name: string]: Tensor }),
      ].map(({ data }) =>
        createHash('sha256')
          .update(new Uint8Array(Float32Array.from(data).buffer))
          .digest('hex'),
      );
    };
    const expected = run(alone);
    for (const backend of more) expect(run(backend)).toEqual(expected);
  });
});
