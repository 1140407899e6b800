/** The oracle's trajectories of optimizers and schedules, clipped gradients, and its table of initial spreads. */

import { initializers } from '../initializers/registry.ts';
import { type Backend, floatsOn } from '../kernels/backend.ts';
import { Random } from '../kernels/random.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import { referenceKernels } from '../kernels/reference/index.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { optimizers } from '../optimizers/registry.ts';
import { schedules } from '../schedules/registry.ts';
import type { Json } from '../schema/attributes.ts';
import { counterpartsOf, nowhere, readAttributesOf } from '../schema/frameworks.ts';
import type { Described, Registry } from '../schema/kind.ts';
import { clipByNorm, clipByValue } from '../train/clip.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision, Unsupported } from './oracle.ts';

interface OptimizerCase extends OracleCase {
  readonly grads_per_step: readonly (readonly OracleTensor[])[];
  readonly params_after_step: readonly (readonly OracleTensor[])[];
}

interface RosenbrockCase extends OracleCase {
  readonly start: readonly number[];
  readonly loss_before_step: readonly number[];
  readonly params_after_step: readonly (readonly number[])[];
}

interface ClipCase extends OracleCase {
  readonly grads: readonly OracleTensor[];
  readonly clipped: readonly OracleTensor[];
}

interface ScheduleCase extends OracleCase {
  readonly metrics: readonly number[] | null;
  readonly lr_used_at_step: readonly number[];
}

interface InitializerCase extends OracleCase {
  readonly rows: readonly { readonly [figure: string]: number }[];
}

function arrayOf(data: readonly number[], precision: Precision, backend = referenceBackend): FloatArray {
  const array = floatsOn(backend, precision, data.length);
  array.set(data);
  return array;
}

const flat = (tensors: readonly OracleTensor[]): number[] => tensors.flatMap(({ data }) => data.map(Number));

function read(registry: Pick<Registry<never>, 'read'>, value: Json): Described {
  const reading = registry.read(value);
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  return reading.value;
}

type Step = (step: number, gradients: FloatArray) => void;

interface OptimizerSpec {
  readonly type: string;
  readonly [attribute: string]: Json;
}

/** PyTorch's optimizer as a spec says ours; undefined when there is none. */
export function optimizerSpec(config: OracleCase['config']): OptimizerSpec | undefined {
  for (const { type, attributes, frameworks } of optimizers)
    for (const counterpart of counterpartsOf(frameworks, 'pytorch')) {
      const found = [counterpart.name, counterpart.functional].includes(`${config.name}`);
      const ours = found ? readAttributesOf(counterpart, config, nowhere) : undefined;
      // The numbers were made by PyTorch 1.13.
      if (ours) return { ...ours, ...('torch1' in attributes ? { torch1: true } : {}), type };
    }
  return undefined;
}

function optimizerOn(
  parameters: FloatArray,
  config: OracleCase['config'],
  backend: Backend,
): Step | Unsupported {
  const given = optimizerSpec(config);
  if (!given) return { unsupported: `${config.name}: no such optimizer` };
  const optimizer = optimizers.get(given.type);
  const { attributes } = read(optimizers, given);
  const type = parameters instanceof Float32Array ? 'float32' : 'float64';
  const slots = optimizer.slots(attributes).map(() => floatsOn(backend, type, parameters.length));
  const learningRate = Number(config.lr);
  return (step, gradients) =>
    optimizer.update({
      attributes,
      kernels: backend.kernels,
      step,
      learningRate,
      count: parameters.length,
      parameters,
      gradients,
      slots,
    });
}

const runOptimizer: CaseRunner = (oracleCase, precision, backend = referenceBackend) => {
  const { config, params, grads_per_step, params_after_step } = oracleCase as OptimizerCase;
  const parameters = arrayOf(flat(params), precision, backend);
  const update = optimizerOn(parameters, config, backend);
  if ('unsupported' in update) return update;
  return grads_per_step.map((gradients, index) => {
    update(index + 1, arrayOf(flat(gradients), precision, backend));
    return {
      name: `parameters after step ${index + 1}`,
      found: parameters.slice(),
      expected: flat(params_after_step[index]),
    };
  });
};

/** f = (1 − x)² + 100·(y − x²)², the gradient computed again at every step. */
const runRosenbrock: CaseRunner = (oracleCase, precision, backend = referenceBackend) => {
  const { config, start, loss_before_step, params_after_step } = oracleCase as RosenbrockCase;
  const parameters = arrayOf(start, precision, backend);
  const update = optimizerOn(parameters, config, backend);
  if ('unsupported' in update) return update;
  return params_after_step.flatMap((expected, index): Comparison[] => {
    const [x, y] = parameters;
    const loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    update(index + 1, arrayOf([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)], precision, backend));
    return [
      { name: `loss before step ${index + 1}`, found: [loss], expected: [Number(loss_before_step[index])] },
      {
        name: `parameters after step ${index + 1}`,
        found: parameters.slice(),
        expected: expected.map(Number),
      },
    ];
  });
};

const runClip: CaseRunner = (oracleCase, precision) => {
  const { config, grads, clipped } = oracleCase as ClipCase;
  if (config.norm_type !== undefined && config.norm_type !== 2)
    return { unsupported: `clip_norm: clipping by the ${config.norm_type}-norm` };
  const gradients = arrayOf(flat(grads), precision);
  if (config.max_norm === undefined) clipByValue(gradients, Number(config.clip_value));
  else clipByNorm(referenceKernels, gradients, Math.hypot(...gradients), Number(config.max_norm));
  let next = 0;
  return clipped.map(({ name, data }) => {
    const found = gradients.slice(next, next + data.length);
    next += data.length;
    return { name: `clipped ${name}`, found, expected: data.map(Number) };
  });
};

