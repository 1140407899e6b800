/**
 * The declaration of every statistic, wherever it is measured: its key, the shape of its value, its texts and its limits. The run
 * log keeps its values, and badges, tables and hovers show them by the shape of the value.
 */
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
  /** A number for each of several tensors, by name. */
  readonly numbers: { readonly [name: string]: number };
  readonly histogram: Histogram;
  /** One number, not negative, for each channel. */
  readonly channels: readonly number[];
  /** Sets of equally large pictures, by name. */
  readonly pictures: { readonly [name: string]: Pictures };
  /** Rows with names, each with courses over the time steps of a sequence. */
  readonly tracks: { readonly [row: string]: { readonly [part: string]: readonly number[] } };
}

/** How often values lie in each of equally wide bins from `low` to `high`. */
export interface Histogram {
  /** `log`: bins are of the size of a value, log10 |x|, and zeros are counted apart. */
  readonly scale: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  /** Values outside count in the first and the last bin. */
  readonly counts: readonly number[];
  readonly zeros: number;
  readonly notFinite: number;
}

/** Pictures of numbers. `engine/layers/pictures.ts` writes and reads them. */
export interface Pictures {
  readonly rows: number;
  readonly columns: number;
  /** The number of pictures in a row, if that has a meaning: the input channels of one filter. */
  readonly across?: number;
  /** The largest magnitude, which has the strongest colour. */
  readonly limit: number;
  /** Row by row, picture after picture, one character for each number. */
  readonly pixels: string;
}

export type Shape = keyof ShapeValues;

/** The statistics of one layer by key. One that does not apply to the layer is absent. */
export type LayerStats = { readonly [statistic: string]: ShapeValues[Shape] };

export type NetworkStats = { readonly [layer: string]: LayerStats };

/** Where it is measured. In JSON, statistics of one place are grouped; those of the layer itself are beside these groups. */
export type Place = 'activation' | 'gradient' | 'update' | 'layer';

/** Places for statistics: those of a card, in order, and that of a row, which is a share. */
export type CardPlace = 'spread' | 'gradient' | 'update' | 'time' | 'share';

export type Tone = 'good' | 'warn' | 'bad';

export interface Words {
  /** One sign or word, e.g. "μ" or "zero". */
  readonly label: string;
  readonly name: string;
  /** The meaning of the value, and what to do about a bad one. */
  readonly meaning: string;
  /** For a share that is not known yet: when it will be known. */
  readonly pending?: string;
  /** For `shares` and `tracks`: the parts in their order, by key. */
  readonly parts?: { readonly [part: string]: string };
}

/** A sentence about one value, and its tone. */
export interface Verdict {
  readonly text: string;
  readonly tone: Tone;
}

export interface StatisticDefinition<S extends Shape = Shape> {
  readonly key: string;
  /** For the reference: what exactly is measured. Markdown. */
  readonly doc: string;
  readonly at: Place;
  readonly shape: S;
  /** For views. A statistic without words is only in the log. */
  words?(): Words;
  /** Default: a number that is not finite is bad, and others have no tone. */
  tone?(value: ShapeValues[S]): Tone | undefined;
  /** The state of a layer with a bad value. It is not called for a number that is not finite. */
  state?(value: ShapeValues[S]): HealthState | undefined;
  /** A sentence about a series, which a number alone cannot describe. */
  verdict?(value: ShapeValues[S]): Verdict;
  /** For a series: how many of its last entries count, such as the time steps that a network remembers, and a text about it. */
  reach?(value: ShapeValues[S]): { readonly last: number; readonly text: string };
  /** Whether views show it beside the layer's other statistics. Default: always. */
  shows?(value: ShapeValues[S], stats: LayerStats): boolean;
  /** For pictures of channels: the most active one comes first, and one that is zero everywhere is crossed out. */
  readonly byActivity?: boolean;
  /** Its place on a layer's card. Of several for one place, the card shows the first in the registry. */
  readonly card?: CardPlace;
}
