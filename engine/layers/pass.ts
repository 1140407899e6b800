/** What a layer computes with: the buffers it asks for when shapes are inferred, and what forward and backward are given. */
import type { FusibleActivation, KernelNeeds, Kernels } from '../kernels/kernels.ts';
import type { Random } from '../kernels/random.ts';
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import type { AttributeTable, Values } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { BufferSpec, Shape, StateSpec } from './buffers.ts';

/** A trained tensor. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly initializer: Described;
  /** Inputs and outputs of one unit, for initializers that scale by them. Derived from `shape` when absent: last axis = outputs. */
  readonly fanIn?: number;
  readonly fanOut?: number;
}

/** What `infer` knows about one use of a layer. */
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

type TensorsOf<T> = { readonly [K in keyof T]: T[K] extends BufferSpec<'int'> ? IntTensor : Tensor };
export type Part<I, K extends string> = I extends { readonly [P in K]?: infer T }
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
