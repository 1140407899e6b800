/** The clock decides which steps are measured, so measuring must not change the arithmetic: the bits are the same, whatever is measured. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';
import { isThorough } from '../hostile/effort.ts';
import { examples, type Opened, openShort } from './examples.ts';
import { load } from './wasmHarness.ts';

const [batchSize, trainSamples, testSamples] = [4, 11, 5];

/** Fused and unfused activations, views, layers that draw or count while training, a shared one, and a side output. */
const mixed = `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3, "stride": 3 },
  "relu": { "type": "relu", "from": "conv" },
  "depthwise": { "type": "depthwiseConv2d", "from": "relu", "kernelSize": 3 },
  "norm": { "type": "batchNorm", "from": "depthwise" },
  "tanh": { "type": "tanh", "from": "norm" },
  "flat": { "type": "flatten", "from": "tanh" },
  "dropped": { "type": "dropout", "from": "flat", "rate": 0.3 },
  "hidden": { "type": "dense", "from": "dropped", "units": 20 },
  "sigmoid": { "type": "sigmoid", "from": "hidden" },
  "steps": { "type": "reshape", "from": "sigmoid", "shape": [5, 4] },
  "first": { "type": "conv1d", "from": "steps", "filters": 4, "kernelSize": 3, "padding": "same" },
  "firstRelu": { "type": "relu", "from": "first" },
  "second": { "type": "conv1d", "from": "firstRelu", "filters": 4, "kernelSize": 3, "padding": "same", "shares": "first" },
  "secondRelu": { "type": "relu", "from": "second" },
  "memory": { "type": "lstm", "from": "secondRelu", "hiddenSize": 6 },
  "random": { "type": "rRelu", "from": "memory" },
  "noisy": { "type": "gaussianNoise", "from": "random" },
  "out": { "type": "dense", "from": "noisy", "units": 4 },
  "side": { "type": "dense", "from": "sigmoid", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 12, "testSamples": 6 },
    "loss": [{ "type": "softmaxCrossEntropy", "from": "out" }, { "type": "softmaxCrossEntropy", "from": "side", "weight": 0.3 }],
    "optimizer": { "type": "adam", "learningRate": 0.01 }, "clipNorm": 1 } }`;

/** Reduces large recurrent layers: the arithmetic is the same, and a hundred steps would take long. */
const quick = (text: string): string => text.replace(/"hiddenSize": \d{2,}/, '"hiddenSize": 24');

const networks = new Map([...examples, ['layers of many kinds', mixed]]);

const openedTexts = new Map<string, Promise<Opened>>();
/** A network with its data, which every test of it reads. */
function opened(text: string): Promise<Opened> {
  const found = openedTexts.get(text) ?? openShort(quick(text), trainSamples, testSamples);
  openedTexts.set(text, found);
  return found;
}
afterAll(() => openedTexts.clear());

const never = () => false;
const always = () => true;
/** Steps with a short batch. If they left anything in memory, the next steps, with larger batches, would read it. */
const shortBatches = (step: number) => step % Math.ceil(trainSamples / batchSize) === 0;
const sometimes = (seed: number) => {
  const random = new Random(seed);
  return () => random.uniform() < 0.5;
};

interface Trained {
  /** A hash of the bits of each tensor. */
  readonly weights: ReadonlyMap<string, string>;
  readonly measured: number;
  /** Why it ended early: one lesson has exploding gradients. */
  readonly failure: unknown;
}

async function weightsOf(
  { analysis, training, dataset }: Opened,
  backend: Backend,
  accumulate: number,
  probes: (step: number) => boolean,
): Promise<Trained> {
  const network = { analysis, training: { ...training, batchSize, accumulate, epochs: 2 } };
  const parts = assemble(network, dataset, {}, backend);
  const host = { now: () => 0, yield: () => Promise.resolve(), probes };
  let measured = 0;
  let failure: unknown;
  try {
    for await (const { event } of train(new Training(parts), host)) if (event === 'stats') measured++;
  } catch (error) {
    failure = error;
  }
  return {
    weights: new Map(tensorsOf(parts.runtime).map(({ name, data }) => [name, hashOf(data)])),
    measured,
    failure,
  };
}

const hashOf = (values: FloatArray): string =>
  createHash('sha256').update(Float32Array.from(values)).digest('hex');

let threads: Backend;
beforeAll(async () => {
  threads = load('relaxed', 2);
  // The work is divided as expected only once all workers have started.
  await new Promise((resolve) => setTimeout(resolve, 300));
});
afterAll(() => threads.dispose?.());

interface Plan {
  readonly accumulate: number;
  readonly probes: readonly ((step: number) => boolean)[];
}

/** Steps that are measured, for updates of one step and of two. */
const everything = (): readonly Plan[] =>
  [1, 2].map((accumulate) => ({
    accumulate,
    probes: [never, always, shortBatches, sometimes(1)],
  }));
/** In `npm test`, each once. */
const onWasm = (): readonly Plan[] => [
  { accumulate: 1, probes: [always, shortBatches] },
  { accumulate: 2, probes: [sometimes(1)] },
];
/** What a short batch leaves in memory is read by code of the runtime, which all backends share. */
const elsewhere = (): readonly Plan[] => [
  { accumulate: 1, probes: [always] },
  { accumulate: 2, probes: [sometimes(1)] },
];

describe.each([
  ['the reference backend', () => referenceBackend, elsewhere],
  ['wasm', () => load('relaxed'), onWasm],
  ['wasm with two threads', () => threads, elsewhere],
] as const)('on %s, measuring changes no bit of the weights of', (_, openBackend, plans) => {
  it.each([...networks])('%s', async (_, text) => {
    const network = await opened(text);
    const backend = openBackend();
    for (const { accumulate, probes } of (isThorough ? everything : plans)()) {
      const { weights, measured, failure } = await weightsOf(network, backend, accumulate, never);
      expect(measured).toBe(0);
      for (const probe of probes) {
        const again = await weightsOf(network, backend, accumulate, probe);
        expect(again.measured > 0).toBe(probe !== never);
        expect(again).toMatchObject({ weights, failure });
      }
    }
  });
});

describe('the wide build trains to the same bits as the relaxed one:', () => {
  it.each([...networks])('%s', async (_, text) => {
    const network = await opened(text);
    const relaxed = await weightsOf(network, load('relaxed'), 1, never);
    const wide = await weightsOf(network, load('wide'), 1, never);
    expect(wide).toMatchObject({ weights: relaxed.weights, failure: relaxed.failure });
  });
});

it('every pass knows the step that runs, whether its layer computes anything or not', async () => {
  const network = await opened(mixed);
  const { runtime } = assemble(network, network.dataset, {}, load('relaxed'));
  const probe = { activation() {}, gradient() {} };
  for (const [batch, training, watched] of [
    [3, true, probe],
    [2, false, undefined],
    [4, true, undefined],
    [1, false, probe],
  ] as const) {
    runtime.forward(batch, training, 1, watched);
    for (const pass of runtime.passes) expect(pass).toMatchObject({ batch, training });
    for (const pass of runtime.lossPasses) expect(pass.batch).toBe(batch);
  }
});
