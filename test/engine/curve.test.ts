/** The live curve has the same points in every run, independently of the clock, and each step is in exactly one of them. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { CurvePoint, TrainingEvent } from '../../engine/protocol/events.ts';
import type { TrainingSpec } from '../../engine/spec/document.ts';
import { windowLength } from '../../engine/train/curve.ts';
import type { LoopHost } from '../../engine/train/host.ts';
import { TrainingFailure, train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';
import { openShort } from './examples.ts';

const text = `{ "layers": {
  "point": { "type": "input", "shape": [2] },
  "hidden": { "type": "dense", "from": "point", "units": 8, "l2": 0.01, "l1": 0.001 },
  "tanh": { "type": "tanh", "from": "hidden" },
  "out": { "type": "dense", "from": "tanh", "units": 2 } },
  "training": { "data": { "type": "points", "pattern": "xor", "samples": 250, "testSamples": 10 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "metrics": ["accuracy", "f1"],
    "optimizer": { "type": "adam", "learningRate": 0.02 }, "batchSize": 4 } }`;

/** 63 steps for each epoch, the last one with 2 samples instead of 4. */
const [stepsPerEpoch, trainSamples] = [63, 250];

interface Reported {
  readonly events: readonly TrainingEvent[];
  readonly failure: TrainingFailure | undefined;
}

/** A clock that does not advance: no event is ever due. */
const idle: LoopHost = { now: () => 0, yield: () => Promise.resolve() };

async function run(settings: Partial<TrainingSpec>, host: LoopHost = idle, spec = text): Promise<Reported> {
  const { analysis, training: given, dataset } = await openShort(spec, trainSamples, 10);
  const training = { ...given, ...settings };
  const parts = assemble({ analysis, training }, dataset, { float: 'float64' }, referenceBackend);
  const events: TrainingEvent[] = [];
  try {
    for await (const event of train(new Training(parts), host)) events.push(event);
  } catch (failure) {
    if (!(failure instanceof TrainingFailure)) throw failure;
    return { events, failure };
  }
  return { events, failure: undefined };
}

/** A clock that advances by this many milliseconds whenever it is read. */
function ticking(milliseconds: number): () => number {
  let time = 0;
  return () => {
    time += milliseconds;
    return time;
  };
}

const pointsOf = ({ events }: Reported): CurvePoint[] =>
  events.flatMap((event) => (event.event === 'step' ? event.points : []));

const samplesIn = (step: number): number => (step % stepsPerEpoch === 0 ? 2 : 4);

describe('windows', () => {
  it('are about a thousand in a run and twenty in an epoch, in whole steps', () => {
    expect(windowLength(1875, 3)).toBe(5);
    expect(windowLength(100_000, 1)).toBe(100);
    expect(windowLength(500, 1000)).toBe(25);
    expect(windowLength(10, 1)).toBe(1);
    for (const steps of [20, 33, 400, 5000])
      for (const epochs of [1, 7, 60, 1000])
        expect(steps / windowLength(steps, epochs)).toBeGreaterThanOrEqual(20);
  });

  it('are at most twenty thousand in a run, unless it has more epochs', () => {
    for (const steps of [1, 10, 33, 5000])
      for (const epochs of [1000, 1700, 5000, 30_000, 1_000_000])
        expect(epochs * Math.ceil(steps / windowLength(steps, epochs))).toBeLessThanOrEqual(
          Math.max(2 * 20_000, epochs),
        );
  });

  it('are the same at any speed of the clock, and each is reported once', async () => {
    const settings = { epochs: 60, batchSize: 4 };
    const still = await run(settings);
    const points = pointsOf(still);
    const length = windowLength(stepsPerEpoch, 60);
    expect(length).toBe(3);
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 60 * 21 }, (_, i) => (i + 1) * 3));
    for (const step of [0.3, 40, 150]) {
      const reported = await run(settings, { ...idle, now: ticking(step) });
      expect(pointsOf(reported)).toEqual(points);
      expect(reported.events.filter(({ event }) => event === 'step').length).toBeGreaterThan(1);
    }
  });

  it('contain means over their steps, weighted by the samples that count', async () => {
    const single = pointsOf(await run({ epochs: 1 }));
    expect(single.map(({ step }) => step)).toEqual(Array.from({ length: stepsPerEpoch }, (_, i) => i + 1));
    // With sixty epochs, windows have three steps. The first windows contain the same steps.
    const windows = pointsOf(await run({ epochs: 60 })).slice(0, 21);
    for (const [index, window] of windows.entries()) {
      const steps = single.slice(3 * index, 3 * index + 3);
      const mean = (of: (point: CurvePoint) => number) =>
        steps.reduce((sum, point) => sum + of(point) * samplesIn(point.step), 0) /
        steps.reduce((sum, { step }) => sum + samplesIn(step), 0);
      expect(window.loss).toBeCloseTo(
        mean(({ loss }) => loss),
        12,
      );
      expect(window.metrics.accuracy).toBeCloseTo(
        mean(({ metrics }) => metrics.accuracy),
        12,
      );
      expect(window.penalty).toBe(steps[2].penalty);
    }
  });

  it('add up to the scores of the epoch', async () => {
    const { events } = await run({ epochs: 1 });
    const epoch = events.find((event) => event.event === 'epoch');
    if (epoch?.event !== 'epoch') throw new Error('no epoch');
    const points = pointsOf({ events, failure: undefined });
    const mean = (of: (point: CurvePoint) => number) =>
      points.reduce((sum, point) => sum + of(point) * samplesIn(point.step), 0) / trainSamples;
    expect(epoch.train.loss).toBeCloseTo(
      mean(({ loss }) => loss),
      12,
    );
    expect(epoch.train.accuracy).toBeCloseTo(
      mean(({ metrics }) => metrics.accuracy),
      12,
    );
    expect(epoch.penalty).toBe(points.at(-1)?.penalty);
    expect(epoch.penalty).toBeGreaterThan(0);
  });

  it('end before the step at which a run fails, which the failure names', async () => {
    const exploding = text.replace('"adam", "learningRate": 0.02', '"sgd", "learningRate": 1e38');
    const reported = await run({ epochs: 60 }, idle, exploding);
    expect(reported.failure?.step).toBeGreaterThan(1);
    expect(pointsOf(reported).at(-1)?.step).toBe((reported.failure?.step ?? 0) - 1);
  });
});

it('a network without penalties reports none', async () => {
  const { events } = await run({ epochs: 1 }, idle, text.replace(', "l2": 0.01, "l1": 0.001', ''));
  for (const event of events) expect(event).not.toHaveProperty('penalty');
  expect(pointsOf({ events, failure: undefined })[0]).not.toHaveProperty('penalty');
});
