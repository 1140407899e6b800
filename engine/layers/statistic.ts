/**
 * A statistic with its own measurement, in addition to the passes over memory that the usual ones share. A layer declares it (the
 * gates of a recurrent layer, the weights of attention), or it needs another pass over every output.
 */

import type { FloatArray } from '../kernels/tensor.ts';
import type { ShapeValues, StatisticDefinition, Shape as ValueShape } from '../schema/statistic.ts';
import type { Shape } from './buffers.ts';
import type { BackwardPass } from './pass.ts';

/** A range of elements of an output: those of real steps, if samples differ in length. */
export interface Span {
  readonly offset: number;
  readonly count: number;
}

export interface SizedLayer {
  readonly attributes: { readonly [name: string]: unknown };
  /** Shapes of one sample. */
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

export interface MeasuredStatistic<S extends ValueShape = ValueShape> extends StatisticDefinition<S> {
  /**
   * When it is measured in a measured step: right after the layer's forward, or right after its backward if a gradient flows.
   * Until then the layer's saved buffers are valid; gradients are valid only after backward.
   */
  readonly after: 'forward' | 'backward';
  /** How many numbers a measurement writes. They are allocated before the first step. */
  size(layer: SizedLayer): number;
  /**
   * Allocates nothing. `spans` are the real elements of the output. `values` is in the backend's memory, so that kernels can
   * write it.
   */
  measure(pass: BackwardPass, values: Float64Array, spans: readonly Span[]): void;
  /** The last measurement, as plain data. */
  value(values: Float64Array): ShapeValues[S];
}

/** The statistic without the type of its value. */
export type AnyMeasuredStatistic = { readonly [S in ValueShape]: MeasuredStatistic<S> }[ValueShape];

/** Checks the types of a definition, and returns it. */
export const measuredStatistic = <const S extends ValueShape>(
  definition: MeasuredStatistic<S>,
): MeasuredStatistic<S> => definition;

/**
 * When a detail is measured, in a step that is measured in detail: right after the layer's forward, when the gradient of its
 * output is complete, after its backward, when the gradients of the loss are complete, or after the update; or after its forward
 * of the chosen sample, as in an evaluation.
 */
export type DetailMoment = 'forward' | 'gradient' | 'backward' | 'lossGradients' | 'update' | 'sample';

export interface DetailContext {
  /** The real elements of the output. */
  readonly spans: readonly Span[];
  /** The most pixels that a set of pictures may have. */
  readonly pixels: number;
  /** The layer's parameters before the update. Absent if no update changes them. */
  readonly before?: { readonly [name: string]: FloatArray };
}

/**
 * A statistic that is too large or too slow to be measured with the others: histograms, pictures, values along time. It is
 * measured every few seconds. Each measurement creates a new value, whose size does not grow with the network's tensors.
 */
export interface DetailStatistic<S extends ValueShape = ValueShape> extends StatisticDefinition<S> {
  readonly after: DetailMoment;
  /** Undefined where the statistic does not apply. */
  look(pass: BackwardPass, context: DetailContext): ShapeValues[S] | undefined;
}

/** The statistic without the type of its value. */
export type AnyDetailStatistic = { readonly [S in ValueShape]: DetailStatistic<S> }[ValueShape];

/** Checks the types of a definition, and returns it. */
export const detailStatistic = <const S extends ValueShape>(
  definition: DetailStatistic<S>,
): DetailStatistic<S> => definition;
