/** The oracle's trajectories of optimizers and schedules, clipped gradients, and its table of initial spreads. */

import { initializers } from '../initializers/registry.ts';
import { type Backend, floatsOn } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import { referenceKernels } from '../kernels/reference/index.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { optimizers } from '../optimizers/registry.ts';
import { memoryOf } from '../schedules/define.ts';
import { schedules } from '../schedules/registry.ts';
import type { Json } from '../schema/attributes.ts';
import { counterpartsOf, nowhere, readAttributesOf } from '../schema/frameworks.ts';
import type { Described, Registry } from '../schema/kind.ts';
import { clipByNorm, clipByValue } from '../train/clip.ts';
import { UnitRandom } from './draws.ts';
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
  readonly rows: readonly { readonly [spread: string]: number }[];
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

/** PyTorch's optimizer as a spec writes it; undefined if there is none. */
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

/** f = (1 − x)² + 100·(y − x²)², with the gradient computed at every step. */
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

/** Settings in the configuration of a schedule that are not attributes of the schedule, but of the training. */
const ofTraining = ['name', 'base_lr', 'max_lr', 'total_steps'];

/** One step for each epoch, as the cases count. */
const runSchedule: CaseRunner = (oracleCase) => {
  const { config, metrics, lr_used_at_step } = oracleCase as ScheduleCase;
  const learningRate = Number(config.max_lr ?? config.base_lr);
  const site = { ...nowhere, training: { learningRate, epochs: lr_used_at_step.length - 1 } };
  const counterparts = [...schedules].flatMap(({ type, frameworks }) =>
    counterpartsOf(frameworks, 'pytorch').map((counterpart) => ({ type, counterpart })),
  );
  const named = counterparts.filter(({ counterpart }) => counterpart.name === config.name);
  const settings = Object.fromEntries(Object.entries(config).filter(([name]) => !ofTraining.includes(name)));
  const found = named.flatMap(({ type, counterpart }) => {
    const ours = readAttributesOf(counterpart, { ...counterpart.required, ...settings }, site);
    return ours ? [{ type, ...ours }] : [];
  });
  if (named.length === 0) return { unsupported: `${config.name}: no such schedule` };
  if (found.length === 0)
    return { unsupported: `${config.name}: no schedule has the configuration ${JSON.stringify(settings)}` };
  const { type, attributes } = read(schedules, found[0]);
  const schedule = schedules.get(type);
  const totalSteps = Number(config.total_steps ?? site.training.epochs);
  return lr_used_at_step.map((expected, step) => {
    const progress = {
      step,
      totalSteps,
      stepsPerEpoch: 1,
      memory: memoryOf(schedule, (metrics ?? []).slice(0, step), attributes),
    };
    return {
      name: `learning rate at step ${step}`,
      found: [learningRate * schedule.factor(progress, attributes)],
      expected: [expected],
    };
  });
};

const runInitializers: CaseRunner = (oracleCase, precision) =>
  (oracleCase as InitializerCase).rows.flatMap((row) =>
    [...initializers].flatMap(({ type, fill }) => {
      // "heUniform" is "he_uniform_bound" in the file.
      const stem = type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const spread = [`${stem}_bound`, `${stem}_std`].find((name) => row[name] !== undefined);
      if (spread === undefined) return [];
      const found = arrayOf([0], precision);
      const { attributes } = read(initializers, type);
      fill(found, { shape: [1], fanIn: row.fan_in, fanOut: row.fan_out }, new UnitRandom(0), attributes);
      return [{ name: `${spread} of ${row.fan_in} to ${row.fan_out}`, found, expected: [row[spread]] }];
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
    : { unsupported: `${oracleCase.op}: no such operation` };
