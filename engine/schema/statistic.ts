/**
 * What every statistic says of itself, wherever it is measured: its key, the shape of its value, its words and its limits. The
 * run log keeps it, and the badges, tables and hovers of every view show it, by the shape of its value.
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
  /** For the reference: what exactly is measured. Markdown. */
  readonly doc: string;
  readonly at: Place;
  readonly shape: S;
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
