/**
 * The layer contract: what one file under `engine/layers/` says about a layer type, and what it is given
 * to compute with. Everything else (palette, inspector, schema, shapes, memory plan, tests) reads it from here.
 */

import type { FusibleActivation, KernelNeeds, Kernels } from '../kernels/kernels.ts';
import type { Random } from '../kernels/random.ts';
import type { FloatArray, IntTensor, Tensor } from '../kernels/tensor.ts';
import type { AttributeTable, Json, Kind, Values } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { Problem } from '../schema/problem.ts';
import type { BufferSpec, Shape, StateSpec } from './buffers.ts';
import type { LayerFrameworks } from './frameworks/counterpart.ts';

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
  | 'attention';

export interface InputPort {
  readonly name: string;
  readonly optional?: true;
  /** Takes any number of inputs, at least `atLeast`. Only as the last port. */
  readonly variadic?: { readonly atLeast: number };
}

/** A trained tensor. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly initializer: Described;
  /** Inputs and outputs of one unit, for initializers that scale by them. Derived from `shape` when absent: last axis = outputs. */
  readonly fanIn?: number;
  readonly fanOut?: number;
}

/** What `infer` finds out about one use of a layer. */
export interface Inferred {
  readonly output: Shape;
  /** Outputs beside the main one, named; a spec refers to them as "layer.name". */
  readonly extraOutputs?: { readonly [name: string]: Shape };
  readonly parameters?: { readonly [name: string]: ParameterSpec };
  /** Written by forward, read by backward of the same step. */
  readonly saved?: { readonly [name: string]: BufferSpec };
  /** Working memory within one call; its content is undefined at entry. */
  readonly scratch?: { readonly [name: string]: BufferSpec };
  readonly state?: { readonly [name: string]: StateSpec };
  /** Values computed once from attributes and shapes, for forward and backward, e.g. a window's geometry. */
  readonly constants?: { readonly [name: string]: unknown };
  /** What working memory of the kernels that it calls grows with; the plan counts it. */
  readonly kernelNeeds?: KernelNeeds;
  /** Values that one sample gives each statistic over the batch, of layers that keep any: with 1, one sample has no variance. */
  readonly valuesPerStatistic?: number;
  /** Multiplications and additions of one forward pass of one sample, for the summary. */
  readonly flops?: number;
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

type TensorsOf<T> = { readonly [K in keyof T]: T[K] extends BufferSpec<'int'> ? IntTensor : Tensor };
type Part<I, K extends string> = I extends { readonly [P in K]?: infer T }
  ? NonNullable<T>
  : Record<never, never>;

/**
 * What forward and backward are given. All buffers are set aside by the plan; a pass allocates nothing.
 * Tensors have the plan's full batch size; only the first `batch` rows are in use.
 */
export interface Pass<A extends AttributeTable = AttributeTable, I = Inferred> {
  readonly attributes: Values<A>;
  readonly batch: number;
  readonly training: boolean;
  readonly kernels: Kernels;
  /** To apply to the output, for layers that say `fuses`: the layer after them then has nothing left to do. */
  readonly activation?: FusibleActivation | undefined;
  /** Draws of this layer at this step: the same numbers in every run with the same seed. */
  readonly random: Random;
  /** How many time steps of each sample of the input are real, [batch]; absent when all are. */
  readonly lengths?: Int32Array | undefined;
  /** Which axis of the input's shape they count along. */
  readonly timeAxis: number;
  readonly inputs: readonly Tensor[];
  readonly input: Tensor;
  readonly output: Tensor;
  readonly extraOutputs: TensorsOfShapes<Part<I, 'extraOutputs'>>;
  readonly parameters: TensorsOfShapes<Part<I, 'parameters'>>;
  readonly saved: TensorsOf<Part<I, 'saved'>>;
  readonly scratch: TensorsOf<Part<I, 'scratch'>>;
  readonly state: TensorsOfShapes<Part<I, 'state'>>;
  readonly constants: Part<I, 'constants'>;
}

type NameIn<I, K extends string> = NoInfer<Extract<keyof Part<I, K>, string>>;
type TensorsOfShapes<T> = { readonly [K in keyof T]: Tensor };

/** Backward adds into every gradient it is given; one it cannot yet add to is zeroed before, or see `overwrites`. */
export interface BackwardPass<A extends AttributeTable = AttributeTable, I = Inferred> extends Pass<A, I> {
  /** Whether gradInput, and whether gradParameters, hold something to add to. False only for layers that say `overwrites`. */
  readonly accumulateInput: boolean;
  readonly accumulateParameters: boolean;
  /** Absent for an input that needs no gradient (data) . */
  readonly gradInputs: readonly (Tensor | undefined)[];
  readonly gradInput: Tensor | undefined;
  readonly gradOutput: Tensor;
  readonly gradExtraOutputs: TensorsOfShapes<Part<I, 'extraOutputs'>>;
  readonly gradParameters: TensorsOfShapes<Part<I, 'parameters'>>;
}

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
export interface Rails {
  readonly low?: number;
  readonly high?: number;
}

/**
 * What a layer over time shows beside the usual statistics. The plan's probes call it right after the layer's
 * backward, on steps that are measured; the time axis is the first of the layer's first input.
 */
export interface ThroughTime {
  /** Norm of dLoss/dh at each time step, over batch and units, into norms[0 … time). */
  gradientNorms(pass: BackwardPass, norms: Float64Array): void;
  /** Names of the layer's gates; empty where it has none. */
  readonly gates: readonly string[];
  /** Shares of gate g's values, at real steps, that are nearly shut (below 0.03) and nearly open (above 0.97): shares[2g] and shares[2g + 1], in the backend's memory. */
  gateSaturation(pass: Pass, shares: Float64Array): void;
}

export interface LayerDefinition<A extends AttributeTable = AttributeTable, I extends Inferred = Inferred>
  extends Kind {
  readonly category: Category;
  /** A codicon name for palette and node. */
  readonly icon: string;
  readonly attributes: A;
  /** Default: one input named "input". */
  readonly inputs?: readonly InputPort[];
  readonly rails?: Rails;
  /** A unit of this layer that is never above zero is dead. */
  readonly canDie?: true;
  /** In training, a row's output depends on the other rows of its batch. */
  readonly couplesBatch?: true;
  readonly throughTime?: ThroughTime;
  /** What other frameworks call the layer, its attributes and its tensors. */
  readonly frameworks?: LayerFrameworks<A, NameIn<I, 'parameters'>, NameIn<I, 'state'>>;
  /** The attribute that its inputs, whole numbers from 0, must stay below: the layer looks rows up by them. */
  readonly indexLimit?: string;
  /** Every output value is one of the input values, or 0: what are whole numbers stay so. */
  readonly keepsValues?: true;
  // What follows lets the plan move less memory; the generic tests hold each layer to what it says.
  /** Backward overwrites the gradients that it is told not to accumulate. Only for layers with one input. */
  readonly overwrites?: true;
  /** Backward does not read the output, so a layer in place may change it. */
  readonly forgetsOutput?: true;
  /**
   * Input and output may be one tensor, and then gradInput and gradOutput are too: forward reads each element before it
   * writes it, backward turns dy into dx by what the output tells.
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

export { type Problem, problem } from '../schema/problem.ts';
export {
  type BufferSpec,
  perSample,
  perSampleInt,
  type Shape,
  type StateSpec,
  sizeOf,
  whole,
} from './buffers.ts';
export type { FloatArray, IntTensor, Tensor };
