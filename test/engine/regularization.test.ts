/** Random layers: how much they change, how often they draw, and that evaluation has no randomness. */
import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { Shape } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';

/** The output of a layer whose inputs are all the same number. */
function outputOf(
  type: string,
  attributes: { readonly [name: string]: unknown },
  { shape, value = 1, training = true }: { shape: Shape; value?: number; training?: boolean },
): Float64Array {
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    attributes,
    inputs: [shape],
    batch: 4,
    float: 'float64',
    kernels: referenceKernels,
  });
  layer.pass.input.data.fill(value);
  layer.forward(training);
  return layer.pass.output.data as Float64Array;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ['dropout', { rate: 0.3 }],
  ['spatialDropout', { rate: 0.3 }],
  ['gaussianNoise', { std: 2 }],
])('%s', (type, attributes) => {
  it('passes its input on unchanged in evaluation', () => {
    expect(new Set(outputOf(type, attributes, { shape: [5, 6], value: 1.25, training: false }))).toEqual(
      new Set([1.25]),
    );
  });

  it('keeps the expected value while training', () => {
    const output = outputOf(type, attributes, { shape: [2, 20_000] });
    // Four standard errors. Spatial dropout draws once for each channel, so it has half as many draws.
    expect(Math.abs(mean(output) - 1)).toBeLessThan(
      (4 * Math.max(2, Math.sqrt(0.3 / 0.7))) / Math.sqrt(80_000),
    );
  });
});

it('dropout sets the given share to 0 and scales up the rest', () => {
  const output = outputOf('dropout', { rate: 0.3 }, { shape: [20_000] });
  expect(new Set(output)).toEqual(new Set([0, 1 / 0.7]));
  const silent = output.filter((value) => value === 0).length / output.length;
  expect(Math.abs(silent - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / output.length));
});

it('spatial dropout drops a channel everywhere or nowhere, separately for each sample', () => {
  const [positions, channels] = [6, 50];
  const output = outputOf('spatialDropout', { rate: 0.5 }, { shape: [positions, channels] });
  const rowsOf = (sample: number): string[] =>
    Array.from({ length: positions }, (_, p) => {
      const start = (sample * positions + p) * channels;
      return output.subarray(start, start + channels).join();
    });
  const patterns = [0, 1, 2, 3].map((sample) => new Set(rowsOf(sample)));
  for (const pattern of patterns) expect(pattern.size).toBe(1);
  expect(new Set(patterns.flatMap((pattern) => [...pattern])).size).toBe(4);
});

it('gaussian noise has the given deviation', () => {
  const noise = outputOf('gaussianNoise', { std: 2 }, { shape: [20_000], value: 0 });
  const variance = mean(noise.map((value) => value * value));
  expect(Math.abs(variance / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
});

describe('rRelu', () => {
  const attributes = { lower: 0.2, upper: 0.6 };

  it('draws slopes evenly between its bounds while training', () => {
    const slopes = outputOf('rRelu', attributes, { shape: [20_000], value: -1 }).map((value) => -value);
    expect(Math.min(...slopes.slice(0, 5000))).toBeGreaterThanOrEqual(0.2);
    expect(Math.max(...slopes.slice(0, 5000))).toBeLessThan(0.6);
    expect(Math.abs(mean(slopes) - 0.4)).toBeLessThan((4 * 0.4) / Math.sqrt(12 * slopes.length));
  });

  it('uses the mean slope in evaluation', () => {
    expect(outputOf('rRelu', attributes, { shape: [3], value: -1, training: false })[0]).toBeCloseTo(
      -0.4,
      15,
    );
  });
});
