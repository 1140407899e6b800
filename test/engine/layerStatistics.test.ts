/** Statistics that layers declare, on every sample of their layer and on chosen values. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/kernels/random.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { Sample, Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import type { LayerStats } from '../../engine/schema/statistic.ts';
import { OwnProbe } from '../../engine/stats/ownProbe.ts';

const own = layers.types.filter((type) => (layers.get(type).statistics ?? []).length > 0);
const samples = own.flatMap((type) =>
  layers.get(type).samples.map((sample) => [type, sample.name, sample] as const),
);

type Named = { readonly [name: string]: Tensor };

function build(type: string, { inputs, attributes = {}, lengths }: Omit<Sample, 'name'>): StandaloneLayer {
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    attributes,
    inputs,
    batch: lengths?.length ?? 2,
    float: 'float64',
    kernels: referenceKernels,
    ...(lengths ? { lengths } : {}),
  });
  const { pass } = layer;
  const tensors = [...Object.values(pass.parameters as Named), ...pass.inputs, pass.gradOutput];
  tensors.forEach(({ data }, index) => {
    const random = new Random(4, index);
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  });
  return layer;
}

function measured(type: string, layer: StandaloneLayer, inputs: Sample['inputs']): LayerStats {
  const { attributes } = layer.pass;
  const sized = { attributes, inputs, output: layer.inferred.output };
  const probe = new OwnProbe(layers.get(type), sized, referenceBackend);
  layer.forward();
  probe.measure('forward', layer.pass, []);
  layer.backward();
  probe.measure('backward', layer.pass, []);
  return probe.read(true);
}

const numbersIn = (value: unknown): readonly number[] =>
  typeof value === 'number' ? [value] : Object.values(value as object).flatMap(numbersIn);

describe('the statistics of a layer', () => {
  it.each(samples)('%s, "%s", have a finite value each, and shares of at most a whole', (type, _, sample) => {
    const stats = measured(type, build(type, sample), sample.inputs);
    for (const { key, shape } of layers.get(type).statistics ?? []) {
      const numbers = numbersIn(stats[key]);
      expect(numbers.length).toBeGreaterThan(0);
      for (const number of numbers) {
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThanOrEqual(shape === 'shares' ? 1 : Number.MAX_VALUE);
      }
    }
  });
});

describe('the attention statistic', () => {
  const [steps, features, heads] = [6, 3, 2];
  const inputs = [[steps, features]];

  /** The first head has the input times `factor` as queries and keys; those of the second are zero. */
  function withQueries(
    factor: number,
    more: { readonly causal?: boolean; readonly lengths?: number[] } = {},
  ) {
    const { lengths, ...attributes } = more;
    const layer = build('multiHeadAttention', {
      inputs,
      attributes: { heads, keySize: features, useBias: false, ...attributes },
      ...(lengths ? { lengths } : {}),
    });
    const { queryKernel, keyKernel } = layer.pass.parameters as Named;
    for (const { data } of [queryKernel, keyKernel]) {
      data.fill(0);
      for (let f = 0; f < features; f++) data[f * heads * features + f] = factor;
    }
    // In each feature, one step has a larger value than all others, so that each step attends to one step.
    layer.pass.input.data.forEach((_, i, data) => {
      const step = Math.floor(i / features) % steps;
      data[i] = i % features === step % features ? step + 1 : 0;
    });
    return measured('multiHeadAttention', layer, inputs);
  }

  it.each([{}, { causal: true }, { lengths: [4, 6] }])(
    'names heads that focus and heads that do not: %j',
    (more) => {
      expect(withQueries(10, more)).toEqual({
        attention: { 'head 1': { focused: 1, even: 0 }, 'head 2': { focused: 0, even: 1 } },
      });
      expect(withQueries(0, more).attention).toMatchObject({ 'head 1': { focused: 0, even: 1 } });
    },
  );

  it('counts no step that sees fewer than three', () => {
    expect(withQueries(10, { lengths: [2, 1] }).attention).toEqual({
      'head 1': { focused: 0, even: 0 },
      'head 2': { focused: 0, even: 0 },
    });
  });
});
