/** Losses, optimizers, schedules and initializers against numbers PyTorch computed in float64. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { Json } from '../../engine/spec/attributes.ts';
import type { Registry } from '../../engine/spec/kind.ts';
import { initializers } from '../../engine/train/initializers/registry.ts';
import type { TargetSpec } from '../../engine/train/losses/define.ts';
import { optimizers } from '../../engine/train/optimizers/registry.ts';
import { schedules } from '../../engine/train/schedules/registry.ts';
import { runLoss } from '../engine/lossPass.ts';

interface VectorTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface VectorCase {
  readonly id: string;
  readonly op: string;
  readonly config: { readonly [name: string]: Json };
  readonly inputs: readonly VectorTensor[];
  readonly outputs: readonly VectorTensor[];
  readonly output_grads: readonly VectorTensor[];
  readonly input_grads: readonly VectorTensor[];
  readonly params: readonly VectorTensor[];
  readonly grads_per_step: readonly (readonly VectorTensor[])[];
  readonly params_after_step: readonly (readonly VectorTensor[])[] & readonly (readonly number[])[];
  readonly start: readonly number[];
  readonly metrics: readonly number[] | null;
  readonly lr_used_at_step: readonly number[];
  readonly rows: readonly { readonly [name: string]: number }[];
}

function readCases(file: string): readonly VectorCase[] {
  const url = new URL(`../fixtures/vectors/oracle/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: VectorCase[] }).cases;
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  const wrong = Array.from(wanted, (b, i) => ({ i, found: found[i], wanted: b })).filter(
    ({ found: a, wanted: b }) => !(Math.abs(a - b) <= 1e-8 + 1e-7 * Math.abs(b)),
  );
  expect(wrong).toEqual([]);
}

function attributesOf<K extends Parameters<Registry<never>['get']>[0]>(
  registry: { read(value: Json): ReturnType<Registry<never>['read']> },
  type: K,
  attributes: { readonly [name: string]: Json },
): { readonly [name: string]: unknown } {
  const reading = registry.read({ type, ...attributes });
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  return reading.value.attributes;
}

/** [N, C, …] to [N, …, C], or back: the order of channels is the one difference of layout. */
function channelsLast(
  data: ArrayLike<number>,
  [batch, channels, ...rest]: readonly number[],
  back = false,
): Float64Array {
  const cells = sizeOf(rest);
  const result = new Float64Array(data.length);
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let k = 0; k < cells; k++) {
        const first = (n * channels + c) * cells + k;
        const last = (n * cells + k) * channels + c;
        if (back) result[first] = data[last];
        else result[last] = data[first];
      }
  return result;
}

interface MappedLoss {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Classes: the mean runs over rows; values: over elements. */
  readonly over: 'rows' | 'elements';
  /** The case takes log softmax of its input first, as a layer does in a network. */
  readonly afterLogSoftmax?: true;
}

/** Which loss of ours computes the case. */
const lossOf: { readonly [op: string]: (one: VectorCase) => MappedLoss } = {
  cross_entropy: ({ config, inputs }) => ({
    type: 'softmaxCrossEntropy',
    over: 'rows',
    attributes: {
      labelSmoothing: (config.label_smoothing as number) ?? 0,
      ignoreIndex: (config.ignore_index as number) ?? -100,
      classWeights: [...(inputs.find(({ name }) => name === 'class_weight')?.data ?? [])],
    },
  }),
  nll: () => ({ type: 'negativeLogLikelihood', over: 'rows', afterLogSoftmax: true }),
  kl_div: () => ({ type: 'kullbackLeibler', over: 'rows', afterLogSoftmax: true }),
  bce_with_logits: ({ inputs }) => ({
    type: 'binaryCrossEntropy',
    over: 'elements',
    attributes: { positiveWeights: [...(inputs.find(({ name }) => name === 'pos_weight')?.data ?? [])] },
  }),
  bce: () => ({ type: 'binaryCrossEntropy', over: 'elements', attributes: { predictions: 'probabilities' } }),
  mse: () => ({ type: 'meanSquaredError', over: 'elements' }),
  mae: () => ({ type: 'meanAbsoluteError', over: 'elements' }),
  huber: ({ config }) => ({ type: 'huber', over: 'elements', attributes: { delta: config.delta } }),
  smooth_l1: ({ config }) => ({ type: 'smoothL1', over: 'elements', attributes: { beta: config.beta } }),
  hinge: () => ({ type: 'hinge', over: 'elements' }),
  poisson_nll: () => ({ type: 'poisson', over: 'elements' }),
};

