/**
 * The declarations of a layer about its buffers, on which the plan relies: that it overwrites gradients, forgets its output, works in
 * place, is only a view, or does the work of a ReLU before it. On the reference kernels and on the wasm backend.
 */
import { describe, expect, it } from 'vitest';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import type { BackwardPass, LayerDefinition, Sample } from '../../engine/layers/define.ts';
import { dense } from '../../engine/layers/dense.ts';
import { layers } from '../../engine/layers/registry.ts';
import { relu } from '../../engine/layers/relu.ts';
import type { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { gradientTargets, standOn } from './layerHarness.ts';
import { load } from './wasmHarness.ts';

type Stand = (definition: LayerDefinition, sample: Sample) => StandaloneLayer;

const wasm = load('relaxed');
const kinds: { readonly [backend: string]: Stand } = {
  'reference kernels': (definition, sample) => standOn(definition, sample),
  'the wasm backend': (definition, sample) =>
    standOn(definition, sample, { float: 'float32', kernels: wasm.kernels, allocate: wasm.allocate }),
};

function expectSame(found: FloatArray, expected: FloatArray): void {
  const off = found.findIndex((value, i) => !(Math.abs(value - expected[i]) <= 1e-6));
  if (off >= 0) expect.fail(`element ${off} is ${found[off]} instead of ${expected[off]}`);
}

/** Every gradient after forward and backward from zeros, to compare with. */
function gradientsFromZero(stand: Stand, definition: LayerDefinition, sample: Sample): FloatArray[] {
  const layer = stand(definition, sample);
  const gradients = gradientTargets(layer.pass).map(({ gradient }) => gradient.data);
  for (const gradient of gradients) gradient.fill(0);
  layer.forward();
  layer.backward();
  return gradients;
}

function overwritesGradients(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const expected = gradientsFromZero(stand, definition, sample);
  const layer = stand(definition, sample);
  Object.assign(layer.pass, { accumulateInput: false, accumulateParameters: false });
  const found = gradientTargets(layer.pass).map(({ gradient }) => gradient.data);
  for (const gradient of found) gradient.fill(Number.NaN);
  layer.forward();
  layer.backward();
  found.forEach((gradient, index) => {
    expectSame(gradient, expected[index]);
  });
}

function forgetsItsOutput(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const expected = gradientsFromZero(stand, definition, sample);
  const layer = stand(definition, sample);
  const found = gradientTargets(layer.pass).map(({ gradient }) => gradient.data);
  for (const gradient of found) gradient.fill(0);
  layer.forward();
  layer.pass.output.data.fill(Number.NaN);
  layer.backward();
  found.forEach((gradient, index) => {
    expectSame(gradient, expected[index]);
  });
}

function worksInPlace(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const [gradient] = gradientsFromZero(stand, definition, sample);
  const apart = stand(definition, sample);
  apart.forward();
  const layer = stand(definition, sample);
  const { input, gradOutput } = layer.pass;
  Object.assign(layer.pass, { output: input, gradInput: gradOutput, gradInputs: [gradOutput] });
  layer.forward();
  expectSame(input.data, apart.pass.output.data);
  layer.backward();
  expectSame(gradOutput.data, gradient);
}

function isAView(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const layer = stand(definition, sample);
  const { input, output, gradInput, gradOutput } = layer.pass;
  layer.forward();
  expectSame(output.data, input.data);
  gradInput?.data.fill(0);
  layer.backward();
  expectSame((gradInput ?? output).data, gradOutput.data);
}

/** Output and gradient are those of a ReLU with the layer after it. */
function doesTheWorkOfAReLU(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const [after, alone] = [stand(definition, sample), stand(definition, sample)];
  const { data } = after.pass.input;
  const passes = Array.from(data, (x) => Number(x > 0));
  for (let i = 0; i < data.length; i++) data[i] *= passes[i];
  Object.assign(alone.pass, { rectify: true });
  for (const layer of [after, alone]) {
    layer.pass.gradInput?.data.fill(0);
    layer.forward();
    layer.backward();
  }
  expectSame(alone.pass.output.data, after.pass.output.data);
  const expected = Float64Array.from(after.pass.gradInput!.data, (dx, i) => dx * passes[i]);
  expectSame(alone.pass.gradInput!.data, expected);
}

/** Statistics read inputs, outputs and the gradients of outputs after the pass. */
function keepsWhatItReads(stand: Stand, definition: LayerDefinition, sample: Sample): void {
  const layer = stand(definition, sample);
  layer.forward();
  const { inputs, output, gradOutput } = layer.pass;
  const kept = [...inputs, output, gradOutput].map(({ data }) => ({ now: data, copy: data.slice() }));
  layer.backward();
  for (const { now, copy } of kept) expect(now).toEqual(copy);
}

const claims = {
  overwrites: overwritesGradients,
  forgetsOutput: forgetsItsOutput,
  inPlace: worksInPlace,
  view: isAView,
} as const;

describe.each(Object.entries(kinds))('on %s', (_, stand) => {
  for (const definition of layers)
    for (const [claim, check] of Object.entries(claims))
      if (definition[claim as keyof typeof claims])
        it.each(definition.samples.map((sample) => [sample.name, sample] as const))(
          `${definition.type} keeps to "${claim}": %s`,
          (_name, sample) => check(stand, definition, sample),
        );
});

/** The plan lets no layer do this whose samples differ in length. */
const rectifying = [...layers].flatMap((definition) =>
  definition.samples
    .filter((sample) => !sample.lengths && standOn(definition, sample).inferred.rectifies)
    .map((sample) => [`${definition.type}, ${sample.name}`, definition, sample] as const),
);

describe.each(Object.entries(kinds))('the work of a ReLU is done on %s by', (_, stand) => {
  it.each(rectifying)('%s', (_name, definition, sample) => doesTheWorkOfAReLU(stand, definition, sample));
});

describe.each(Object.entries(kinds))(
  'backward changes no output and no gradient of an output on %s:',
  (_, stand) => {
    const samples = [...layers].flatMap((definition) =>
      definition.samples.map((sample) => [`${definition.type}, ${sample.name}`, definition, sample] as const),
    );
    it.each(samples)('%s', (_name, definition, sample) => keepsWhatItReads(stand, definition, sample));
  },
);

describe('a false claim', () => {
  const stand = kinds['reference kernels'];
  const layer: LayerDefinition = dense;
  const positive: LayerDefinition = relu;
  const adding = layers.get('silu');
  const wrong: readonly (readonly [claim: keyof typeof claims, LayerDefinition])[] = [
    [
      'overwrites',
      { ...layer, backward: (pass: BackwardPass) => layer.backward({ ...pass, accumulateInput: true }) },
    ],
    ['overwrites', adding],
    [
      'forgetsOutput',
      {
        ...layer,
        backward(pass: BackwardPass) {
          layer.backward(pass);
          pass.gradParameters.kernel.data[0] += pass.output.data[0];
        },
      },
    ],
    ['inPlace', adding],
    ['view', positive],
  ];
  it.each(wrong)('of "%s" is caught', (claim, definition) => {
    expect(() => claims[claim](stand, definition, definition.samples[0])).toThrow('instead of');
  });

  it('of "rectifies" is caught', () => {
    const mean = layers.get('averagePool2d');
    expect(() => doesTheWorkOfAReLU(stand, mean, mean.samples[0])).toThrow('instead of');
  });
});
