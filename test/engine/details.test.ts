/** Detailed measurements equal plain computations on copies of the tensors of the same step. */
import { describe, expect, it } from 'vitest';
import { pictureCount, pixelAt } from '../../engine/layers/pictures.ts';
import type { Histogram, LayerStats, Pictures } from '../../engine/schema/statistic.ts';
import { detailedStep, type Tensors } from './detailedStep.ts';

const images = `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 3, "kernelSize": 3, "stride": 4 },
  "relu": { "type": "relu", "from": "conv" },
  "deep": { "type": "conv2d", "from": "relu", "filters": 2, "kernelSize": 2 },
  "flat": { "type": "flatten", "from": "deep" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 32, "testSamples": 8 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" },
    "optimizer": "adam", "clipNorm": 0.05, "batchSize": 8 } }`;

const sequences = `{ "layers": {
  "numbers": { "type": "input", "shape": [6, 2] },
  "look": { "type": "multiHeadAttention", "from": "numbers", "heads": 2, "keySize": 2 },
  "memory": { "type": "lstm", "from": "look", "hiddenSize": 3, "returnSequences": true },
  "last": { "type": "gru", "from": "memory", "hiddenSize": 3, "bidirectional": true },
  "sum": { "type": "dense", "from": "last", "units": 1 } },
  "training": { "data": { "type": "adding", "sequenceLength": 6, "samples": 16, "testSamples": 4 },
    "loss": { "type": "meanSquaredError", "from": "sum" }, "optimizer": "sgd", "batchSize": 4 } }`;

function linear(values: readonly number[]): Partial<Histogram> {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const counts = new Array(32).fill(0);
  for (const value of values) counts[Math.min(31, Math.floor((value - low) / ((high - low) / 32)))]++;
  return { scale: 'linear', low, high, counts };
}

function sizes(values: readonly number[]): Partial<Histogram> {
  const counts = new Array(32).fill(0);
  for (const value of values)
    if (value !== 0) counts[Math.max(0, Math.min(31, Math.floor((Math.log10(Math.abs(value)) + 12) * 2)))]++;
  return { scale: 'log', low: -12, high: 4, counts, zeros: values.filter((value) => value === 0).length };
}

const numbersOf = (set: Pictures): number[] =>
  Array.from(set.pixels, (_, index) => pixelAt(set, index) * set.limit);

/** Expects pictures of these values, within half a step of brightness. */
function expectPictures(found: Pictures | undefined, values: readonly number[]): void {
  const numbers = numbersOf(found!);
  expect(numbers).toHaveLength(values.length);
  const limit = Math.max(...values.map(Math.abs));
  expect(found!.limit).toBeCloseTo(limit, 6);
  const errors = numbers.map((number, i) => Math.abs(number - values[i]));
  expect(Math.max(...errors)).toBeLessThanOrEqual(limit / 89);
}
const picturesIn = (stats: LayerStats, key: string) => stats[key] as { readonly [name: string]: Pictures };

