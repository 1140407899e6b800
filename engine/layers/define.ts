/**
 * The layer contract: what one file under `engine/layers/` says about a layer type, and what it is given
 * to compute with. Everything else (palette, inspector, schema, shapes, memory plan, tests) reads it from here.
 */

import type { FusibleActivation } from '../kernels/kernels.ts';
import type { FloatArray, IntTensor, Tensor } from '../kernels/tensor.ts';
import type { AttributeTable, Json, Kind, Values } from '../schema/attributes.ts';
import type { Problem } from '../schema/problem.ts';
import type { Shape } from './buffers.ts';
import type { LayerFrameworks } from './frameworks/counterpart.ts';
import type { BackwardPass, Inferred, Part, Pass } from './pass.ts';
import type { AnyDetailStatistic, AnyMeasuredStatistic } from './statistic.ts';

/** Axes that a person may give one shape. */
export const mostAxes = 16;

export type Category =
  | 'input'
  | 'core'
  | 'convolution'
  | 'pooling'
  | 'recurrent'
  | 'activation'
  | 'normalization'
  | 'regularization'
  | 'shape'
  | 'merge'
  | 'attention'
  | 'block';

export interface InputPort {
  readonly name: string;
  readonly optional?: true;
  /** Takes any number of inputs, at least `atLeast`. Only as the last port. */
  readonly variadic?: { readonly atLeast: number };
}

/** Index of the time axis in each input's shape; undefined for an input whose samples have one size. */
export type TimeAxes = readonly (number | undefined)[];

/** What becomes of the time axis: where it is in the output and how many steps are left, gone, or why the layer cannot. */
export type TimeFlow = TimeKept | 'dropped' | { readonly problem: Problem };

export interface TimeKept {
  readonly axis: number;
  /** Real steps of the output for `length` real steps of the input. Default: as many. */
  steps?(length: number): number;
}

type NameIn<I, K extends string> = NoInfer<Extract<keyof Part<I, K>, string>>;

/** One configuration on which every generic test runs the layer. */
export interface Sample {
  readonly name: string;
  /** Sample shapes, without the batch axis. */
  readonly inputs: readonly Shape[];
  readonly attributes?: { readonly [name: string]: unknown };
  /** Inputs are whole numbers below this (an index into a table), not reals. */
  readonly indicesBelow?: number;
  /** The derivative jumps somewhere (relu, max pooling): gradients are compared at 1e-5, not 1e-7. */
  readonly kinks?: true;
  readonly lengths?: readonly number[];
}

export interface ErrorSample {
  readonly name: string;
  readonly inputs: readonly Shape[];
  readonly attributes?: { readonly [name: string]: unknown };
  readonly code: string;
}

/** Where outputs are flat, for the saturation statistic: an output beyond these counts as saturated. */
export interface SaturationBounds {
  readonly low?: number;
  readonly high?: number;
}

export interface LayerDefinition<A extends AttributeTable = AttributeTable, I extends Inferred = Inferred>
  extends Kind {
  readonly category: Category;
  /** Other words for it, under which people look for it, beside its names in other frameworks. */
  readonly synonyms?: readonly string[];
  /** A codicon name for palette and node. */
  readonly icon: string;
  readonly attributes: A;
  /** Default: one input named "input". */
  readonly inputs?: readonly InputPort[];
  readonly saturationBounds?: SaturationBounds;
  /** A unit of this layer that is never above zero is dead. */
  readonly canDie?: true;
  /** Each output is one function of the input at its place, the same everywhere; none of the layer's own buffers take part. */
  readonly elementwise?: true;
  /** In evaluation every output is a weighted sum of inputs, plus a number: two such layers in a row are no more than one. */
  readonly linear?: true;
  /** What its outputs are, where a loss that expects something else would be wrong behind it. */
  readonly produces?: 'probabilities' | 'logProbabilities';
  /** The attribute that says which share of values is silenced in training. */
  readonly dropShare?: string;
  /** In training, a row's output depends on the other rows of its batch. */
  readonly couplesBatch?: true;
  /** What only this layer shows, beside the statistics of every layer. */
  readonly statistics?: readonly AnyMeasuredStatistic[];
  /** The same, of what is measured in detail. */
  readonly details?: readonly AnyDetailStatistic[];
  /** What other frameworks call the layer, its attributes and its tensors. */
  readonly frameworks?: LayerFrameworks<A, NameIn<I, 'parameters'>, NameIn<I, 'state'>>;
  /** The attribute that its inputs, whole numbers from 0, must stay below: the layer looks rows up by them. */
  readonly indexLimit?: string;
  /** Every output value is one of the input values, or 0: what are whole numbers stay so. */
  readonly keepsValues?: true;
  // What follows lets the plan move less memory; the generic tests hold each layer to what it says.
  /** Backward overwrites the gradients that it must not add to. Only for layers with one input. */
  readonly overwrites?: true;
  /** Backward does not read the output, so a layer in place may change it. */
  readonly forgetsOutput?: true;
  /**
   * Input and output may be one tensor, and then gradInput and gradOutput are too: forward reads each element before it
   * writes it, backward turns dy into dx from the output alone.
   */
  readonly inPlace?: true;
  /** Forward applies the pass's `activation`. */
  readonly fuses?: true;
  /** What a layer that `fuses` is asked to apply when this one follows it in place. */
  readonly fusible?: FusibleActivation;
  /** The output is the input under another shape: where nothing else reads the input, the two are one buffer and nothing runs. */
  readonly view?: true;
  /**
   * Attributes with which it may stand between two layers whose shapes do not fit, the best first: what changes the shape of
   * an input and keeps its values. Fixes are made of it.
   */
  bridges?(input: Shape): readonly { readonly [attribute: string]: Json }[];
  readonly samples: readonly Sample[];
  readonly errorSamples: readonly ErrorSample[];
  // Methods, not function-valued properties: only methods compare bivariantly, which lets code that
  // walks the registry hold definitions of different attributes and buffers as one type.
  infer(attributes: Values<A>, inputs: readonly Shape[]): I | { readonly problem: Problem };
  /**
   * What becomes of the time axis where samples differ in length; asked only when an input has one. The generic tests
   * hold each layer to it: each sample's real part is what the sample gives alone, whatever its padding holds, and the
   * gradient of padding is 0. `forward` is given the lengths of the first input that has them.
   */
  time(attributes: Values<A>, inputs: readonly Shape[], axes: TimeAxes, inferred: I): TimeFlow;
  forward(pass: Pass<A, I>): void;
  backward(pass: BackwardPass<A, I>): void;
}

export function defineLayer<const A extends AttributeTable, I extends Inferred>(
  definition: LayerDefinition<A, I>,
): LayerDefinition<A, I> {
  return definition;
}

export { sizeOf } from '../kernels/tensor.ts';
export { type Problem, problem } from '../schema/problem.ts';
export {
  type BufferSpec,
  perSample,
  perSampleInt,
  type Shape,
  type StateSpec,
  whole,
} from './buffers.ts';
export type { BackwardPass, Inferred, ParameterSpec, Pass } from './pass.ts';
export type { FloatArray, IntTensor, Tensor };
