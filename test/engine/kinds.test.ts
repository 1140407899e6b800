/** Metrics, schedules, initializers and the common properties of optimizers, by properties and by numbers computed by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../engine/initializers/define.ts';
import { initializers } from '../../engine/initializers/registry.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { Reading } from '../../engine/losses/define.ts';
import { losses } from '../../engine/losses/registry.ts';
import { isReal, rowsOf } from '../../engine/losses/rows.ts';
import { mergeSums } from '../../engine/metrics/define.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { memoryOf } from '../../engine/schedules/define.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import type { Json, Kind } from '../../engine/schema/attributes.ts';
import type { Registry } from '../../engine/schema/kind.ts';
import { clipByNorm, clipByValue } from '../../engine/train/clip.ts';

type Given = { readonly type: string; readonly [attribute: string]: Json };

function attributesOf<K extends Kind>(
  registry: Registry<K>,
  given: Given,
): { readonly [name: string]: unknown } {
  const reading = registry.read(given);
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  return reading.value.attributes;
}

interface Batch {
  readonly shape: readonly number[];
  readonly prediction: readonly number[];
  readonly target: readonly number[];
  readonly lengths?: readonly number[];
  readonly reading?: Reading;
}

/** The metric over batches of samples of `shape`, each counted separately and then merged. */
function measure(given: Given, ...batches: readonly Batch[]): number {
  const metric = metrics.get(given.type);
  const attributes = attributesOf(metrics, given);
  const none = () => new Float64Array(metric.sums(attributes, batches[0].shape));
  const all = none();
  for (const { shape, prediction, target, lengths, reading } of batches) {
    const sums = none();
    const batch = prediction.length / sizeOf(shape);
    metric.add(
      {
        attributes,
        rows: (batch * sizeOf(shape)) / (shape.at(-1) ?? 1),
        counts: (row) => isReal(lengths && Int32Array.from(lengths), row, rowsOf(shape.slice(0, -1))),
        reading: reading ?? { predictions: 'scores', threshold: 0 },
        prediction: { shape: [batch, ...shape], data: Float64Array.from(prediction) },
        target: { shape: [target.length], data: Float64Array.from(target) },
      },
      sums,
    );
    mergeSums(metric, sums, all);
  }
  return metric.value(all, attributes);
}

