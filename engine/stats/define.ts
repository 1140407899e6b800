/**
 * The contract of a statistic: what one file of this folder says about one number, share or series that is measured of a layer.
 * The probes read it, the run log keeps it, and the badges, tables and hovers of every view show it, by the shape of its value.
 */
import type { LayerDefinition } from '../layers/define.ts';
import type { HealthState } from './healthStates.ts';

/** How a value is read from a log and drawn in a view, by its shape. */
export interface ShapeValues {
  readonly number: number;
  /** From 0 to 1; null until it is known. */
  readonly share: number | null;
  /** One number for each time step. */
  readonly series: readonly number[];
  /** Rows with names, each with shares of one whole. */
  readonly shares: { readonly [row: string]: { readonly [part: string]: number } };
}

export type Shape = keyof ShapeValues;

/** The statistics of one layer by key. One that does not apply to the layer is absent. */
export type LayerStats = { readonly [statistic: string]: ShapeValues[Shape] };

export type NetworkStats = { readonly [layer: string]: LayerStats };

/** What it is measured of. In JSON, statistics of one place stand together; those of the layer itself beside these groups. */
export type Place = 'activation' | 'gradient' | 'update' | 'layer';

/** Places for statistics: those of a card, in their order, and that of a row, which is a share. */
export type CardPlace = 'spread' | 'gradient' | 'update' | 'time' | 'share';

export type Tone = 'good' | 'warn' | 'bad';

export interface Words {
  /** One sign or word, e.g. "μ" or "zero". */
  readonly label: string;
  readonly name: string;
  /** What the value says, and what to do about a bad one. */
  readonly meaning: string;
  /** For a share that is not known yet: when it will be. */
  readonly pending?: string;
  /** For `shares`: the parts in their order, by key. */
  readonly parts?: { readonly [part: string]: string };
}

/** A sentence about one value, and how much it should worry. */
export interface Verdict {
  readonly text: string;
  readonly tone: Tone;
}

export interface StatisticDefinition<S extends Shape = Shape> {
  readonly key: string;
  readonly at: Place;
  readonly shape: S;
  /** Default: every layer for which `read` has a value. */
  appliesTo?(definition: LayerDefinition): boolean;
  /** From what the probes measured of one layer; undefined where there is nothing to say. */
  read(measured: Measured): ShapeValues[S] | undefined;
  /** For views. A statistic without words is only in the log. */
  words?(): Words;
  /** Default: a number that is not finite is bad, and others have no tone. */
  tone?(value: ShapeValues[S]): Tone | undefined;
  /** What is wrong with a layer whose value worries. Of a number that is not finite, no one asks. */
  state?(value: ShapeValues[S]): HealthState | undefined;
  /** For a series, which takes more than a number to describe. */
  verdict?(value: ShapeValues[S]): Verdict;
  /** Whether views show it beside the layer's other statistics. Default: always. */
  shows?(value: ShapeValues[S], stats: LayerStats): boolean;
  /** Its place on a layer's card. Of several for one place, the card shows the first in the registry. */
  readonly card?: CardPlace;
}

export type Statistic = { readonly [S in Shape]: StatisticDefinition<S> }[Shape];

export const defineStatistic = <const S extends Shape>(
  definition: StatisticDefinition<S>,
): StatisticDefinition<S> => definition;

/** What the probes measure of one layer in as few passes over memory as possible. Padding of shorter sequences is left out. */
export interface Measured {
  readonly definition: LayerDefinition;
  readonly activation: Moments;
  /** Share of dead units in the last whole epoch; null before the first is complete, undefined where units cannot die. */
  readonly deadShare: number | null | undefined;
  /** Absent where no gradient flows. */
  readonly gradient?: {
    /** Norm of the loss gradient of the parameters, or of the output where there are none. */
    readonly norm: number;
    /** Norm of what the update used, if clipping changed it. */
    readonly clippedNorm: number | undefined;
    /** Sum of squares of the output's gradient, and over how many elements. */
    readonly outputSquares: number;
    readonly outputCount: number;
  };
  /** Norms of the parameters before the update and of their change; absent where no update changes the layer. */
  readonly update?: { readonly parameters: number; readonly change: number };
  /** Of layers that define `throughTime`, where a gradient flows. */
  readonly overTime?: { readonly norms: readonly number[]; readonly gates: ShapeValues['shares'] };
}

/** Sums over the elements of an output. */
export interface Moments {
  readonly count: number;
  readonly notFinite: number;
  /** Of the finite elements: Σ (x − mean)² beside the mean, NaN where there are none. */
  readonly finite: number;
  readonly mean: number;
  readonly deviations: number;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  /** Elements beyond the saturation bounds. */
  readonly saturated: number;
}

/** The value of one statistic of a layer; undefined where it does not apply. */
export const valueIn = <S extends Shape>(
  { key }: StatisticDefinition<S>,
  stats: LayerStats,
): ShapeValues[S] | undefined => (Object.hasOwn(stats, key) ? (stats[key] as ShapeValues[S]) : undefined);

/** `warn` and `bad`: shares from which on to worry. A share that is not a number is bad. */
export function shareTone(
  share: number | null,
  { warn, bad }: { readonly warn: number; readonly bad: number },
): Tone | undefined {
  if (share === null) return undefined;
  if (!(share < bad)) return 'bad';
  return share >= warn ? 'warn' : 'good';
}
