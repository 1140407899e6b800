/** What is measured of each layer while training, and the shape in which it travels to every view. */

/** Of the last batch that was measured; only of real time steps where samples differ in length, not of their padding. */
export interface ActivationStats {
  /** Of the finite values, like the next three; NaN where there are none. */
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly zeroFraction: number;
  /** Share that is NaN or infinite; absent where all are finite. */
  readonly notFiniteFraction?: number;
  /** Share beyond the layer type's rails; absent where it has none. */
  readonly saturatedFraction?: number;
  /**
   * Share of units that were not once above zero in the last whole pass over the training data, its last batch included; null
   * before the first pass is complete, absent for layers that cannot die.
   */
  readonly deadFraction?: number | null;
}

export interface GradientStats {
  /**
   * Norm of the loss gradient with respect to the layer's parameters, before penalties, clipping and weight decay, and of all
   * batches of an update together; with respect to its output where it has no parameters.
   */
  readonly gradNorm: number;
  /** Norm of the gradient of the parameters that the update used; only where clipping changed it. */
  readonly clippedNorm?: number;
  /** Root mean square of the gradient with respect to the layer's output. */
  readonly gradRms: number;
  /** Norm of the gradient with respect to the hidden state at each time step, first to last, for recurrent layers; up to the last step of the batch's longest sample. */
  readonly gradThroughTime?: readonly number[];
}

export interface UpdateStats {
  readonly paramNorm: number;
  /** Norm of the last update / norm of the parameters. */
  readonly updateRatio: number;
}

/** For each gate of a recurrent layer, the shares of its values that are nearly shut (below 0.03) and nearly open (above 0.97). */
export type GateStats = { readonly [gate: string]: { readonly shut: number; readonly open: number } };

export interface LayerStats {
  readonly activation?: ActivationStats;
  readonly gradient?: GradientStats;
  readonly update?: UpdateStats;
  readonly gates?: GateStats;
}

export type NetworkStats = { readonly [layer: string]: LayerStats };
