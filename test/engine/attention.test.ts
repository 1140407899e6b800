/** Attention against its textbook formula, and the effects of its mask and of positional encoding. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttentionShape } from '../../engine/kernels/attention.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { builds, check, loadChecked, Operands, size } from './wasmHarness.ts';

const [steps, features, heads, keySize] = [5, 3, 2, 4];
const width = heads * keySize;

function attention(
  attributes: { readonly [name: string]: unknown } = {},
  lengths?: readonly number[],
): StandaloneLayer {
  const layer = new StandaloneLayer({
    definition: layers.get('multiHeadAttention'),
    attributes: { heads, keySize, ...attributes },
    inputs: [[steps, features]],
    batch: 1,
    float: 'float64',
    kernels: referenceKernels,
    ...(lengths ? { lengths } : {}),
  });
  const random = new Random(3);
  const parameters: { readonly [name: string]: Tensor } = layer.pass.parameters;
  for (const { data } of [layer.pass.input, ...Object.values(parameters)])
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  return layer;
}

function outputOf(layer: StandaloneLayer): number[] {
  layer.forward();
  return [...layer.pass.output.data];
}

/** Computes the formula one number at a time. */
function textbook(layer: StandaloneLayer, sees: (step: number, other: number) => boolean): number[] {
  const p: { readonly [name: string]: Tensor } = layer.pass.parameters;
  const x = layer.pass.input.data;
  const projected = (kernel: Tensor, bias: Tensor | undefined, t: number, w: number): number => {
    let sum = bias ? bias.data[w] : 0;
    for (let f = 0; f < features; f++) sum += x[t * features + f] * kernel.data[f * width + w];
    return sum;
  };
  const context = (t: number, w: number): number => {
    const head = Math.floor(w / keySize) * keySize;
    const weights = Array.from({ length: steps }, (_, other) => {
      if (!sees(t, other)) return 0;
      let score = 0;
      for (let k = head; k < head + keySize; k++)
        score += projected(p.queryKernel, p.queryBias, t, k) * projected(p.keyKernel, undefined, other, k);
      return Math.exp(score / Math.sqrt(keySize));
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.reduce(
      (sum, weight, other) => sum + (weight / total) * projected(p.valueKernel, p.valueBias, other, w),
      0,
    );
  };
  return Array.from({ length: steps * features }, (_, i) => {
    const [t, f] = [Math.floor(i / features), i % features];
    let sum = p.outputBias.data[f];
    for (let w = 0; w < width; w++) sum += context(t, w) * p.outputKernel.data[w * features + f];
    return sum;
  });
}

function checkTextbook(layer: StandaloneLayer, sees: (step: number, other: number) => boolean): void {
  const expected = textbook(layer, sees);
  outputOf(layer).forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(1e-11);
  });
}

it('attention computes the weighted mean of values according to its formula', () =>
  checkTextbook(attention(), () => true));

it('causal attention sees itself and earlier steps only', () =>
  checkTextbook(attention({ causal: true }), (step, other) => other <= step));

it('no step sees a padded one', () => checkTextbook(attention({}, [3]), (_step, other) => other < 3));

it('attention does not depend on the order of steps until positions are added', () => {
  const layer = attention();
  const { data } = layer.pass.input;
  const before = outputOf(layer);
  const reversed = (values: readonly number[]): number[] =>
    Array.from({ length: steps }, (_, t) =>
      values.slice((steps - 1 - t) * features, (steps - t) * features),
    ).flat();
  data.set(reversed([...data]));
  outputOf(layer).forEach((value, i) => {
    expect(value).toBeCloseTo(reversed(before)[i], 10);
  });
});

it('positional encoding adds sin(t) and cos(t) first, and slower waves after', () => {
  const layer = new StandaloneLayer({
    definition: layers.get('positionalEncoding'),
    inputs: [[3, 4]],
    batch: 1,
    float: 'float64',
    kernels: referenceKernels,
  });
  const waves = outputOf(layer);
  const expected = [0, 1, 2].flatMap((t) => [Math.sin(t), Math.cos(t), Math.sin(t / 100), Math.cos(t / 100)]);
  waves.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
});

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);

  it('computes attention and its gradients with any number of heads, steps and visible steps', () => {
    const anyShape = fc.record({
      batch: size(3),
      heads: size(3),
      steps: size(37),
      keySize: size(19),
      causal: fc.boolean(),
      scale: fc.constantFrom(0.25, 1),
    });
    const test = (shape: AttentionShape, ragged: boolean) => {
      const o = new Operands(backend);
      const { batch, heads, steps, keySize } = shape;
      const row = batch * steps * heads * keySize;
      const [query, key, value, context, gradContext, gradQuery, gradKey, gradValue] = Array.from(
        { length: 8 },
        () => o.floats(row),
      );
      const weights = o.floats(batch * heads * steps * steps);
      const lengths = o.ints(batch);
      for (const values of [o.fast[lengths], o.exact[lengths]])
        for (let n = 0; n < batch; n++) values[n] = (n * 11) % (steps + 1);
      check(backend, o, (kernels, pick) => {
        const seen = ragged ? pick<Int32Array>(lengths) : undefined;
        kernels.attend(shape, seen, pick(query), pick(key), pick(value), pick(weights), pick(context));
        kernels.attendBackward(
          shape,
          pick(query),
          pick(key),
          pick(value),
          pick(weights),
          pick(gradContext),
          pick(gradQuery),
          pick(gradKey),
          pick(gradValue),
        );
      });
    };
    fc.assert(fc.property(anyShape, fc.boolean(), test), { numRuns: 60, seed: 17 });
  });
});