describe('metrics', () => {
  // Predicted classes 0, 1, 1, 2 for 0, 1, 2, 2.
  const classes: Batch = {
    shape: [3],
    prediction: [9, 0, 1, 0, 9, 1, 0, 5, 4, 0, 1, 9],
    target: [0, 1, 2, 2],
  };

  it('accuracy is the share of right classes', () =>
    expect(measure({ type: 'accuracy' }, classes)).toBe(0.75));
  it('accuracy counts every sample equally, however data is divided into batches', () => {
    const first: Batch = { shape: [3], prediction: classes.prediction.slice(0, 9), target: [0, 1, 2] };
    const second: Batch = { shape: [3], prediction: classes.prediction.slice(9), target: [2] };
    expect(measure({ type: 'accuracy' }, first, second)).toBe(0.75);
  });
  it('accuracy of equal scores is that of guessing the first', () =>
    expect(measure({ type: 'accuracy' }, { shape: [2], prediction: [1, 1, 1, 1], target: [0, 1] })).toBe(
      0.5,
    ));
  it('accuracy leaves out steps past the end and ignored classes', () => {
    const batch: Batch = { shape: [2, 2], prediction: [9, 0, 0, 9, 9, 0, 9, 0], target: [0, 1, 1, 1] };
    expect(measure({ type: 'accuracy' }, batch)).toBe(0.5);
    expect(measure({ type: 'accuracy' }, { ...batch, lengths: [2, 1] })).toBeCloseTo(2 / 3, 12);
    expect(measure({ type: 'accuracy' }, { ...batch, target: [0, 1, -100, -100] })).toBe(1);
  });
  it('a score that is not a number is never right', () =>
    expect(
      measure({ type: 'accuracy' }, { shape: [2], prediction: [Number.NaN, Number.NaN], target: [0] }),
    ).toBe(0));
  it('topK counts the right class among the k highest', () =>
    expect([1, 2, 3].map((k) => measure({ type: 'topK', k }, classes))).toEqual([0.75, 1, 1]));
  it('precision, recall and F1 are means over classes', () => {
    expect(measure({ type: 'precision' }, classes)).toBeCloseTo((1 + 0.5 + 1) / 3, 12);
    expect(measure({ type: 'recall' }, classes)).toBeCloseTo((1 + 1 + 0.5) / 3, 12);
    expect(measure({ type: 'f1' }, classes)).toBeCloseTo((1 + 2 / 3 + 2 / 3) / 3, 12);
  });
  it('a class that never occurs does not count', () => {
    const absent: Batch = { shape: [3], prediction: [9, 0, 0, 0, 9, 0], target: [0, 1] };
    for (const type of ['precision', 'recall', 'f1']) expect(measure({ type }, absent)).toBe(1);
  });
  it('perplexity of even scores is the number of classes', () =>
    expect(
      measure({ type: 'perplexity' }, { shape: [4], prediction: [7, 7, 7, 7], target: [2] }),
    ).toBeCloseTo(4, 12));
  it('binaryAccuracy judges each output by the threshold', () => {
    const batch: Batch = { shape: [2], prediction: [0.4, -1, 0.6, 2], target: [1, 0, 0, 1] };
    expect(measure({ type: 'binaryAccuracy' }, batch)).toBe(0.75);
    expect(measure({ type: 'binaryAccuracy', threshold: 0.5 }, batch)).toBe(0.5);
  });
  it('binaryAccuracy takes its threshold from the loss', () => {
    const batch: Batch = { shape: [1], prediction: [0.2, 0.4, 0.6], target: [0, 0, 1] };
    expect(measure({ type: 'binaryAccuracy' }, batch)).toBeCloseTo(1 / 3, 12);
    const reading: Reading = { predictions: 'probabilities', threshold: 0.5 };
    expect(measure({ type: 'binaryAccuracy' }, { ...batch, reading })).toBe(1);
  });
  it('precision, recall and F1 of one yes-or-no output are those of yes', () => {
    const batch: Batch = { shape: [1], prediction: [3, 1, -1, -2, 2], target: [1, 0, 1, 0, 1] };
    expect(measure({ type: 'precision' }, batch)).toBeCloseTo(2 / 3, 12);
    expect(measure({ type: 'recall' }, batch)).toBeCloseTo(2 / 3, 12);
    expect(measure({ type: 'f1' }, batch)).toBeCloseTo(2 / 3, 12);
    const reading: Reading = { predictions: 'probabilities', threshold: 0.5 };
    const shares = { ...batch, prediction: [0.9, 0.6, 0.4, 0.1, 0.8], reading };
    expect(measure({ type: 'f1' }, shares)).toBeCloseTo(2 / 3, 12);
  });
  it('precision and recall of several yes-or-no outputs are means over them', () => {
    const batch: Batch = { shape: [2], prediction: [1, 1, 1, -1, -1, -1], target: [1, 1, 0, 0, 1, 1] };
    expect(measure({ type: 'precision' }, batch)).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(measure({ type: 'recall' }, batch)).toBeCloseTo((1 / 2 + 1 / 2) / 2, 12);
  });
  it('errors and R² follow their formulas', () => {
    const batch: Batch = { shape: [1], prediction: [1, 2, 5], target: [1, 3, 2] };
    expect(measure({ type: 'meanAbsoluteError' }, batch)).toBeCloseTo(4 / 3, 12);
    expect(measure({ type: 'rootMeanSquaredError' }, batch)).toBeCloseTo(Math.sqrt(10 / 3), 12);
    expect(measure({ type: 'r2' }, batch)).toBeCloseTo(1 - 10 / 2, 12);
    expect(
      measure(
        { type: 'r2' },
        { ...batch, target: [1e9 + 1, 1e9 + 3, 1e9 + 2], prediction: [1e9 + 1, 1e9 + 2, 1e9 + 2] },
      ),
    ).toBeCloseTo(0.5, 9);
  });
  it('R² judges each output about its own mean, and averages', () => {
    // The first has a spread of 14/3 and an error of 1, the second a spread and an error of 20000.
    const batch: Batch = {
      shape: [2],
      prediction: [1, 200, 3, 200, 4, 200],
      target: [1, 100, 2, 300, 4, 200],
    };
    expect(measure({ type: 'r2' }, batch)).toBeCloseTo((1 - 1 / (14 / 3) + 0) / 2, 12);
  });
  it('R² of equal targets is 1 where predictions are exact, else 0, and undefined for a single target', () => {
    const r2 = (prediction: number[], target: number[]) =>
      measure({ type: 'r2' }, { shape: [1], prediction, target });
    expect(r2([2, 2, 2], [2, 2, 2])).toBe(1);
    expect(r2([1, 2, 5], [2, 2, 2])).toBe(0);
    expect(r2([2], [2])).toBeNaN();
  });
  it.each([{ type: 'r2' }, { type: 'meanAbsoluteError' }, { type: 'rootMeanSquaredError' }])(
    '$type of a split does not depend on how its batches are cut',
    (given) => {
      const cells = fc.array(
        fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 90, max: 95, noNaN: true })),
        { minLength: 4, maxLength: 24 },
      );
      fc.assert(
        fc.property(cells, fc.integer({ min: 1, max: 8 }), (drawn, rows) => {
          const even = drawn.slice(0, drawn.length - (drawn.length % 2));
          const batchOf = (some: readonly (readonly [number, number])[]): Batch => ({
            shape: [2],
            prediction: some.map(([x]) => 90 + x),
            target: some.map(([, t]) => t),
          });
          const parts: Batch[] = [];
          for (let at = 0; at < even.length; at += 2 * rows)
            parts.push(batchOf(even.slice(at, at + 2 * rows)));
          const whole = measure(given, batchOf(even));
          expect(Math.abs(measure(given, ...parts) - whole)).toBeLessThan(
            1e-9 * Math.max(1, Math.abs(whole)),
          );
        }),
        { seed: 1, numRuns: 200 },
      );
    },
  );
  it('every default metric of a loss exists', () => {
    for (const loss of losses) for (const name of loss.metrics) expect(metrics.types).toContain(name);
  });
});