describe.each([
  ['reference', false],
  ['wasm', true],
])('details on the %s backend', (_, wasm) => {
  it('count activations, gradients and updates in bins', async () => {
    const { detail, dumped } = await detailedStep(images, 5, wasm);
    for (const [name, places] of [
      ['conv', 7 * 7 * 3],
      ['relu', 7 * 7 * 3],
      ['out', 4],
    ] as const) {
      const { forward, gradient, gradients, before, after } = dumped[name];
      const used = ({ output }: Tensors) => output.slice(0, 5 * places);
      expect(detail[name].activationHistogram, name).toMatchObject(linear(used(forward)));
      expect(detail[name].gradientHistogram, name).toMatchObject(sizes(used(gradient)));
      const flat = (tensors: Tensors) => Object.values(tensors).flat();
      if (name === 'relu') expect(detail[name]).not.toHaveProperty('updateHistogram');
      else {
        expect(detail[name].parameterGradientHistogram).toMatchObject(sizes(flat(gradients)));
        const [old, now] = [flat(before), flat(after)].map((values) =>
          wasm ? Float32Array.from(values) : values,
        );
        const moved = Array.from(now, (value, i) => value - old[i]);
        expect(detail[name].updateHistogram).toMatchObject(sizes(moved));
        expect(moved.some((change) => change !== 0)).toBe(true);
      }
    }
    expect(detail.image).not.toHaveProperty('gradientHistogram');
  });

  it('show kernels, matrices, and the feature maps of the chosen sample, and how active channels are', async () => {
    const { detail, dumped } = await detailedStep(images, 5, wasm);
    // [2, 2, 3, 2]: filter by filter, channel by channel.
    const { kernel } = dumped.deep.after;
    const kernels = [0, 1].flatMap((output) =>
      [0, 1, 2].flatMap((input) => [0, 1, 2, 3].map((cell) => kernel[(cell * 3 + input) * 2 + output])),
    );
    const shown = picturesIn(detail.deep, 'weightPictures').kernel;
    expect(shown).toMatchObject({ rows: 2, columns: 2, across: 3 });
    expectPictures(shown, kernels);
    const matrix = picturesIn(detail.out, 'weightPictures').kernel;
    expect(matrix).toMatchObject({ rows: 64, columns: 4 });
    const maps = picturesIn(detail.relu, 'featureMaps').maps;
    const output = dumped.relu.sample.output;
    expectPictures(
      maps,
      [0, 1, 2].flatMap((channel) => Array.from({ length: 49 }, (_, i) => output[3 * i + channel])),
    );
    const activity = detail.relu.channelActivity as readonly number[];
    const batch = dumped.relu.forward.output.slice(0, 5 * 49 * 3);
    for (const channel of [0, 1, 2]) {
      const values = batch.filter((_, i) => i % 3 === channel);
      const mean = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
      expect(activity[channel] / mean).toBeCloseTo(1, 2);
    }
  });

  it('follow gates, states and the gradient along the sequence, forwards and backwards', async () => {
    const { detail, stats, dumped } = await detailedStep(sequences, 4, wasm);
    const [batch, hidden, time] = [4, 3, 6];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    /** Gate values of one block at a step of the memory, of all samples and units. */
    const gate = (tensors: Tensors, columns: number, block: number, row: number) =>
      Array.from(
        { length: batch * hidden },
        (_, i) =>
          tensors.gates[(row * batch + Math.floor(i / hidden)) * columns + block * hidden + (i % hidden)],
      );
    const { forward, backward } = dumped.memory;
    const gates = detail.memory.gateCourses as { [gate: string]: { [part: string]: number[] } };
    const states = detail.memory.stateCourses as { [state: string]: { norm: number[] } };
    for (let t = 0; t < time; t++) {
      for (const [name, block] of [
        ['input', 0],
        ['forget', 1],
        ['output', 3],
      ] as const) {
        const values = gate(forward, 4 * hidden, block, t);
        expect(gates[name].mean[t]).toBeCloseTo(mean(values), 3);
        expect(gates[name].open[t]).toBe(mean(values.map((value) => Number(value > 0.97))));
      }
      for (const [name, tensor] of [
        ['hidden', 'hiddenStates'],
        ['cell', 'cellStates'],
      ] as const) {
        const start = (t + 1) * batch * hidden;
        const norm = Math.hypot(...forward[tensor].slice(start, start + batch * hidden));
        expect(states[name].norm[t]).toBeCloseTo(norm / Math.sqrt(batch), 3);
      }
    }
    const norms = Array.from({ length: time }, (_, t) =>
      Math.hypot(...backward.gradHidden.slice((t + 1) * batch * hidden, (t + 2) * batch * hidden)),
    );
    const remembered = norms.filter((norm) => norm >= 0.01 * norms[time - 1]).length;
    expect(stats.memory.effectiveMemory).toBe(remembered);
    // With both directions, the second one takes its first step at the end of the sequence.
    const both = (detail.last.gateCourses as typeof gates).update.mean;
    for (let t = 0; t < time; t++) {
      const values = [t, time + (time - 1 - t)].flatMap((row) =>
        gate(dumped.last.forward, 3 * hidden, 0, row),
      );
      expect(both[t]).toBeCloseTo(mean(values), 3);
    }
  });

  it('show what each head attends to in the chosen sample', async () => {
    const { detail, dumped } = await detailedStep(sequences, 4, wasm);
    const { heads } = picturesIn(detail.look, 'attentionMaps');
    expect(pictureCount(heads)).toBe(2);
    expectPictures(heads, dumped.look.sample.weights.slice(0, 2 * 36));
  });

  it('beside them, gradients and updates have a size for each parameter, and a ratio to the layers around', async () => {
    const { stats, dumped, clipping } = await detailedStep(images, 5, wasm);
    const { gradients, before, after } = dumped.deep;
    const norms = stats.deep.gradNorms as { [name: string]: number };
    const ratios = stats.deep.updateRatios as { [name: string]: number };
    for (const name of ['kernel', 'bias']) expect(norms[name]).toBeCloseTo(Math.hypot(...gradients[name]), 5);
    const moved = Math.hypot(...after.kernel.map((value, i) => value - before.kernel[i]));
    expect(ratios.kernel).toBeCloseTo(moved / Math.hypot(...before.kernel), 4);
    // Biases start at zero, and there is no ratio to zero.
    expect(ratios).not.toHaveProperty('bias');
    const rms = (name: string, size: number) =>
      Math.hypot(...dumped[name].gradient.output.slice(0, 5 * size)) / Math.sqrt(5 * size);
    expect(stats.conv.gradRatio).toBeCloseTo(rms('conv', 147) / rms('relu', 147), 4);
    expect(stats.out).not.toHaveProperty('gradRatio');
    expect(clipping.share).toBe(1);
  });
});
