/** The rows of a table within its file: which lines are rows, and which of their cells belong to it. */
import type { Cells } from './cells.ts';
import type { DecimalMark } from './numerals.ts';

/** Rows of cells, of which the first may be written otherwise than in the file. */
export class TableBody {
  constructor(
    readonly cells: Cells,
    /** Rows of `cells`. */
    readonly rows: Uint32Array,
    /** Cells that are left out at the end of each row. */
    readonly dropped = 0,
    /** The cells of the first row, where they are not those of the file. */
    readonly first?: readonly string[],
  ) {}

  get length(): number {
    return this.rows.length;
  }

  /** Place of a row in the file, counted from 0. */
  place(row: number): number {
    return this.rows[row];
  }

  /** Cells of a row; an empty row has an empty cell. */
  width(row: number): number {
    if (row === 0 && this.first) return this.first.length;
    return Math.max(1, this.cells.width(this.rows[row]) - this.dropped);
  }

  text(row: number, column: number): string {
    return row === 0 && this.first ? this.first[column] : this.cells.text(this.rows[row], column);
  }

  /** The texts of one row. */
  row(row: number): string[] {
    return Array.from({ length: this.width(row) }, (_, column) => this.text(row, column));
  }

  /** Bytes of a cell, at least as many as it has characters. */
  size(row: number, column: number): number {
    return row === 0 && this.first ? 3 * this.first[column].length : this.cells.size(this.rows[row], column);
  }

  /** A number in plain digits; undefined for every other cell, which may be a number, too. */
  plainNumber(row: number, column: number, mark: DecimalMark): number | undefined {
    return row === 0 && this.first ? undefined : this.cells.plainNumber(this.rows[row], column, mark);
  }

  every(holds: (row: number) => boolean): boolean {
    for (let row = 0; row < this.length; row++) if (!holds(row)) return false;
    return true;
  }

  /** Without the first row. */
  rest(): TableBody {
    return new TableBody(this.cells, this.rows.subarray(1), this.dropped);
  }
}

/**
 * Without lines that are not rows: comments, blank lines at both ends, and blank lines between rows of several cells. In a table of
 * one column a blank line between others is a row whose value is missing. Empty cells that delimiters at the end of each line make
 * are dropped, and names above all columns but the first get an empty one before them.
 */
export function rectangular(cells: Cells): TableBody {
  let body = new TableBody(
    cells,
    Uint32Array.from({ length: cells.length }, (_, row) => row),
  );
  for (;;) {
    body = withoutOthers(body);
    if (body.length < 2) return body;
    const { rows, dropped } = body;
    const [head, width] = [body.width(0), body.width(1)];
    const endsEmpty = (row: number) => body.width(row) > 1 && body.text(row, body.width(row) - 1) === '';
    const inRest = (holds: (row: number) => boolean) => body.every((row) => row === 0 || holds(row));
    if (!inRest((row) => body.width(row) === width)) return body;
    if (head === width && body.every(endsEmpty)) {
      body = new TableBody(cells, rows, dropped + 1);
      continue;
    }
    const names = body.row(0);
    if (head === width - 1)
      return inRest(endsEmpty)
        ? new TableBody(cells, rows, dropped + 1, names)
        : new TableBody(cells, rows, dropped, ['', ...names]);
    if (head === width + 1 && endsEmpty(0)) return new TableBody(cells, rows, dropped, names.slice(0, -1));
    return body;
  }
}

function withoutOthers(body: TableBody): TableBody {
  const usual = mostFrequentWidth(body);
  const isRow = (row: number) =>
    !(isBlank(body, row) && usual > 1) &&
    !(body.text(row, 0).startsWith('#') && (body.width(row) !== usual || usual === 1));
  const rows = body.rows.filter((_, row) => isRow(row));
  const kept = new TableBody(body.cells, rows, body.dropped);
  let begin = 0;
  let end = rows.length;
  while (begin < end && isEmpty(kept, begin)) begin++;
  while (end > begin && isEmpty(kept, end - 1)) end--;
  return new TableBody(body.cells, rows.subarray(begin, end), body.dropped);
}

const isBlank = (body: TableBody, row: number): boolean => body.width(row) === 1 && body.size(row, 0) === 0;

function isEmpty(body: TableBody, row: number): boolean {
  for (let column = 0; column < body.width(row); column++) if (body.size(row, column) > 0) return false;
  return true;
}

function mostFrequentWidth(body: TableBody): number {
  const widths = new Map<number, number>();
  for (let row = 0; row < body.length; row++) {
    const width = body.width(row);
    if (!isBlank(body, row)) widths.set(width, (widths.get(width) ?? 0) + 1);
  }
  let usual = 1;
  for (const [width, count] of widths) if (count > (widths.get(usual) ?? 0)) usual = width;
  return usual;
}
