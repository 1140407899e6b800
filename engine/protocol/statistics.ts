/** What is measured of each layer while training, and the shape in which it travels to every view. */

export interface ActivationStats {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly zeroFraction: number;
  /** Share beyond the layer type's rails; absent where it has none. */
  readonly saturatedFraction?: number;
  /** Share of units that were not once above zero since the last epoch began; only for layers that can die. */
  readonly deadFraction?: number;
}

export interface GradientStats {
  /** Norm of the loss gradient with respect to the layer's parameters; to its output where it has none. */
  readonly gradNorm: number;
  /** Root mean square of the gradient with respect to the layer's output. */
  readonly gradRms: number;
  /** Norm of the gradient with respect to the hidden state at each time step, first to last, for recurrent layers. */
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
