/**
 * Delimited text split into rows of cells, piece by piece: cells are counted as they are read. If there are too many,
 * none is kept, but all are counted, so that the message can say how much memory the table needs.
 */

import * as l10n from '@vscode/l10n';
import Papa from 'papaparse';
import type { ProblemError } from '../schema/problem.ts';
import { bytesPerRow, Cells } from './cells.ts';
import { dataError } from './define.ts';
import { findDelimiter, sampleLength } from './dialect.ts';
import { refuseTooLarge } from './memory.ts';

/** Characters of a row; one that is longer lacks its end, or is no row. */
const longestRow = 2 ** 24;

export interface RowOptions {
  /** "" to detect it. */
  readonly delimiter: string;
  readonly commaIsDecimal: boolean;
  /** Neighbouring delimiters count as one. */
  readonly mergesDelimiters: boolean;
  readonly memoryLimit: number;
  /** Bytes that the dataset will take for each cell and each row as numbers. */
  readonly numbersPerCell: number;
  readonly numbersPerRow: number;
}

export class RowReader {
  readonly #name: string;
  readonly #attribute: string;
  readonly #options: RowOptions;
  #table = new Cells();
  /** Rows, cells and characters so far. */
  #count = 0;
  #cells = 0;
  #characters = 0;
  #isTooLarge = false;
  /** Number of the first row, counted from 1, blank rows and comments included. */
  firstNumber = 1;
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

  /**
   * `isCut`: the last row has no end and is left out. Throws ProblemError for a quote that is not closed, and for a table that needs
   * too much memory.
   */
  finish(isCut = false): Cells {
    if (this.#endsWithReturn) this.#take('\n');
    this.#split(!isCut);
    refuseTooLarge(this.#options.memoryLimit, this.#attribute, [
      { name: l10n.t('{0} as a table', this.#name), bytes: this.#textBytes },
      { name: l10n.t('{0} as numbers', this.#name), bytes: this.#numberBytes },
    ]);
    return this.#table;
  }

  get #textBytes(): number {
    return this.#isTooLarge ? this.#characters + bytesPerRow * this.#count : this.#table.bytes;
  }

  get #numberBytes(): number {
    const { numbersPerCell, numbersPerRow } = this.#options;
    return numbersPerCell * this.#cells + numbersPerRow * this.#count;
  }

  #take(text: string): void {
    this.#characters += text.length;
    if (this.#isTooLarge) this.#countCells(text);
    else this.#rest += text;
  }

  #split(isLast: boolean): void {
    if (this.#isTooLarge) return;
    if (this.delimiter === '') this.#begin();
    this.#addBlankRows();
    const { data, broken, meta } = this.#parse(isLast);
    if (broken) throw this.#openQuote(this.#count + (broken.row ?? 0) + this.firstNumber);
    this.#rest = this.#rest.slice(meta.cursor);
    for (const cells of data) this.#addRow(cells);
    if (this.#rest.length > longestRow) throw this.#noEnd(this.#count + this.firstNumber);
    if (this.#textBytes + this.#numberBytes <= this.#options.memoryLimit) return;
    this.#isTooLarge = true;
    this.#table = new Cells();
    this.#countCells(this.#rest);
    this.#rest = '';
  }

  /** A file of millions of blank lines would take the parser long. The text begins a row, so that these are not inside quotes. */
  #addBlankRows(): void {
    let blank = 0;
    for (; this.#rest[blank] === '\n'; blank++) this.#addRow(['']);
    this.#rest = this.#rest.slice(blank);
  }

  /** The rows of the text that was not split yet, and the first quote that is not closed. */
  #parse(isLast: boolean) {
    const parser = new Papa.Parser({ delimiter: this.delimiter, newline: '\n' });
    const { data, errors, meta } = parser.parse(this.#rest, 0, !isLast) as Papa.ParseResult<string[]>;
    return { data, broken: errors.find(({ type }) => type === 'Quotes'), meta };
  }

  /** Decides the delimiter by the text so far. */
  #begin(): void {
    const { delimiter, commaIsDecimal } = this.#options;
    // Spreadsheets write "sep=;" as a first line of its own.
    const [announced, separator] = /^sep=([,;|\t])\n/i.exec(this.#rest) ?? [''];
    this.#rest = this.#rest.slice(announced.length);
    if (announced !== '') this.firstNumber = 2;
    this.delimiter = delimiter || separator || findDelimiter(this.#rest, commaIsDecimal);
  }

  #addRow(cells: readonly string[]): void {
    this.#count++;
    this.#cells += cells.length;
    const trimmed = cells.map((cell) => cell.trim());
    this.#table.add(this.#options.mergesDelimiters ? trimmed.filter((cell) => cell !== '') : trimmed);
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

  #noEnd(row: number): ProblemError {
    if (this.#parse(true).broken) return this.#openQuote(row);
    return dataError(
      'data/format',
      `${this.#name}: ${l10n.t('row {0} has more than {1} characters. Check that this is a table.', row, longestRow)}`,
      this.#attribute,
      { row: { file: this.#name, number: row } },
    );
  }

  #openQuote(row: number): ProblemError {
    return dataError(
      'data/quotes',
      `${this.#name}: ${l10n.t('row {0} has a quote that is not closed. Close it, or double it inside a quoted cell.', row)}`,
      this.#attribute,
      { row: { file: this.#name, number: row } },
    );
  }
}
