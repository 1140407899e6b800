/** What a layer computes with: the buffers that it requests during shape inference, and the arguments of forward and backward. */
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
  /**
   * Number of inputs and outputs of one unit, for initializers that scale by them. By default derived from `shape`: the last axis
   * has the outputs.
   */
  readonly fanIn?: number;
  readonly fanOut?: number;
}

/** What `infer` knows about one use of a layer. */
export interface Inferred {
  readonly output: Shape;
  /** Named outputs in addition to the main one. A spec refers to them as "layer.name". */
  readonly extraOutputs?: { readonly [name: string]: Shape };
  readonly parameters?: { readonly [name: string]: ParameterSpec };
  /** Written by forward, read by backward of the same step. */
  readonly saved?: { readonly [name: string]: BufferSpec };
  /** Working memory within one call; its content is undefined at entry. */
  readonly scratch?: { readonly [name: string]: BufferSpec };
  readonly state?: { readonly [name: string]: StateSpec };
  /** Values computed once from attributes and shapes, for forward and backward, e.g. a window's geometry. */
  readonly constants?: { readonly [name: string]: unknown };
  /** The sizes that determine the working memory of the kernels that it calls. The plan counts that memory. */
  readonly kernelNeeds?: KernelNeeds;
  /**
   * For layers with statistics over the batch: how many values one sample contributes to each. If it is 1, a single sample has no
   * variance.
   */
  readonly valuesPerStatistic?: number;
  /**
   * Whether the layer can do the work of a ReLU before it (`Pass.rectify`) with the same bits: forward selects values, and backward passes
   * each gradient to one place, and no two to the same one. So both layers' gradients have the same sum of squares.
   */
  readonly rectifies?: boolean;
  /** Multiplications and additions of one forward pass of one sample, for the summary. */
  readonly flops?: number;
}

type TensorsOf<T> = { readonly [K in keyof T]: T[K] extends BufferSpec<'int'> ? IntTensor : Tensor };
export type Part<I, K extends string> = I extends { readonly [P in K]?: infer T }
  ? NonNullable<T>
  : Record<never, never>;

/**
 * The arguments of forward and backward. The plan allocates all buffers; a pass allocates nothing. Tensors have the plan's full
 * batch size; only the first `batch` rows are in use.
 */
export interface Pass<A extends AttributeTable = AttributeTable, I = Inferred> {
  readonly attributes: Values<A>;
  readonly batch: number;
  readonly training: boolean;
  readonly kernels: Kernels;
  /**
   * For layers that declare `fuses`: the activation to apply to the output, which is then the output of the layer after them. That layer
   * does nothing.
   */
  readonly activation?: FusibleActivation | undefined;
  /** For layers that can (`rectifies`): whether to do the work of the ReLU before it, which then does nothing backward, and forward only if it is probed. */
  readonly rectify?: boolean;
  /** The random stream of this layer at this step: the same numbers in every run with the same seed. */
  readonly random: Random;
  /** Number of real time steps of each sample of the input, [batch]; absent if all are real. */
  readonly lengths?: Int32Array | undefined;
  /** The axis of the input's shape along which `lengths` count. */
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

/** Backward adds to every gradient. A gradient is set to zero before the first addition; for exceptions see `overwrites`. */
export interface BackwardPass<A extends AttributeTable = AttributeTable, I = Inferred> extends Pass<A, I> {
  /** Whether gradInput and gradParameters contain something to add to. False only for layers that declare `overwrites`. */
  readonly accumulateInput: boolean;
  readonly accumulateParameters: boolean;
  /** Absent for an input that needs no gradient (data). */
  readonly gradInputs: readonly (Tensor | undefined)[];
  readonly gradInput: Tensor | undefined;
  readonly gradOutput: Tensor;
  readonly gradExtraOutputs: TensorsOfShapes<Part<I, 'extraOutputs'>>;
  readonly gradParameters: TensorsOfShapes<Part<I, 'parameters'>>;
}