function logSoftmax(x: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const start = i - (i % classes);
    const row = Array.from({ length: classes }, (_, c) => x[start + c]);
    const largest = Math.max(...row);
    return value - largest - Math.log(row.reduce((sum, v) => sum + Math.exp(v - largest), 0));
  });
}

function checkLoss(one: VectorCase): void {
  const mapped = lossOf[one.op](one);
  const [input, target] = one.inputs;
  const byClass = mapped.over === 'rows';
  const columns = byClass ? input.shape[1] : (input.shape[1] ?? 1);
  const given = byClass ? channelsLast(input.data, input.shape) : Float64Array.from(input.data);
  const soft = target.shape.length === input.shape.length;
  const prediction = mapped.afterLogSoftmax ? logSoftmax(given, columns) : given;

  /** Value and gradient of the mean over some rows. */
  const mean = (from: number, rows: number) => {
    const shape = rows === 1 ? [columns] : [rows, columns];
    const perRow = soft ? columns : 1;
    const dataTarget: TargetSpec = soft
      ? { type: 'float', shape }
      : { type: 'int', shape: shape.slice(0, -1), classes: columns };
    const { compute, gradient } = runLoss({
      type: mapped.type,
      attributes: mapped.attributes ?? {},
      shape,
      batch: 1,
      prediction: prediction.slice(from * columns, (from + rows) * columns),
      dataTarget,
      target: Float64Array.from(target.data.slice(from * perRow, (from + rows) * perRow)),
    });
    return { value: compute(), gradient };
  };

  const rows = prediction.length / columns;
  const counted = byClass ? rows : prediction.length;
  const upstream = one.output_grads[0].data;
  let values: number[];
  let gradient: Float64Array;
  if (one.config.reduction !== 'none') {
    const scale = one.config.reduction === 'sum' ? counted : 1;
    const whole = mean(0, rows);
    values = [whole.value * scale];
    gradient = whole.gradient.map((g) => g * scale * upstream[0]);
  } else if (byClass) {
    const parts = Array.from({ length: rows }, (_, row) => mean(row, 1));
    values = parts.map(({ value }) => value);
    gradient = Float64Array.from(
      parts.flatMap((part, row) => [...part.gradient].map((g) => g * upstream[row])),
    );
  } else {
    // Each element is a prediction of one value, and the mean over it alone.
    const parts = Array.from(prediction, (_, i) => {
      const { compute, gradient: g } = runLoss({
        type: mapped.type,
        attributes: mapped.attributes ?? {},
        shape: [1],
        batch: 1,
        prediction: prediction.slice(i, i + 1),
        dataTarget: { type: 'float', shape: [1] },
        target: Float64Array.from([target.data[i]]),
      });
      return { value: compute(), slope: g[0] * upstream[i] };
    });
    values = parts.map(({ value }) => value);
    gradient = Float64Array.from(parts, ({ slope }) => slope);
  }
  if (mapped.afterLogSoftmax)
    gradient = gradient.map((g, i) => {
      const start = i - (i % columns);
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += gradient[start + c];
      return g - Math.exp(prediction[i]) * sum;
    });
  expectClose(values, one.outputs[0].data);
  expectClose(byClass ? channelsLast(gradient, input.shape, true) : gradient, one.input_grads[0].data);
}

describe('losses agree with PyTorch', () => {
  for (const one of readCases('losses.json')) it(one.id, () => checkLoss(one));
});

/** Their names for our attributes. */
const optimizerAttributes: { readonly [name: string]: string } = {
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  weight_decay: 'weightDecay',
  eps: 'epsilon',
  amsgrad: 'amsgrad',
  rho: 'rho',
  alpha: 'rho',
  centered: 'centered',
  lr_decay: 'learningRateDecay',
  initial_accumulator_value: 'initialSum',
  momentum_decay: 'momentumDecay',
};

const optimizerTypes: { readonly [name: string]: string } = {
  SGD: 'sgd',
  Adagrad: 'adagrad',
  Adadelta: 'adadelta',
  RMSprop: 'rmsprop',
  Adam: 'adam',
  AdamW: 'adamW',
  Adamax: 'adamax',
  NAdam: 'nadam',
  RAdam: 'radam',
};

