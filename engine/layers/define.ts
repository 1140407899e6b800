/**
 * The layer contract: what one file under `engine/layers/` declares about a layer type. Everything else (palette, inspector,
 * schema, shapes, memory plan, tests) reads it from there.
 */

import type { FusibleActivation } from '../kernels/kernels.ts';
import type { FloatArray, IntTensor, Tensor } from '../kernels/tensor.ts';
import type { AttributeTable, Json, Kind, Values } from '../schema/attributes.ts';
import type { Problem } from '../schema/problem.ts';
import type { Shape } from './buffers.ts';
import type { LayerFrameworks } from './frameworks/counterpart.ts';
import type { BackwardPass, Inferred, Part, Pass } from './pass.ts';
import type { AnyDetailStatistic, AnyMeasuredStatistic } from './statistic.ts';

/** The most axes that a shape in a text may have. */
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
  /** Takes any number of inputs, but at least `atLeast`. Only the last port may have it. */
  readonly variadic?: { readonly atLeast: number };
}

/** Index of the time axis in each input's shape; undefined for an input whose samples have one size. */
export type TimeAxes = readonly (number | undefined)[];

/**
 * What happens to the time axis: where it is in the output and how many steps remain, that it is removed, or why the layer cannot
 * take it.
 */
export type TimeFlow = TimeKept | 'dropped' | { readonly problem: Problem };

export interface TimeKept {
  readonly axis: number;
  /** Real steps of the output for `length` real steps of the input. Default: the same number. */
  steps?(length: number): number;
}

type NameIn<I, K extends string> = NoInfer<Extract<keyof Part<I, K>, string>>;

/** One configuration on which every generic test runs the layer. */
export interface Sample {
  readonly name: string;
  /** Sample shapes, without the batch axis. */
  readonly inputs: readonly Shape[];
  readonly attributes?: { readonly [name: string]: unknown };
  /** Inputs are whole numbers below this (indices into a table), not real numbers. */
  readonly indicesBelow?: number;
  /** The derivative is discontinuous somewhere (relu, max pooling): gradients are compared at 1e-5, not 1e-7. */
  readonly kinks?: true;
  readonly lengths?: readonly number[];
}

export interface ErrorSample {
  readonly name: string;
  readonly inputs: readonly Shape[];
  readonly attributes?: { readonly [name: string]: unknown };
  readonly code: string;
}

/** Saturation bounds: an output beyond them counts as saturated. */
export interface SaturationBounds {
  readonly low?: number;
  readonly high?: number;
}

export interface AttributeChange {
  readonly attribute: string;
  /** Undefined removes it. */
  readonly value: Json | undefined;
}

/** The least and the largest number that a layer gives; a side without a limit is absent. */
export interface Reach {
  readonly least?: number;
  readonly most?: number;
}