describe('schedules', () => {
  const factors = (given: Given, totalSteps: number, stepsPerEpoch: number): number[] => {
    const attributes = attributesOf(schedules, given);
    return Array.from({ length: totalSteps }, (_, step) =>
      schedules.get(given.type).factor({ step, totalSteps, stepsPerEpoch, memory: undefined }, attributes),
    );
  };
  const check = (found: readonly number[], wanted: readonly number[]) =>
    expect(found.map((value) => value.toFixed(9))).toEqual(wanted.map((value) => value.toFixed(9)));

  it('step falls between epochs, not within', () =>
    check(factors({ type: 'step', every: 2, factor: 0.5 }, 8, 2), [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]));
  it('exponential falls at every step when smooth', () =>
    check(factors({ type: 'exponential', decay: 0.25, smooth: true }, 3, 2), [1, 0.5, 0.25]));
  it('cosine warms up in a line, then falls to its minimum', () => {
    const found = factors({ type: 'cosine', warmupEpochs: 1, warmupStart: 0.2, minimum: 0.1 }, 12, 4);
    check(found.slice(0, 5), [0.2, 0.4, 0.6, 0.8, 1]);
    check([found[8]], [0.1 + 0.9 / 2]);
  });
  it('cosine restarts, each wave longer by its growth', () => {
    const found = factors({ type: 'cosine', restartEpochs: 1, restartGrowth: 2 }, 14, 2);
    const full = found.flatMap((factor, step) => (factor === 1 ? [step] : []));
    expect(full).toEqual([0, 2, 6]);
    check([found[1], found[4], found[10]], [0.5, 0.5, 0.5]);
  });
  it('oneCycle starts low, peaks at 1 and ends far lower', () => {
    const found = factors({ type: 'oneCycle', rise: 0.5 }, 10, 5);
    check([found[0], found[4], found[9]], [1 / 25, 1, 1 / 250000]);
    // At half of the rise and of the fall.
    check([found[2]], [(1 / 25 + 1) / 2]);
  });
  it('reduceOnPlateau rests after a fall and stops at its minimum', () => {
    const attributes = attributesOf(schedules, {
      type: 'reduceOnPlateau',
      factor: 0.5,
      patience: 0,
      cooldown: 1,
      minimum: 0.2,
    });
    const schedule = schedules.get('reduceOnPlateau');
    const after = (epochs: number) => {
      const memory = memoryOf(schedule, Array(epochs).fill(1), attributes);
      return schedule.factor({ step: 0, totalSteps: 9, stepsPerEpoch: 1, memory }, attributes);
    };
    check([0, 1, 2, 3, 4, 5, 6, 7].map(after), [1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2]);
  });
  it('every schedule stays within 0 … 1 and is the same when asked again', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules.types),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (type, totalSteps, stepsPerEpoch) => {
          const found = factors({ type }, totalSteps, stepsPerEpoch);
          expect(found).toEqual(factors({ type }, totalSteps, stepsPerEpoch));
          expect(found.every((factor) => factor >= 0 && factor <= 1 + 1e-12)).toBe(true);
        },
      ),
      { seed: 1 },
    ));
});

