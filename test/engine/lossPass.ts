/** Runs a loss on plain arrays in float64, as the plan would. */
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { type Shape, sizeOf } from '../../engine/layers/define.ts';
import type { LossPass, TargetSpec } from '../../engine/train/losses/define.ts';
import { losses } from '../../engine/train/losses/registry.ts';

export interface LossCase {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: unknown };
  /** Shape of one sample's prediction. */
  readonly shape: Shape;
  readonly batch: number;
  readonly prediction: Float64Array;
  readonly dataTarget: TargetSpec;
  readonly target: Float64Array | Int32Array;
  readonly lengths?: Int32Array;
}

export interface LossRun {
  /** The value; adds the gradient into `gradient`. */
  compute(): number;
  readonly gradient: Float64Array;
}

export function runLoss(one: LossCase): LossRun {
  const { type, attributes = {}, shape, batch, prediction, dataTarget, target, lengths } = one;
  const reading = losses.read({ type, ...attributes } as never);
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  const loss = losses.get(type);
  const inferred = loss.infer(reading.value.attributes, shape, dataTarget);
  if ('problem' in inferred) throw new Error(inferred.problem.message);
  const saved = Object.fromEntries(
    Object.entries(inferred.saved ?? {}).map(([name, spec]) => {
      const full = spec.batched ? [batch, ...spec.shape] : spec.shape;
      return [name, { shape: full, data: new Float64Array(sizeOf(full)).fill(Number.NaN) }];
    }),
  );
  const gradient = new Float64Array(prediction.length);
  const pass: LossPass = {
    attributes: reading.value.attributes,
    batch,
    kernels: referenceKernels,
    prediction: { shape: [batch, ...shape], data: prediction },
    target: { shape: [batch, ...inferred.target.shape], data: target } as LossPass['target'],
    gradPrediction: { shape: [batch, ...shape], data: gradient },
    saved,
    constants: inferred.constants ?? {},
    lengths,
  };
  return { gradient, compute: () => loss.compute(pass) };
}
