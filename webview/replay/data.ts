/** The data of a page that replays a run: only texts and numbers, as formatted by the engine, so that the page needs no engine. */

import type { Severity } from '../../engine/schema/severity.ts';
import type { ShapeValues } from '../../engine/schema/statistic.ts';

/** One reading of one layer: its health as an index of `healths`, or −1, and the text of each statistic, as `shown` writes it. */
export type LayerReading = readonly [health: number, ...texts: string[]];

export interface ReplayReading {
  readonly step: number;
  readonly epoch: number;
  /** In the order of `layers`; null for a layer that was not measured. */
  readonly layers: readonly (LayerReading | null)[];
  /** For each of the outputs where connections begin, their look as an index of `lines`. */
  readonly lines: readonly number[];
}

/** The look of a connection: attributes of its path. */
export interface ReplayLine {
  readonly width: number;
  readonly stroke: string;
  readonly dashes: string;
  /** What colour and dashes say. */
  readonly meaning?: string;
}

/** A detailed statistic: how it is drawn, and its texts. */
export interface ReplayDrawing {
  readonly shape: 'histogram' | 'tracks' | 'channels' | 'pictures';
  readonly name: string;
  readonly meaning: string;
  /** Of tracks: keys and names of their parts, in order. */
  readonly parts: readonly (readonly [key: string, name: string])[];
  readonly byActivity: boolean;
}

/** A value, and the index of its drawing. */
export type DrawnValue = readonly [drawing: number, value: ShapeValues[ReplayDrawing['shape']]];

/** What was measured in detail at a step. */
export interface ReplayDetail {
  readonly step: number;
  /** In the order of `layers`; null for a layer without details. */
  readonly layers: readonly (readonly DrawnValue[] | null)[];
}

export interface ReplayStatistic {
  /** A sign or a word, and the full name. */
  readonly label: string;
  readonly name: string;
  readonly meaning: string;
  /** Its place on a card. If several statistics have the same place, the first one with a value is shown. */
  readonly card?: string;
}

export interface ReplayChart {
  readonly title: string;
  readonly isShare: boolean;
  readonly steps: readonly number[];
  readonly train: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

export interface ReplayFinding {
  readonly step: number;
  readonly severity: Severity;
  readonly message: string;
  readonly code: string;
  readonly layer?: string;
}

export interface ReplayData {
  readonly epochs: number;
  readonly statistics: readonly ReplayStatistic[];
  readonly layers: readonly { readonly name: string; readonly kind: string }[];
  /** Ids of the patterns that mark the state of a layer. */
  readonly healths: readonly { readonly pattern: string; readonly label: string }[];
  readonly lines: readonly ReplayLine[];
  /** The output where each connection begins, in the order of the picture, as an index of the `lines` of a reading. */
  readonly sources: readonly number[];
  readonly readings: readonly ReplayReading[];
  /** How many readings the run had. */
  readonly recorded: number;
  readonly drawings: readonly ReplayDrawing[];
  readonly details: readonly ReplayDetail[];
  readonly charts: readonly ReplayChart[];
  readonly findings: readonly ReplayFinding[];
  /** Translations of the page's own texts. */
  readonly translations: { readonly [message: string]: string };
}

export type ShownTone = 'bad' | 'warn' | undefined;

const signs = { bad: '!', warn: '~' } as const;

/** A statistic's text, after a character for its tone. */
export const written = (text: string, tone: string | undefined): string =>
  tone === 'bad' || tone === 'warn' ? signs[tone] + text : text;

export function shown(text: string): { readonly text: string; readonly tone: ShownTone } {
  const tone = text.startsWith(signs.bad) ? 'bad' : text.startsWith(signs.warn) ? 'warn' : undefined;
  return { text: tone ? text.slice(1) : text, tone };
}