/** What a schedule of ours is called with; `base` is the rate its factor multiplies where it is not base_lr. */
interface ScheduleMapping {
  /** The settings it reads; a case with others asks for more than the schedule has. */
  readonly reads: readonly string[];
  readonly given: (
    config: OracleCase['config'],
    count: number,
  ) => { readonly [attribute: string]: Json } | undefined;
  readonly base?: string;
}

const relativeMinimum = ({ eta_min = 0, base_lr }: OracleCase['config']): number =>
  Number(eta_min) / Number(base_lr);

const scheduleMappings: { readonly [name: string]: ScheduleMapping } = {
  CosineAnnealingLR: {
    reads: ['T_max', 'eta_min'],
    // Past T_max it rises again, as no schedule of ours does.
    given: (config, count) =>
      count > Number(config.T_max) + 1 ? undefined : { type: 'cosine', minimum: relativeMinimum(config) },
  },
  CosineAnnealingWarmRestarts: {
    reads: ['T_0', 'T_mult', 'eta_min'],
    given: (config) => ({
      type: 'cosine',
      minimum: relativeMinimum(config),
      restartEpochs: config.T_0,
      restartGrowth: config.T_mult ?? 1,
    }),
  },
  ExponentialLR: { reads: ['gamma'], given: ({ gamma }) => ({ type: 'exponential', decay: gamma }) },
  LinearLR: {
    reads: ['start_factor', 'total_iters'],
    given: (config) => ({
      type: 'warmup',
      start: config.start_factor ?? 1 / 3,
      epochs: config.total_iters ?? 5,
    }),
  },
  MultiStepLR: {
    reads: ['milestones', 'gamma'],
    given: ({ milestones, gamma = 0.1 }) => ({ type: 'step', milestones, factor: gamma }),
  },
  OneCycleLR: {
    reads: ['max_lr', 'total_steps', 'pct_start', 'div_factor', 'final_div_factor'],
    given: (config) => ({
      type: 'oneCycle',
      rise: config.pct_start ?? 0.3,
      startDivisor: config.div_factor ?? 25,
      finalDivisor: config.final_div_factor ?? 1e4,
    }),
    base: 'max_lr',
  },
  ReduceLROnPlateau: {
    reads: ['factor', 'patience'],
    given: ({ factor = 0.1, patience = 10 }) => ({ type: 'reduceOnPlateau', factor, patience }),
  },
  StepLR: {
    reads: ['step_size', 'gamma'],
    given: ({ step_size, gamma = 0.1 }) => ({ type: 'step', every: step_size, factor: gamma }),
  },
};

/** One step an epoch, as the cases count. */
const runSchedule: CaseRunner = (oracleCase) => {
  const { config, metrics, lr_used_at_step } = oracleCase as ScheduleCase;
  const { name, base_lr, ...settings } = config;
  const mapping = Object.hasOwn(scheduleMappings, `${name}`) ? scheduleMappings[`${name}`] : undefined;
  if (!mapping) return { unsupported: `${name}: no such schedule` };
  const { reads, given, base } = mapping;
  const known = Object.keys(settings).every((setting) => reads.includes(setting));
  const ours = known ? given(config, lr_used_at_step.length) : undefined;
  if (!ours) return { unsupported: `${name}: no schedule has the configuration ${JSON.stringify(settings)}` };
  const { type, attributes } = read(schedules, ours);
  const totalSteps = Number(config.T_max ?? config.total_steps ?? lr_used_at_step.length);
  const rate = Number(base === undefined ? base_lr : config[base]);
  return lr_used_at_step.map((expected, step) => {
    const progress = { step, totalSteps, stepsPerEpoch: 1, epochLosses: (metrics ?? []).slice(0, step) };
    const found = [rate * schedules.get(type).factor(progress, attributes)];
    return { name: `learning rate at step ${step}`, found, expected: [expected] };
  });
};

const initializerFigures = [
  ['glorotUniform', 'glorot_uniform_bound'],
  ['glorotNormal', 'glorot_normal_std'],
  ['heUniform', 'he_uniform_bound'],
  ['heNormal', 'he_normal_std'],
  ['lecunUniform', 'lecun_uniform_bound'],
  ['lecunNormal', 'lecun_normal_std'],
] as const;

/** A generator whose draws are known: 1 from the uniform, the end of its range, and 1 from the normal distribution. */
class UnitRandom extends Random {
  override uniform(): number {
    return 1;
  }

  override normal(): number {
    return 1;
  }
}

const runInitializers: CaseRunner = (oracleCase, precision) =>
  (oracleCase as InitializerCase).rows.flatMap((row) =>
    initializerFigures.map(([type, figure]) => {
      const found = arrayOf([0], precision);
      const { attributes } = read(initializers, type);
      const target = { shape: [1], fanIn: row.fan_in, fanOut: row.fan_out };
      initializers.get(type).fill(found, target, new UnitRandom(0), attributes);
      return { name: `${figure} of ${row.fan_in} to ${row.fan_out}`, found, expected: [row[figure]] };
    }),
  );

const runners: { readonly [op: string]: CaseRunner } = {
  clip_norm: runClip,
  clip_value: runClip,
  init_table: runInitializers,
  lr_schedule: runSchedule,
  optimizer: runOptimizer,
  optimizer_rosenbrock: runRosenbrock,
};

export const runOptimizerCase: CaseRunner = (oracleCase, precision, backend) =>
  Object.hasOwn(runners, oracleCase.op)
    ? runners[oracleCase.op](oracleCase, precision, backend)
    : { unsupported: `${oracleCase.op}: nothing of ours computes it` };