describe('initializers', () => {
  const fill = (given: Given, shape: readonly number[], seed = 3): Float64Array => {
    const values = new Float64Array(sizeOf(shape)).fill(Number.NaN);
    const attributes = attributesOf(initializers, given);
    initializers.get(given.type).fill(values, targetOf({ shape }), new Random(seed), attributes);
    return values;
  };
  const spread = (values: Float64Array): { mean: number; std: number } => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
  };

  it.each(initializers.types)('%s fills every value, with the same numbers for the same seed', (type) => {
    const values = fill({ type }, [3, 4, 5]);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(fill({ type }, [3, 4, 5])).toEqual(values);
  });
  it.each(initializers.types)('%s declares the mean and the deviation that its values have', (type) => {
    const factor = Object.hasOwn(initializers.get(type).attributes, 'scale') ? { scale: 9 } : {};
    const gain = Object.hasOwn(initializers.get(type).attributes, 'gain') ? { gain: 3 } : {};
    const given = { type, ...factor, ...gain };
    for (const shape of [
      [80, 60],
      [60, 80],
      [5, 5, 16, 12],
    ]) {
      const measured = spread(fill(given, shape));
      const declared = initializers.get(type).spread(attributesOf(initializers, given), targetOf({ shape }));
      const tolerance = 0.06 * Math.hypot(declared.mean, declared.std);
      expect(Math.abs(measured.mean - declared.mean)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(measured.std - declared.std)).toBeLessThanOrEqual(tolerance);
    }
  });
  it('uniform and normal have the given mean and deviation', () => {
    const even = fill({ type: 'uniform', min: 2, max: 3 }, [200, 200]);
    expect(even.every((value) => value >= 2 && value < 3)).toBe(true);
    expect(spread(even).mean).toBeCloseTo(2.5, 2);
    const { mean, std } = spread(fill({ type: 'normal', mean: -1, std: 0.5 }, [200, 200]));
    expect(mean).toBeCloseTo(-1, 2);
    expect(std).toBeCloseTo(0.5, 2);
  });
  it('truncatedNormal has nothing beyond two deviations, and 0.88 of the deviation', () => {
    const values = fill({ type: 'truncatedNormal', mean: 1, std: 0.1 }, [200, 200]);
    expect(values.every((value) => Math.abs(value - 1) <= 0.2)).toBe(true);
    expect(spread(values).std).toBeCloseTo(0.08796, 3);
  });
  it('varianceScaling has variance scale / n', () => {
    for (const distribution of ['uniform', 'normal'])
      for (const [mode, n] of [
        ['fanIn', 400],
        ['fanOut', 100],
        ['average', 250],
      ] as const)
        expect(
          spread(fill({ type: 'varianceScaling', scale: 2, mode, distribution }, [400, 100])).std /
            Math.sqrt(2 / n),
        ).toBeCloseTo(1, 1);
  });
  it.each([[[6, 6]], [[9, 4]], [[4, 9]], [[2, 3, 5]], [[3, 2, 2]]])(
    'orthogonal %j has rows or columns at right angles',
    (shape) => {
      const values = fill({ type: 'orthogonal', gain: 2 }, shape);
      const columns = shape[shape.length - 1];
      const rows = values.length / columns;
      const cell = (a: number, b: number) =>
        rows < columns ? values[a * columns + b] : values[b * columns + a];
      const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
      for (let a = 0; a < few; a++)
        for (let b = 0; b <= a; b++) {
          const product = Array.from({ length: many }, (_, k) => cell(a, k) * cell(b, k)).reduce(
            (sum, value) => sum + value,
            0,
          );
          expect(product).toBeCloseTo(a === b ? 4 : 0, 10);
        }
    },
  );
  it('identity has its ones on the diagonal, or at the centre of a kernel', () => {
    expect([...fill({ type: 'identity' }, [2, 3])]).toEqual([1, 0, 0, 0, 1, 0]);
    const kernel = fill({ type: 'identity', gain: 3 }, [3, 3, 2, 2]);
    expect([...kernel.subarray(16, 20)]).toEqual([3, 0, 0, 3]);
    expect(kernel.reduce((a, b) => a + b, 0)).toBe(6);
  });
});