export interface LayerDefinition<A extends AttributeTable = AttributeTable, I extends Inferred = Inferred>
  extends Kind {
  readonly category: Category;
  /** Other words that people search for, in addition to its names in other frameworks. */
  readonly synonyms?: readonly string[];
  /** The codicon of the palette entry and the node. */
  readonly icon: string;
  readonly attributes: A;
  /** Default: one input named "input". */
  readonly inputs?: readonly InputPort[];
  saturationBounds?(attributes: Values<A>): SaturationBounds;
  /** The numbers that no output goes beyond; absent where an output can be any number. */
  reach?(attributes: Values<A>): Reach;
  /** Whether a unit of this layer that is never above zero is dead. */
  readonly canDie?: true;
  /**
   * Each output is a function of the input at the same place. The function is the same everywhere and uses none of the layer's
   * own buffers.
   */
  readonly elementwise?: true;
  /**
   * In evaluation, every output is a weighted sum of inputs plus a number: two such layers in a row can express no more than one.
   */
  readonly linear?: true;
  /** The meaning of its outputs, if a loss that expects something else would be wrong after it. */
  readonly produces?: 'probabilities' | 'logProbabilities';
  /** The attributes with a share of values that is dropped in training. */
  readonly dropShares?: readonly string[];
  /** The attribute with the standard deviation of the noise that is added in training. */
  readonly noiseDeviation?: string;
  /** In training, a row's output depends on the other rows of its batch. */
  readonly couplesBatch?: true;
  /** If an output at a time step depends on later steps: the attribute that causes it, and a value that prevents it. */
  seesAhead?(attributes: Values<A>): AttributeChange | undefined;
  /**
   * Whether steps (places on the first axis) in another order give the same outputs, in that order or as one. The generic tests check
   * it. Layers that are `elementwise` need not declare it.
   */
  ignoresOrder?(attributes: Values<A>): boolean;
  /** Gates decide what a recurrent layer remembers, so that it can carry its state over many steps. */
  readonly isGated?: true;
  /** Whether nothing bounds the state of a recurrent layer, so that large recurrent weights let it grow with each time step. */
  growsState?(attributes: Values<A>): boolean;
  /** Statistics that only this layer has, in addition to those of every layer. */
  readonly statistics?: readonly AnyMeasuredStatistic[];
  /** Details that only this layer has. */
  readonly details?: readonly AnyDetailStatistic[];
  /** The names of the layer, its attributes and its tensors in other frameworks. */
  readonly frameworks?: LayerFrameworks<A, NameIn<I, 'parameters'>, NameIn<I, 'state'>>;
  /** It gives the last real step of a sequence, and nothing of the others. */
  readonly takesLast?: true;
  /** The attribute that limits its inputs: whole numbers from 0 to below its value, by which the layer looks up rows. */
  readonly indexLimit?: string;
  /** Every output value is one of the input values, or 0, so whole numbers stay whole. */
  readonly keepsValues?: true;
  // The following let the plan move less memory. The generic tests check every claim.
  /** Backward overwrites gradients instead of adding to them where the pass says so. Only for layers with one input. */
  readonly overwrites?: true;
  /** Backward does not read the output, so a layer in place may change it. */
  readonly forgetsOutput?: true;
  /**
   * Input and output may be the same tensor, and then so are gradInput and gradOutput: forward reads each element before it
   * writes it, and backward turns dy into dx from the output alone.
   */
  readonly inPlace?: true;
  /** Forward applies the pass's `activation`. */
  readonly fuses?: true;
  /** The activation that a layer which `fuses` applies if this one follows it and could work in place. */
  readonly fusible?: FusibleActivation;
  /** It is max(0, x), which the layer after it may compute instead, see `Inferred.rectifies`. */
  readonly isPositivePart?: true;
  /** The output is the input with another shape: if nothing else reads the input, the two are one buffer and nothing runs. */
  readonly view?: true;
  /**
   * Attributes with which it can connect two layers whose shapes do not fit, the best first. For layers that change the shape of
   * an input and keep its values; quick fixes use them.
   */
  bridges?(input: Shape): readonly { readonly [attribute: string]: Json }[];
  readonly samples: readonly Sample[];
  readonly errorSamples: readonly ErrorSample[];
  // Methods, not function-valued properties: only methods compare bivariantly, which lets code that
  // walks the registry hold definitions of different attributes and buffers as one type.
  infer(attributes: Values<A>, inputs: readonly Shape[]): I | { readonly problem: Problem };
  /**
   * What happens to the time axis if samples differ in length. Called only if an input has a time axis. The generic tests check it:
   * the real part of each sample equals the result of the sample alone, whatever its padding contains, and the gradient of padding
   * is 0. `forward` gets the lengths of the first input that has them.
   */
  time(attributes: Values<A>, inputs: readonly Shape[], axes: TimeAxes, inferred: I): TimeFlow;
  forward(pass: Pass<A, I>): void;
  backward(pass: BackwardPass<A, I>): void;
}

/** Checks the types of a definition, and returns it. */
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
