/** Probes report the values of the tensors of the same step, on both backends. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { openTraining } from '../../engine/train/open.ts';
import { openOneBatch } from './detailedStep.ts';

const decay = 0.1;
const text = `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "flat": { "type": "flatten", "from": "image" },
  "first": { "type": "dense", "from": "flat", "units": 9, "l2": 0.3 },
  "fixed": { "type": "dense", "from": "first", "units": 9, "trainable": false },
  "relu": { "type": "relu", "from": "fixed" },
  "again": { "type": "dense", "from": "relu", "units": 9 },
  "twice": { "type": "dense", "from": "again", "units": 9, "shares": "again" },
  "tanh": { "type": "tanh", "from": "twice" },
  "out": { "type": "dense", "from": "tanh", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 32, "testSamples": 0 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" },
    "optimizer": { "type": "adam", "weightDecay": ${decay} }, "clipNorm": 0.05, "batchSize": 8 } }`;

const norm = (tensors: readonly FloatArray[]): number =>
  Math.hypot(...tensors.flatMap((values) => Array.from(values)));

/** The share of units that are never above zero in the first five samples. */
const deadOf = ({ output: { data } }: { readonly output: { readonly data: FloatArray } }): number => {
  const dead = Array.from({ length: 9 }, (_, unit) =>
    [0, 1, 2, 3, 4].every((row) => !(data[9 * row + unit] > 0)),
  );
  return dead.filter(Boolean).length / 9;
};

async function probedStep(wasm: boolean) {
  const { parts, training, probe } = await openOneBatch(text, 5, wasm);
  const { runtime } = parts;
  const { trainer } = training;
  const copies = (kind: 'parameters' | 'gradParameters') =>
    runtime.passes.map((pass) => Object.values(pass[kind]).map(({ data }) => Float64Array.from(data)));
  // A second step, because Adam's first step moves every parameter equally.
  trainer.accumulate(5, 1, true);
  trainer.update(0.01, 1);
  trainer.accumulate(5, 2, true, probe, probe.deadUnits);
  const [before, gradients] = [copies('parameters'), copies('gradParameters')];
  trainer.update(0.01, 2, probe);
  const [after, decayed] = [copies('parameters'), copies('gradParameters')];
  const layers = Object.fromEntries(
    runtime.plan.layers.map(({ layer: { name } }, i) => {
      const moved = after[i].map((values, p) => values.map((value, n) => value - before[i][p][n]));
      const expected = {
        gradients: norm(gradients[i]),
        // The optimizer adds its weight decay in place.
        clipped: norm(
          decayed[i].map((values, p) => values.map((value, n) => value - decay * before[i][p][n])),
        ),
        parameters: norm(before[i]),
        moved: norm(moved),
      };
      return [name, { ...expected, pass: runtime.passes[i] }];
    }),
  );
  return { probe, stats: probe.read(), layers };
}

describe.each([
  ['reference', false],
  ['wasm', true],
])('probes on the %s backend', (_, wasm) => {
  it('report the gradients of the loss before and after clipping, the parameters before the update, and their change', async () => {
    const { stats, layers } = await probedStep(wasm);
    for (const name of ['first', 'again', 'twice', 'out']) {
      const { gradients, clipped, parameters, moved } = layers[name];
      expect(stats[name].gradNorm).toBeCloseTo(gradients, 5);
      expect(stats[name].clippedNorm).toBeCloseTo(clipped, 5);
      expect(Math.abs(gradients - clipped)).toBeGreaterThan(0.001);
      expect(stats[name].paramNorm).toBeCloseTo(parameters, 4);
      expect(stats[name].updateRatio).toBeCloseTo(moved / parameters, 5);
      expect(moved).toBeGreaterThan(0.001);
    }
    expect(stats.twice.paramNorm).toBe(stats.again.paramNorm);
    expect(stats.twice.updateRatio).toBe(stats.again.updateRatio);
  });

  it('report gradients of fixed parameters, and no update of them', async () => {
    const { stats, layers } = await probedStep(wasm);
    expect(stats.fixed.gradNorm).toBeGreaterThan(0);
    expect(layers.fixed.moved).toBe(0);
    expect(stats.fixed.updateRatio).toBeUndefined();
    expect(stats.image.gradNorm).toBeUndefined();
  });

  it('report the values of the samples in use, and dead units once a pass is complete', async () => {
    const { probe, stats, layers } = await probedStep(wasm);
    const logits = Array.from(layers.out.pass.output.data.subarray(0, 5 * 4));
    expect(stats.out.mean).toBeCloseTo(logits.reduce((sum, v) => sum + v, 0) / logits.length, 5);
    expect(stats.out.min).toBe(Math.min(...logits));
    expect(stats.out.max).toBe(Math.max(...logits));
    expect(stats.relu.zeroFraction).toBeGreaterThan(0);
    expect(stats.relu.deadFraction).toBeNull();
    expect(stats.tanh.saturatedFraction).toBeDefined();
    probe.deadUnits.endPass();
    expect(probe.read().relu.deadFraction).toBe(deadOf(layers.relu.pass));
    probe.deadUnits.beginPass();
    expect(probe.read().relu.deadFraction).toBe(deadOf(layers.relu.pass));
    probe.deadUnits.endPass();
    expect(probe.read().relu.deadFraction).toBe(1);
  });
});

