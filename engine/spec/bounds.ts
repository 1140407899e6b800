/**
 * Limits the number of values in a text and their depth. Values are counted while the text is read, and reading ends at the first
 * excess.
 */
import * as l10n from '@vscode/l10n';
import type { Range } from './document.ts';

const maximumDepth = 64;
export const maximumValues = 100_000;
/** The most names in one object; more than the layers that a network may have. */
export const maximumNames = 8_000;

/** Thrown at the first excess. */
export class TooMuch extends Error {
  readonly range: Range;

  constructor(message: string, offset: number) {
    super(message);
    this.range = { start: offset, end: offset + 1 };
  }
}

/** Counts what one text holds. */
export class Bounds {
  #depth: number;
  #values = 0;

  /** `depth`: for a part of a text, the number of levels around it. */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /** Objects, lists, strings, numbers, booleans and nulls so far, without names. */
  get values(): number {
    return this.#values;
  }

  /** A value begins. */
  value(offset: number): void {
    if (++this.#values > maximumValues)
      throw new TooMuch(
        l10n.t('the file has more than {0} values. Divide it into smaller networks.', maximumValues),
        offset,
      );
  }

  /** An object or a list begins. It is counted before its value, and before the reader, which is recursive, goes deeper. */
  open(offset: number): void {
    if (++this.#depth > maximumDepth)
      throw new TooMuch(l10n.t('values are nested more than {0} levels deep.', maximumDepth), offset);
    this.value(offset);
  }

  /** An object or a list is complete. */
  close(): void {
    this.#depth--;
  }

  /** A name begins in an object that has `before` of them. */
  name(before: number, offset: number): void {
    if (before >= maximumNames)
      throw new TooMuch(
        l10n.t('one object has more than {0} names. Divide it into smaller networks.', maximumNames),
        offset,
      );
  }
}
