/**
 * The contract of a statistic: what a file of this folder declares about one number, share or series that is measured
 * on every layer to which it applies. A statistic of one kind of layer is declared with that layer (`layers/statistic.ts`).
 */
import type { LayerDefinition } from '../layers/define.ts';
import type { AnyMeasuredStatistic } from '../layers/statistic.ts';
import type { LayerStats, Shape, ShapeValues, StatisticDefinition, Tone } from '../schema/statistic.ts';

export type {
  CardPlace,
  LayerStats,
  NetworkStats,
  Shape,
  ShapeValues,
  StatisticDefinition,
  Tone,
  Verdict,
  Words,
} from '../schema/statistic.ts';

/** A statistic that is read from the common passes over memory. */
export interface CommonStatistic<S extends Shape = Shape> extends StatisticDefinition<S> {
  /** Default: every layer for which `read` has a value. */
  appliesTo?(definition: LayerDefinition): boolean;
  /** Computed from the measurements of one layer; undefined if it has no value. */
  read(measured: Measured): ShapeValues[S] | undefined;
}

/** A statistic for which another pass over each layer is justified. */
export type ExtraStatistic = AnyMeasuredStatistic & { appliesTo?(definition: LayerDefinition): boolean };

export type Statistic = { readonly [S in Shape]: CommonStatistic<S> }[Shape] | ExtraStatistic;

/** Checks the types of a definition, and returns it. */
export const defineStatistic = <const S extends Shape>(definition: CommonStatistic<S>): CommonStatistic<S> =>
  definition;

/** The measurements of one layer, in as few passes over memory as possible, without the padding of shorter sequences. */
export interface Measured {
  readonly definition: LayerDefinition;
  readonly activation: Moments;
  /** Share of dead units in the last whole epoch; null before the first is complete, undefined where units cannot die. */
  readonly deadShare: number | null | undefined;
  /** Absent where no gradient flows. */
  readonly gradient?: {
    /** Norm of the loss gradient of the parameters, or of the output if there are none. */
    readonly norm: number;
    /** Norm of the gradient that the update used, if clipping changed it. */
    readonly clippedNorm: number | undefined;
    /** Norm of the loss gradient of each parameter. */
    readonly norms: { readonly [parameter: string]: number };
    /** Root mean square of the output's gradient, and the largest one among the layers that read the output. */
    readonly outputRms: number;
    readonly readersRms: number | undefined;
  };
  /** Absent where no update changes the layer. */
  readonly update?: Change & {
    readonly tensors: { readonly [parameter: string]: Change };
    /** Share of the epoch's updates so far whose gradients were clipped; absent in trainings that do not clip. */
    readonly clippedShare: number | undefined;
  };
}

/** L2 norms of parameters before an update, and of their change. */
export interface Change {
  readonly parameters: number;
  readonly change: number;
}

/** Sums over the elements of an output. */
export interface Moments {
  readonly count: number;
  /** How many elements are NaN or infinite, and how many are finite. */
  readonly notFinite: number;
  readonly finite: number;
  /** Mean, Σ (x − mean)², smallest and largest of the finite elements; NaN if there are none. */
  readonly mean: number;
  readonly deviations: number;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  /** Elements beyond the saturation bounds. */
  readonly saturated: number;
}

/** The value of one statistic of a layer; undefined if it does not apply. */
export const valueIn = <S extends Shape>(
  { key }: { readonly key: string; readonly shape: S },
  stats: LayerStats,
): ShapeValues[S] | undefined => (Object.hasOwn(stats, key) ? (stats[key] as ShapeValues[S]) : undefined);

/** `warn` and `bad`: shares at which a warning or an error begins. A share that is not a number is bad. */
export function shareTone(
  share: number | null,
  { warn, bad }: { readonly warn: number; readonly bad: number },
): Tone | undefined {
  if (share === null) return undefined;
  if (!(share < bad)) return 'bad';
  return share >= warn ? 'warn' : 'good';
}
