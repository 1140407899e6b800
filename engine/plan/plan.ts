/** The plan: every buffer with its place in one arena, and every step in order. Pure data; `runtime.ts` runs it. */

import type { TypedLayer } from '../graph/typed.ts';
import type { FusibleActivation } from '../kernels/kernels.ts';
import type { Shape } from '../layers/define.ts';
import type { LossDefinition, LossInferred } from '../losses/define.ts';
import type { LossSpec } from '../spec/document.ts';

export type Float = 'float32' | 'float64';

export type BufferKind =
  | 'parameter'
  | 'gradient'
  | 'slot'
  | 'state'
  | 'output'
  | 'gradOutput'
  | 'saved'
  | 'scratch'
  | 'target'
  | 'probe';

/** Index into `Plan.buffers`. */
export type BufferId = number;

export interface PlanBuffer {
  readonly id: BufferId;
  /** E.g. "conv1.output", "conv1.kernel", "adam.m". */
  readonly name: string;
  readonly kind: BufferKind;
  readonly type: 'float' | 'int';
  /** With the batch axis, if there is one. */
  readonly shape: Shape;
  readonly length: number;
  /** Bytes from the arena's base. */
  readonly offset: number;
  readonly bytes: number;
}

type Named = { readonly [name: string]: BufferId };

/** An activation, and the index of the layer that applies it. */
export interface Fusion {
  readonly activation: FusibleActivation;
  readonly follower: number;
}

/** A time axis whose steps are not all real. */
export interface PlannedTime {
  /** Index into the shape of one sample. */
  readonly axis: number;
  /** Index into `Plan.lengths`. */
  readonly lengths: number;
}

export interface LayerPlan {
  readonly layer: TypedLayer;
  readonly inputs: readonly BufferId[];
  readonly output: BufferId;
  readonly extraOutputs: Named;
  readonly parameters: Named;
  readonly saved: Named;
  readonly scratch: Named;
  readonly state: Named;
  /** If samples of the input differ in length: the axis, and the entry of `Plan.lengths`. */
  readonly inputTime?: PlannedTime | undefined;
  /** The same for the main output. */
  readonly outputTime?: PlannedTime | undefined;
  /** Output and gradOutput are the input and its gradient with another shape: nothing runs. */
  readonly view: boolean;
  /** The next layer may be computed by this one: it writes that layer's output, which need then not run forward. */
  readonly fuses?: Fusion | undefined;
  /** The index of the ReLU before it, whose work it may do: that layer's buffers then hold its input and the gradient of its input. */
  readonly rectifies?: number | undefined;
  /** Output and gradOutput keep their memory, and so their values, until the step ends, because they are small. */
  readonly lasts: boolean;
  /** Absent for a layer that the gradient of the loss need not reach. */
  readonly backward?: {
    readonly gradInputs: readonly (BufferId | undefined)[];
    readonly gradOutput: BufferId;
    readonly gradExtraOutputs: Named;
    readonly gradParameters: Named;
  };
}

export interface PlannedLoss {
  readonly spec: LossSpec;
  readonly definition: LossDefinition;
  readonly inferred: LossInferred;
}

export interface LossPlan extends PlannedLoss {
  readonly prediction: BufferId;
  readonly gradPrediction: BufferId | undefined;
  readonly target: BufferId;
  readonly saved: Named;
  /** If samples of the prediction differ in length: the entry of `Plan.lengths`. Their time axis is the first. */
  readonly lengths?: number | undefined;
}

/** `index` counts into `Plan.layers`, or `Plan.losses` for a loss. */
export type PlanStep =
  | { readonly op: 'forward' | 'loss'; readonly index: number }
  /** Without `accumulate` the input's gradient is still empty. */
  | { readonly op: 'backward'; readonly index: number; readonly accumulate: boolean }
  | { readonly op: 'zero'; readonly buffer: BufferId }
  /** A value is complete; skipped on most steps. */
  | { readonly op: 'probeActivation' | 'probeGradient'; readonly index: number };

/** A range of parameters, gradients and slots for one optimizer call, in elements. */
export interface UpdateRange {
  readonly parameters: BufferId;
  readonly gradients: BufferId;
  readonly slots: readonly BufferId[];
}

export interface Plan {
  readonly float: Float;
  readonly batchSize: number;
  readonly buffers: readonly PlanBuffer[];
  readonly layers: readonly LayerPlan[];
  readonly losses: readonly LossPlan[];
  readonly steps: readonly PlanStep[];
  /** For each way in which layers change lengths: the real steps of a sequence of 0, 1, 2 … steps in the data. */
  readonly lengths: readonly Int32Array[];
  /** All trained parameters, all their gradients, and each optimizer slot, as flat buffers over the single ones. */
  readonly update: UpdateRange | undefined;
  /** Parameters before the last update, for the update ratio. */
  readonly previous: BufferId | undefined;
  /** The number of trained values, without alignment gaps. */
  readonly parameterCount: number;
  readonly bytes: number;
}
