/** Fields that several events have. */
import type { Path } from '../../schema/attributes.ts';
import {
  count,
  fields,
  list,
  must,
  number,
  optional,
  type Read,
  type Reader,
  record,
  text,
} from '../../schema/reader.ts';
import { specEdit } from '../../spec/specEdit.ts';

/** Loss and metrics (e.g. `accuracy`) over a split. */
export interface Scores {
  readonly loss: number;
  readonly [metric: string]: number;
}

const loss = fields({ loss: number });

export const scores: Reader<Scores> = (value) => ({ ...record(number)(value), ...loss(value) });

/**
 * One point of the live curve: loss and metrics over a window of successive training steps. Windows depend on step numbers
 * alone, and every step of a run is in exactly one window, so equal runs have equal points.
 */
export const curvePoint = fields({
  /** Last step of the window. */
  step: count,
  loss: number,
  metrics: record(number),
  /** The penalty of the weights (l1, l2) after the last step; absent where no layer has one. It is not part of the loss. */
  penalty: optional(number),
});

export type CurvePoint = Read<typeof curvePoint>;

const pathPart: Reader<string | number> = (value) =>
  must(typeof value === 'string' || typeof value === 'number', value, 'a name or an index');

/** A place in the spec. */
export const path: Reader<Path> = list(pathPart);

/** An edit of the network that fixes a problem, and the text of its button. */
export const fix = fields({ title: text, edit: specEdit });

/** A row of a data file, by the file's path relative to the network, and counted from 1. */
export const dataRow = fields({ file: text, number: count });

/** A warning that did not stop the run: what was assumed, and how to confirm or correct it. */
const warning = fields({ code: text, message: text, path });

export type Warning = Read<typeof warning>;

export const warnings = list(warning);