describe('optimizers', () => {
  /** Parameters after some steps on f = Σ wᵢ² / 2. */
  const descend = (given: Given, steps: number, start: readonly number[]): Float64Array => {
    const optimizer = optimizers.get(given.type);
    const attributes = attributesOf(optimizers, given);
    const parameters = Float64Array.from(start);
    const slots = optimizer.slots(attributes).map(() => new Float64Array(start.length));
    for (let step = 1; step <= steps; step++)
      optimizer.update({
        attributes,
        kernels: referenceKernels,
        step,
        learningRate: attributes.learningRate as number,
        count: start.length,
        parameters,
        gradients: parameters.slice(),
        slots,
      });
    return parameters;
  };

  it.each(optimizers.types)('%s minimizes a parabola, and has a learning rate', (type) => {
    const rate = type === 'adadelta' ? 1 : 0.01;
    const [a, b] = descend({ type, learningRate: rate }, 200, [1, -2]);
    expect(Math.abs(a)).toBeLessThan(0.99);
    expect(Math.abs(b)).toBeLessThan(1.99);
    expect(attributesOf(optimizers, { type }).learningRate).toBeGreaterThan(0);
  });
  it.each(optimizers.types)('%s takes steps in proportion to the gradient only if it says so', (type) => {
    const end = (steps: number, start: number) => descend({ type }, steps, [start])[0];
    const growth = (end(19, 1000) - end(20, 1000)) / (end(19, 1) - end(20, 1));
    expect(growth > 999.9).toBe(optimizers.get(type).followsGradient === true);
  });
  it('lion moves by the learning rate, whatever the gradient, and decays separately', () => {
    expect([...descend({ type: 'lion', learningRate: 0.1 }, 1, [5, -0.001])]).toEqual([4.9, 0.099]);
    expect(descend({ type: 'lion', learningRate: 0.1, weightDecay: 0.5 }, 1, [5])[0]).toBeCloseTo(
      5 - 0.1 * (1 + 2.5),
      12,
    );
  });
  it('sgd dampens all gradients but the first', () => {
    const [w] = descend({ type: 'sgd', learningRate: 0.1, momentum: 0.5, dampening: 0.5 }, 2, [1]);
    expect(w).toBeCloseTo(0.9 - 0.1 * (0.5 * 1 + 0.5 * 0.9), 12);
  });
  it('nadam follows the published product of momenta', () => {
    const mu = (t: number) => 0.9 * (1 - 0.5 * 0.96 ** (t * 0.004));
    const [w] = descend({ type: 'nadam', learningRate: 0.01 }, 1, [1]);
    expect(w).toBeCloseTo(1 - 0.01 * (1 + (0.1 * mu(2)) / (1 - mu(1) * mu(2))), 9);
  });
  it('clipping limits the norm or each value, and leaves small gradients alone', () => {
    const long = Float64Array.from([3, 4]);
    clipByNorm(referenceKernels, long, 5, 1);
    expect(Math.hypot(...long)).toBeCloseTo(1, 5);
    expect(long[0] / long[1]).toBeCloseTo(0.75, 12);
    const short = Float64Array.from([0.3, 0.4]);
    clipByNorm(referenceKernels, short, 0.5, 1);
    clipByValue(short, 0.35);
    expect([...short]).toEqual([0.3, 0.35]);
  });
});
