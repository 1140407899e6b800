/**
 * Delimited text split into rows of cells, piece by piece: cells are counted as they come, and where there are too many
 * none is kept, but all are counted, so that the message can name what the table needs.
 */

import * as l10n from '@vscode/l10n';
import Papa from 'papaparse';
import type { ProblemError } from '../schema/problem.ts';
import { bytesText } from '../schema/text.ts';
import { dataError } from './define.ts';
import { findDelimiter, sampleLength } from './dialect.ts';
import { refuseTooLarge } from './memory.ts';

export interface NumberedRow {
  /** Counted from 1, blank rows and comments included. */
  readonly number: number;
  /** Without spaces around them. */
  readonly cells: readonly string[];
}

/** Bytes that a cell takes as text, with its place in the row. Measured on tables of numbers. */
const bytesPerCell = 48;
/** Bytes that a row takes beside its cells, likewise. */
const bytesPerRow = 160;
/** Bytes of cells that the engine's JavaScript heap (process/main.ts) holds beside all else. */
const heapShare = 1.5 * 2 ** 30;
/** Characters of a row; one that is longer lacks its end, or is no row. */
const longestRow = 2 ** 24;

export interface RowOptions {
  /** "" to detect it. */
  readonly delimiter: string;
  readonly commaIsDecimal: boolean;
  /** Neighbouring delimiters count as one. */
  readonly mergesDelimiters: boolean;
  readonly memoryLimit: number;
}

export class RowReader {
  readonly #name: string;
  readonly #attribute: string;
  readonly #options: RowOptions;
  #rows: NumberedRow[] = [];
  /** Rows so far. */
  #count = 0;
  #characters = 0;
  #cells = 0;
  #isTooLarge = false;
  /** The text of which no row was split off yet. */
  #rest = '';
  #endsWithReturn = false;
  delimiter = '';

  /** `name` is the file's, for messages. */
  constructor(name: string, attribute: string, options: RowOptions) {
    this.#name = name;
    this.#attribute = attribute;
    this.#options = options;
  }

  /** Throws ProblemError for a row without an end. */
  add(piece: string): void {
    const text = this.#endsWithReturn ? `\r${piece}` : piece;
    this.#endsWithReturn = text.endsWith('\r');
    this.#take((this.#endsWithReturn ? text.slice(0, -1) : text).replace(/\r\n?/g, '\n'));
    if (this.delimiter !== '' || this.#rest.length >= sampleLength) this.#split(false);
  }

  /** Throws ProblemError for a quote that is not closed, and for a table that needs too much memory. */
  finish(): readonly NumberedRow[] {
    if (this.#endsWithReturn) this.#take('\n');
    this.#split(true);
    // First what no setting helps against.
    if (this.#bytes > heapShare)
      throw dataError(
        'data/memory',
        l10n.t(
          '{0} has about {1} cells, which need {2} as text, more than the {3} that can be held. Use fewer rows or columns.',
          this.#name,
          this.#cells,
          bytesText(this.#bytes),
          bytesText(heapShare),
        ),
        this.#attribute,
      );
    refuseTooLarge(this.#options.memoryLimit, this.#attribute, [
      { name: l10n.t('{0} as a table', this.#name), bytes: this.#bytes },
    ]);
    return this.#rows;
  }

  get #bytes(): number {
    return this.#characters + bytesPerCell * this.#cells + bytesPerRow * this.#count;
  }

  #take(text: string): void {
    this.#characters += text.length;
    if (this.#isTooLarge) this.#countCells(text);
    else this.#rest += text;
  }

  #split(isLast: boolean): void {
    if (this.#isTooLarge) return;
    if (this.delimiter === '') this.#begin();
    const parser = new Papa.Parser({ delimiter: this.delimiter, newline: '\n' });
    const { data, errors, meta } = parser.parse(this.#rest, 0, !isLast) as Papa.ParseResult<string[]>;
    const broken = errors.find(({ type }) => type === 'Quotes');
    if (broken) throw this.#openQuote(this.#count + (broken.row ?? 0) + 1);
    this.#rest = this.#rest.slice(meta.cursor);
    for (const cells of data) this.#addRow(cells);
    if (this.#rest.length > longestRow) throw this.#openQuote(this.#count + 1);
    if (this.#bytes <= Math.min(this.#options.memoryLimit, heapShare)) return;
    this.#isTooLarge = true;
    this.#rows = [];
    this.#countCells(this.#rest);
    this.#rest = '';
  }

  /** Decides the delimiter by the text so far. */
  #begin(): void {
    const { delimiter, commaIsDecimal } = this.#options;
    // Spreadsheets write "sep=;" as a first line of its own.
    const [announced, separator] = /^sep=([,;|\t])\n/i.exec(this.#rest) ?? [''];
    this.#rest = this.#rest.slice(announced.length);
    if (announced !== '') this.#count = 1;
    this.delimiter = delimiter || separator || findDelimiter(this.#rest, commaIsDecimal);
  }

  #addRow(cells: readonly string[]): void {
    this.#count++;
    this.#cells += cells.length;
    const trimmed = cells.map((cell) => cell.trim());
    this.#rows.push({
      number: this.#count,
      cells: this.#options.mergesDelimiters ? trimmed.filter((cell) => cell !== '') : trimmed,
    });
  }

  /** Without splitting: quotes are not looked at. */
  #countCells(text: string): void {
    const [separator, lineBreak] = [this.delimiter.charCodeAt(0), 10];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === separator || code === lineBreak) this.#cells++;
      if (code === lineBreak) this.#count++;
    }
  }

  #openQuote(row: number): ProblemError {
    return dataError(
      'data/quotes',
      `${this.#name}: ${l10n.t('row {0} has a quote that is not closed. Close it, or double it within a text.', row)}`,
      this.#attribute,
    );
  }
}