const pooled = (pool: string) => `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3 },
  "relu": { "type": "relu", "from": "conv" },
  "pool": { "type": "maxPool2d", "from": "relu", ${pool} },
  "flat": { "type": "flatten", "from": "pool" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 8, "testSamples": 0 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": { "type": "sgd" }, "batchSize": 8 } }`;

describe('the gradient of a ReLU whose work a pooling does', () => {
  /** The statistics of a step, and the norm of the gradient that the ReLU passes on. Details need every gradient, so they compute it. */
  async function stepOn(pool: string, detailed: boolean) {
    const { parts, training } = await openTraining(
      pooled(pool),
      { folder: '.' },
      loadBackend('dist/kernels'),
    );
    const { probe, trainer } = training;
    const { runtime, dataset, loader } = parts;
    loader.load(
      dataset.train,
      Int32Array.from({ length: 8 }, (_, i) => i),
      8,
    );
    if (detailed) probe.beginDetail();
    let received = 0;
    const index = runtime.plan.layers.findIndex(({ layer }) => layer.name === 'relu');
    const look = new Proxy(probe, {
      get(target, name) {
        if (name === 'gradient')
          return (layer: number) => {
            if (layer === index) received = norm([runtime.passes[index].gradOutput.data]);
            target.gradient(layer);
          };
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const loss = trainer.accumulate(8, 1, true, look);
    const { relu, conv, pool: after } = probe.read();
    return { loss, received, relu, conv, after };
  }

  it.each(['"poolSize": 2', '"poolSize": 3, "stride": 4', '"poolSize": 3, "padding": 1, "stride": 3'])(
    'is measured without being computed: %s',
    async (pool) => {
      const [usual, detailed] = [await stepOn(pool, false), await stepOn(pool, true)];
      expect(detailed.relu.gradNorm).toBeCloseTo(detailed.received, 6);
      expect(usual.relu.gradNorm).toBe(detailed.relu.gradNorm);
      expect(usual.relu.gradNorm).toBe(usual.after.gradNorm);
      expect(usual.relu.gradRms).toBe(detailed.relu.gradRms);
      expect([usual.loss, usual.conv]).toEqual([detailed.loss, detailed.conv]);
      expect(usual.received).toBeLessThan(detailed.received);
    },
  );

  it('is computed where windows overlap or see only padding', async () => {
    for (const pool of ['"poolSize": 3, "stride": 2', '"poolSize": 1, "padding": 1']) {
      const { relu, received } = await stepOn(pool, false);
      expect(relu.gradNorm).toBeCloseTo(received, 6);
    }
  });
});

it('steps are not examined for dead units where no unit can die', async () => {
  const watchOf = async (network: string) => {
    const { training } = await openTraining(network, { folder: '.' }, referenceBackend);
    return training.probe.deadUnits.watch;
  };
  expect(await watchOf(text)).toBeDefined();
  expect(await watchOf(text.replace('"type": "relu"', '"type": "tanh"'))).toBeUndefined();
});
