/** Every statistic equals a plain computation on copies of the tensors of the same step. One that is not here is in the test that is named. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SaturationBounds } from '../../engine/layers/define.ts';
import type { Runtime } from '../../engine/plan/runtime.ts';
import { statistics } from '../../engine/stats/registry.ts';
import { detailedStep, type Tensors } from './detailedStep.ts';

const batch = 5;

const dense = `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 3, "kernelSize": 5, "stride": 4, "kernelInitializer": { "type": "normal", "std": 2 } },
  "tanh": { "type": "tanh", "from": "conv" },
  "deep": { "type": "conv2d", "from": "tanh", "filters": 4, "kernelSize": 2 },
  "relu": { "type": "relu", "from": "deep" },
  "again": { "type": "relu6", "from": "deep" },
  "both": { "type": "add", "from": ["relu", "again"] },
  "flat": { "type": "flatten", "from": "both" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 32, "testSamples": 8 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" },
    "optimizer": "adam", "clipNorm": 0.05, "batchSize": 8 } }`;

const hidden = 3;
const time = 6;
const sequences = `{ "layers": {
  "numbers": { "type": "input", "shape": [${time}, 2] },
  "look": { "type": "multiHeadAttention", "from": "numbers", "heads": 2, "keySize": 2 },
  "memory": { "type": "lstm", "from": "look", "hiddenSize": ${hidden}, "returnSequences": true,
    "kernelInitializer": { "type": "normal", "std": 9 } },
  "last": { "type": "gru", "from": "memory", "hiddenSize": ${hidden},
    "kernelInitializer": { "type": "normal", "std": 9 } },
  "sum": { "type": "dense", "from": "last", "units": 1 } },
  "training": { "data": { "type": "adding", "sequenceLength": ${time}, "samples": 16, "testSamples": 4 },
    "loss": { "type": "meanSquaredError", "from": "sum" }, "optimizer": "sgd", "batchSize": ${batch} } }`;

type Step = Awaited<ReturnType<typeof detailedStep>>;

/** One layer of a step, with what plain computations need. */
interface Layer {
  readonly type: string;
  readonly tensors: { readonly [moment: string]: Tensors };
  /** The output of the samples in use, and its gradient. */
  readonly values: readonly number[];
  readonly gradient: readonly number[];
  readonly bounds: SaturationBounds | undefined;
  /** The root mean squares of the gradients of the layers that read it. */
  readonly readers: readonly number[];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const meanOf = (values: readonly number[]) => sum(values) / values.length;
const rms = (values: readonly number[]) => Math.sqrt(meanOf(values.map((value) => value ** 2)));
const share = (values: readonly number[], is: (value: number) => boolean) =>
  values.filter(is).length / values.length;
const norm = (values: readonly number[]) => Math.hypot(...values);
const flat = (tensors: Tensors) => Object.values(tensors).flat();
const each = <T>(tensors: Tensors, value: (name: string) => T) =>
  Object.fromEntries(Object.keys(tensors).map((name) => [name, value(name)]));
const moved = ({ tensors: { before, after } }: Layer, name: string) =>
  norm(after[name].map((value, index) => value - before[name][index]));

/** The columns of a gate in the rows of all gates, in the order of the layers. */
const gatesOf: { readonly [type: string]: { readonly [gate: string]: number } } = {
  lstm: { input: 0, forget: 1, output: 3 },
  gru: { update: 0, reset: 1 },
};
const columnsOf: { readonly [type: string]: number } = { lstm: 4 * hidden, gru: 3 * hidden };

/** The values of each gate, at one time step or at all. */
function gateValues({ type, tensors }: Layer, step?: number) {
  const rows = Array.from({ length: batch * time }, (_, row) => row).filter(
    (row) => step === undefined || Math.floor(row / batch) === step,
  );
  return Object.entries(gatesOf[type]).map(([gate, block]) => {
    const values = rows.flatMap((row) => {
      const start = row * columnsOf[type] + block * hidden;
      return tensors.forward.gates.slice(start, start + hidden);
    });
    return [gate, values] as const;
  });
}

const steps = Array.from({ length: time }, (_, step) => step);
const isShut = (value: number) => value < 0.03;
const isOpen = (value: number) => value > 0.97;
const stateAt = (states: readonly number[], step: number) =>
  states.slice((step + 1) * batch * hidden, (step + 2) * batch * hidden);
const throughTime = ({ tensors }: Layer) =>
  steps.map((step) => norm(stateAt(tensors.backward.gradHidden, step)));

const finite = ({ values }: Layer) => values.filter(Number.isFinite);

const plain: { readonly [key: string]: (layer: Layer) => unknown } = {
  mean: (layer) => meanOf(finite(layer)),
  std: (layer) => rms(finite(layer).map((value) => value - meanOf(finite(layer)))),
  min: (layer) => Math.min(...finite(layer)),
  max: (layer) => Math.max(...finite(layer)),
  zeroFraction: ({ values }) => share(values, (value) => value === 0),
  saturatedFraction: ({ values, bounds }) =>
    share(values, (value) => value < (bounds?.low ?? -Infinity) || value > (bounds?.high ?? Infinity)),
  notFiniteFraction: ({ values }) => share(values, (value) => !Number.isFinite(value)),
  gradNorm: ({ tensors: { gradients }, gradient }) =>
    norm(flat(gradients).length > 0 ? flat(gradients) : gradient),
  gradNorms: ({ tensors: { gradients } }) => each(gradients, (name) => norm(gradients[name])),
  gradRms: ({ gradient }) => rms(gradient),
  gradRatio: ({ gradient, readers }) => rms(gradient) / Math.max(...readers),
  paramNorm: ({ tensors: { before } }) => norm(flat(before)),
  updateRatio: (layer) =>
    norm(Object.keys(layer.tensors.before).map((name) => moved(layer, name))) /
    norm(flat(layer.tensors.before)),
  updateRatios: (layer) => {
    const { before } = layer.tensors;
    const ratios = each(before, (name) => moved(layer, name) / norm(before[name]));
    return Object.fromEntries(Object.entries(ratios).filter(([, ratio]) => Number.isFinite(ratio)));
  },
  clippedNorm: ({ tensors: { clipped } }) => norm(flat(clipped)),
  gradThroughTime: throughTime,
  effectiveMemory: (layer) => {
    const norms = throughTime(layer);
    return norms.filter((one) => one >= 0.01 * norms[time - 1]).length;
  },
  gates: (layer) =>
    Object.fromEntries(
      gateValues(layer).map(([gate, values]) => [
        gate,
        { shut: share(values, isShut), open: share(values, isOpen) },
      ]),
    ),
  gateCourses: (layer) =>
    Object.fromEntries(
      Object.keys(gatesOf[layer.type]).map((gate, index) => {
        const courses = steps.map((step) => gateValues(layer, step)[index][1]);
        const course = (value: (values: readonly number[]) => number) => courses.map(value);
        return [
          gate,
          {
            mean: course(meanOf),
            shut: course((values) => share(values, isShut)),
            open: course((values) => share(values, isOpen)),
          },
        ];
      }),
    ),
  stateCourses: ({ tensors: { forward } }) => {
    const course = (states: readonly number[]) => ({
      norm: steps.map((step) => norm(stateAt(states, step)) / Math.sqrt(batch)),
    });
    return {
      hidden: course(forward.hiddenStates),
      ...(forward.cellStates ? { cell: course(forward.cellStates) } : {}),
    };
  },
  attention: ({ tensors: { forward } }) =>
    Object.fromEntries(
      [0, 1].map((head) => {
        const largest = Array.from({ length: batch * time }, (_, row) => {
          const start = ((Math.floor(row / time) * 2 + head) * time + (row % time)) * time;
          return Math.max(...forward.weights.slice(start, start + time));
        });
        const [focused, even] = [share(largest, (one) => one > 0.9), share(largest, (one) => one * time < 2)];
        return [`head ${head + 1}`, { focused, even }];
      }),
    ),
};

/** Statistics whose comparison needs more than one step, or is with every number of a drawing. */
const elsewhere: { readonly [key: string]: string } = {
  deadFraction: 'probes.test.ts',
  clippedShare: 'shownStatistics.test.ts',
  activationHistogram: 'details.test.ts',
  gradientHistogram: 'details.test.ts',
  parameterGradientHistogram: 'details.test.ts',
  updateHistogram: 'details.test.ts',
  channelActivity: 'details.test.ts',
  featureMaps: 'details.test.ts',
  weightPictures: 'details.test.ts',
  attentionMaps: 'details.test.ts',
};

function layersOf({ runtime, dumped }: Step): ReadonlyMap<string, Layer> {
  const { layers, buffers } = runtime.plan;
  const used = (index: number, values: readonly number[]) =>
    values.slice(0, batch * (buffers[layers[index].output].length / buffers[layers[index].output].shape[0]));
  const gradientOf = (index: number) => used(index, dumped[layers[index].layer.name].gradient?.output ?? []);
  return new Map(
    layers.map(({ layer: { name, spec, definition } }, index) => [
      name,
      {
        type: spec.type,
        tensors: dumped[name],
        values: used(index, dumped[name].forward.output),
        gradient: gradientOf(index),
        bounds: definition.saturationBounds?.(spec.attributes),
        readers: layers.flatMap(({ layer }, reader) =>
          layer.from.some((ref) => ref.layer === name) ? [rms(gradientOf(reader))] : [],
        ),
      },
    ]),
  );
}

/** Numbers of the measured value and of the plain one differ by a thousandth at most. */
function expectNear(found: unknown, expected: unknown, where: string): void {
  if (typeof expected === 'number') {
    expect(typeof found, where).toBe('number');
    expect(Math.abs((found as number) - expected), `${where}: ${found}, not ${expected}`).toBeLessThanOrEqual(
      1e-3 * Math.max(Math.abs(expected), 1e-3),
    );
    return;
  }
  expect(Object.keys(found as object), where).toEqual(Object.keys(expected as object));
  for (const [key, value] of Object.entries(expected as object))
    expectNear((found as { readonly [key: string]: unknown })[key], value, `${where}.${key}`);
}

/** One channel of a layer becomes infinite, which the layer after it limits to 1. */
function spoil({ plan, passes }: Runtime): void {
  const index = plan.layers.findIndex(({ layer }) => layer.name === 'conv');
  passes[index].parameters.bias.data[1] = Number.POSITIVE_INFINITY;
}

const ofActivations = new Set(statistics.filter(({ at }) => at === 'activation').map(({ key }) => key));

describe.each([
  ['reference', false],
  ['wasm', true],
])('on the %s backend', (_, wasm) => {
  it('every statistic is what a plain computation gives', async () => {
    const compared = new Set<string>();
    for (const [text, change] of [[dense], [sequences], [dense, spoil]] as const) {
      const step = await detailedStep(text, batch, wasm, change);
      for (const [name, layer] of layersOf(step)) {
        const measured = { ...step.stats[name], ...step.detail[name] };
        for (const [key, value] of Object.entries(measured)) {
          if (Object.hasOwn(elsewhere, key) || (change && !ofActivations.has(key))) continue;
          expectNear(value, plain[key](layer), `${name} ${key}`);
          compared.add(key);
        }
      }
    }
    expect(Object.keys(plain).filter((key) => !compared.has(key))).toEqual([]);
  });
});

it('every statistic is compared here or in the test that is named', () => {
  const keys = statistics.map(({ key }) => key);
  expect(keys.filter((key) => !Object.hasOwn(plain, key) && !Object.hasOwn(elsewhere, key))).toEqual([]);
  expect([...Object.keys(plain), ...Object.keys(elsewhere)].filter((key) => !keys.includes(key))).toEqual([]);
  for (const [key, file] of Object.entries(elsewhere))
    expect(readFileSync(path.join(import.meta.dirname, file), 'utf8'), file).toContain(key);
});
