/** Runs one loss on plain arrays, as a plan would. */
import { type Backend, floatsOn } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import { type Shape, sizeOf } from '../layers/define.ts';
import type { LossPass, TargetSpec } from '../losses/define.ts';
import { losses } from '../losses/registry.ts';
import type { Json } from '../schema/attributes.ts';

export interface LossCase {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Shape of one sample's prediction. */
  readonly shape: Shape;
  readonly batch: number;
  /** The precision of the whole computation is that of this array. */
  readonly prediction: FloatArray;
  readonly dataTarget: TargetSpec;
  readonly target: FloatArray | Int32Array;
  readonly lengths?: Int32Array;
  /** Default: the reference. Prediction and target must be in its memory. */
  readonly backend?: Backend;
}

export interface LossRun {
  /** Returns the mean loss, and adds its gradient to `gradient`. */
  compute(): number;
  readonly gradient: FloatArray;
}

/** Throws if attributes, shape and target do not fit. */
export function runLoss({
  type,
  attributes,
  shape,
  batch,
  prediction,
  dataTarget,
  target,
  lengths,
  backend = referenceBackend,
}: LossCase): LossRun {
  const reading = losses.read({ type, ...attributes });
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  const loss = losses.get(type);
  const inferred = loss.infer(reading.value.attributes, shape, dataTarget);
  if ('problem' in inferred) throw new Error(inferred.problem.message);
  const create = (count: number): FloatArray =>
    floatsOn(backend, prediction instanceof Float32Array ? 'float32' : 'float64', count);
  const saved = Object.fromEntries(
    Object.entries(inferred.saved ?? {}).map(([name, spec]) => {
      const full = spec.batched ? [batch, ...spec.shape] : spec.shape;
      return [name, { shape: full, data: create(sizeOf(full)).fill(Number.NaN) }];
    }),
  );
  const gradient = create(prediction.length);
  const pass: LossPass = {
    attributes: reading.value.attributes,
    batch,
    kernels: backend.kernels,
    prediction: { shape: [batch, ...shape], data: prediction },
    target: { shape: [batch, ...inferred.target.shape], data: target } as LossPass['target'],
    gradPrediction: { shape: [batch, ...shape], data: gradient },
    scale: 0,
    saved,
    constants: inferred.constants ?? {},
    lengths,
  };
  const total = loss.total(pass);
  const mean = { ...pass, scale: total === 0 ? 0 : 1 / total };
  return { gradient, compute: () => (total === 0 ? 0 : loss.compute(mean) / total) };
}
