/** Every loss against its numeric gradient, over the whole registry. */
import { describe, expect, it } from 'vitest';
import { type LossRun, runLoss } from '../../engine/conformance/lossCase.ts';
import { Random } from '../../engine/kernels/random.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { LossSample, TargetSpec } from '../../engine/losses/define.ts';
import { losses } from '../../engine/losses/registry.ts';
import { slope } from './slopes.ts';

const batch = 3;
const step = 1e-3;
const tolerance = 1e-8;

type Draw = (random: Random, count: number, classes: number) => Float64Array | Int32Array;

const draws: { readonly [targets in LossSample['targets']]: Draw } = {
  values: (random, count) => Float64Array.from({ length: count }, () => 2 * random.normal()),
  bits: (random, count) => Float64Array.from({ length: count }, () => random.below(2)),
  signs: (random, count) => Float64Array.from({ length: count }, () => 2 * random.below(2) - 1),
  classes: (random, count, classes) => Int32Array.from({ length: count }, () => random.below(classes)),
  shares: (random, count, classes) => {
    const shares = Float64Array.from({ length: count }, () => 0.05 + random.uniform());
    for (let start = 0; start < count; start += classes) {
      const row = shares.subarray(start, start + classes);
      const sum = row.reduce((a, b) => a + b);
      for (let i = 0; i < classes; i++) row[i] /= sum;
    }
    return shares;
  },
};

function prepare(
  type: string,
  sample: LossSample,
  seed: number,
): LossRun & { readonly prediction: Float64Array } {
  const random = new Random(seed);
  const { prediction: shape, targets, within } = sample;
  const outputs = shape[shape.length - 1];
  const classes = Math.max(2, outputs);
  const targetShape = targets === 'classes' ? shape.slice(0, -1) : shape;
  const dataTarget: TargetSpec =
    targets === 'classes'
      ? { type: 'int', shape: targetShape, classes }
      : { type: 'float', shape: targetShape };
  const prediction = Float64Array.from({ length: batch * sizeOf(shape) }, () =>
    within ? within[0] + (within[1] - within[0]) * random.uniform() : 1.5 * random.normal(),
  );
  const run = runLoss({
    type,
    attributes: sample.attributes ?? {},
    shape,
    batch,
    prediction,
    dataTarget,
    target: draws[targets](random, batch * sizeOf(targetShape), classes),
    ...(sample.lengths ? { lengths: Int32Array.from(sample.lengths) } : {}),
  });
  return { ...run, prediction };
}

/** The largest difference between the gradient times `factor` and the numeric slopes. */
function largestError({ prediction, gradient, compute }: ReturnType<typeof prepare>, factor = 1): number {
  gradient.fill(0);
  compute();
  const exact = Array.from(gradient);
  return exact.reduce((worst, value, index) => {
    const numeric = slope(prediction, { target: 'prediction', vector: [[index, 1]] }, step, compute);
    return Math.max(worst, Math.abs(value * factor - numeric));
  }, 0);
}

for (const loss of losses)
  describe(`loss ${loss.type}`, () => {
    it('has a sample', () => expect(loss.samples.length).toBeGreaterThan(0));
    for (const sample of loss.samples) {
      it(`has the numeric gradient (${sample.name})`, () => {
        const worst = Math.min(
          largestError(prepare(loss.type, sample, 7)),
          largestError(prepare(loss.type, sample, 8)),
        );
        expect(worst).toBeLessThan(tolerance);
      });

      it(`is caught when its gradient is wrong by 0.1 % (${sample.name})`, () => {
        expect(largestError(prepare(loss.type, sample, 7), 1.001)).toBeGreaterThan(tolerance);
      });

      it(`adds its gradient and does not change the prediction (${sample.name})`, () => {
        const { compute, gradient, prediction } = prepare(loss.type, sample, 9);
        const before = prediction.slice();
        compute();
        const once = gradient.slice();
        gradient.fill(0.25);
        compute();
        const farthest = Array.from(gradient).reduce(
          (most, value, i) => Math.max(most, Math.abs(value - 0.25 - once[i])),
          0,
        );
        expect(farthest).toBeLessThan(1e-12);
        expect(prediction).toEqual(before);
      });

      if (sample.lengths)
        it(`ignores steps after the end (${sample.name})`, () => {
          const { compute, gradient, prediction } = prepare(loss.type, sample, 10);
          const value = compute();
          const perStep = sizeOf(sample.prediction.slice(1));
          const perSample = sizeOf(sample.prediction);
          sample.lengths?.forEach((length, row) => {
            const past = prediction.subarray(row * perSample + length * perStep, (row + 1) * perSample);
            expect(
              gradient
                .subarray(row * perSample + length * perStep, (row + 1) * perSample)
                .every((g) => g === 0),
            ).toBe(true);
            past.fill(1e3);
          });
          expect(compute()).toBe(value);
        });
    }
  });

describe('losses refuse data that does not fit', () => {
  const refuses = (type: string, shape: number[], dataTarget: TargetSpec, code: string, attributes = {}) => {
    const reading = losses.read({ type, ...attributes });
    if ('problems' in reading) throw new Error('bad test');
    const inferred = losses.get(type).infer(reading.value.attributes, shape, dataTarget);
    expect('problem' in inferred && inferred.problem.code).toBe(code);
  };
  it('more classes than scores', () =>
    refuses('softmaxCrossEntropy', [5], { type: 'int', shape: [], classes: 10 }, 'loss/classes'));
  it('values where classes must be', () =>
    refuses('softmaxCrossEntropy', [5], { type: 'float', shape: [1] }, 'loss/target'));
  it('one class a sample where each step has one', () =>
    refuses('softmaxCrossEntropy', [7, 5], { type: 'int', shape: [], classes: 5 }, 'loss/target'));
  it('classes where values of another shape are predicted', () =>
    refuses('meanSquaredError', [2], { type: 'int', shape: [], classes: 10 }, 'loss/target'));
  it('class weights of another number', () =>
    refuses('softmaxCrossEntropy', [3], { type: 'int', shape: [], classes: 3 }, 'loss/class-weights', {
      classWeights: [1, 2],
    }));
  it('positive weights of another number', () =>
    refuses('binaryCrossEntropy', [3], { type: 'float', shape: [3] }, 'loss/positive-weights', {
      positiveWeights: [1, 2],
    }));
});