/** An optimizer on parameters given as one flat array; returns its step. */
function optimizerOf(
  { config }: VectorCase,
  parameters: Float64Array,
): (step: number, gradients: Float64Array) => void {
  const type = optimizerTypes[config.name as string];
  const given: Record<string, Json> = { learningRate: config.lr };
  for (const [name, value] of Object.entries(config))
    if (Object.hasOwn(optimizerAttributes, name)) given[optimizerAttributes[name]] = value;
  if (type === 'nadam') given.torch1 = true;
  if (Array.isArray(config.betas)) [given.beta1, given.beta2] = config.betas;
  const optimizer = optimizers.get(type);
  const attributes = attributesOf(optimizers, type, given);
  const slots = optimizer.slots(attributes).map(() => new Float64Array(parameters.length));
  return (step, gradients) =>
    optimizer.update({
      attributes,
      kernels: referenceKernels,
      step,
      learningRate: config.lr as number,
      count: parameters.length,
      parameters,
      gradients,
      slots,
    });
}

const flat = (tensors: readonly VectorTensor[]): Float64Array =>
  Float64Array.from(tensors.flatMap(({ data }) => data));

describe('optimizers agree with PyTorch', () => {
  const cases = readCases('optimizers.json');
  for (const one of cases.filter(({ op }) => op === 'optimizer'))
    it(one.id, () => {
      const parameters = flat(one.params);
      const step = optimizerOf(one, parameters);
      one.grads_per_step.forEach((gradients, index) => {
        step(index + 1, flat(gradients));
        expectClose(parameters, flat(one.params_after_step[index] as readonly VectorTensor[]));
      });
    });

  for (const one of cases.filter(({ op }) => op === 'optimizer_rosenbrock'))
    it(`${one.id}, following its own gradient`, () => {
      const parameters = Float64Array.from(one.start);
      const step = optimizerOf(one, parameters);
      one.params_after_step.forEach((wanted, index) => {
        const [x, y] = parameters;
        step(index + 1, Float64Array.from([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]));
        expectClose(parameters, wanted as readonly number[]);
      });
    });
});

describe('schedules agree with PyTorch, one step an epoch', () => {
  const mapped: {
    readonly [name: string]: (config: VectorCase['config']) => { type: string; [name: string]: Json };
  } = {
    StepLR: ({ step_size, gamma }) => ({ type: 'step', every: step_size, factor: gamma }),
    MultiStepLR: ({ milestones, gamma }) => ({ type: 'step', milestones, factor: gamma }),
    ExponentialLR: ({ gamma }) => ({ type: 'exponential', decay: gamma }),
    CosineAnnealingLR: ({ eta_min, base_lr }) => ({
      type: 'cosine',
      minimum: (eta_min as number) / (base_lr as number),
    }),
    LinearLR: ({ start_factor, total_iters }) => ({
      type: 'warmup',
      start: start_factor,
      epochs: total_iters,
    }),
    ReduceLROnPlateau: ({ factor, patience }) => ({ type: 'reduceOnPlateau', factor, patience }),
  };
  for (const one of readCases('optimizers.json').filter(({ op }) => op === 'lr_schedule'))
    it(one.id, () => {
      const { type, ...given } = mapped[one.config.name as string](one.config);
      const attributes = attributesOf(schedules, type, given);
      const totalSteps = (one.config.T_max as number) ?? one.lr_used_at_step.length;
      const rates = one.lr_used_at_step.map(
        (_, step) =>
          (one.config.base_lr as number) *
          schedules
            .get(type)
            .factor(
              { step, totalSteps, stepsPerEpoch: 1, epochLosses: (one.metrics ?? []).slice(0, step) },
              attributes,
            ),
      );
      expectClose(rates, one.lr_used_at_step);
    });
});

describe('initializers spread as PyTorch says', () => {
  const kinds = [
    ['glorotUniform', 'glorot_uniform_bound'],
    ['glorotNormal', 'glorot_normal_std'],
    ['heUniform', 'he_uniform_bound'],
    ['heNormal', 'he_normal_std'],
    ['lecunUniform', 'lecun_uniform_bound'],
    ['lecunNormal', 'lecun_normal_std'],
  ] as const;
  const [table] = readCases('optimizers.json').filter(({ op }) => op === 'init_table');
  for (const row of table.rows)
    for (const [type, figure] of kinds)
      it(`${type} with ${row.fan_in} inputs and ${row.fan_out} outputs`, () => {
        const values = new Float64Array(40000);
        const target = { shape: [values.length], fanIn: row.fan_in, fanOut: row.fan_out };
        initializers.get(type).fill(values, target, new Random(5), {});
        const std = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
        const wanted = type.endsWith('Uniform') ? row[figure] / Math.sqrt(3) : row[figure];
        expect(Math.abs(std / wanted - 1)).toBeLessThan(0.02);
        if (type.endsWith('Uniform')) {
          const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
          expect(largest).toBeLessThanOrEqual(row[figure]);
          expect(largest).toBeGreaterThan(0.999 * row[figure]);
        }
      });
});
