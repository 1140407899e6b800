/**
 * The cells of a table as bytes: a table of hundreds of megabytes takes little more memory than its file, and none of the
 * JavaScript heap, where each cell would be an object of its own.
 */
import type { DecimalMark } from './numerals.ts';

/** A list of numbers that grows without being copied. */
class GrowingList {
  static readonly #chunk = 2 ** 13;
  readonly #chunks: (Float64Array | Uint32Array)[] = [];
  length = 0;

  constructor(readonly type: typeof Float64Array | typeof Uint32Array) {}

  push(value: number): void {
    if (this.length % GrowingList.#chunk === 0) this.#chunks.push(new this.type(GrowingList.#chunk));
    this.#chunks[this.#chunks.length - 1][this.length++ % GrowingList.#chunk] = value;
  }

  at(index: number): number {
    return this.#chunks[Math.floor(index / GrowingList.#chunk)][index % GrowingList.#chunk];
  }
}

/** Bytes of the first chunk and of the largest. A row is in one chunk; a longer row gets its own chunk. */
const [firstChunk, largestChunk] = [2 ** 16, 2 ** 22];
/** Bytes of a row in addition to its cells: its position, its width, and its number in up to three lists (tableBody.ts). */
export const bytesPerRow = 24;
/** The most UTF-8 bytes of a UTF-16 unit. */
const mostBytesPerUnit = 3;
const [plus, minus, pointSign, commaSign, zero, nine] = [...'+-.,09'].map((sign) => sign.charCodeAt(0));
/** A whole number of this many digits is exact in float64. */
const exactDigits = 15;
/** A text this short is assembled faster than decoded. */
const shortText = 32;

const powersOfTen = Float64Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power);

export class Cells {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = 0;
  /** Bytes of all cells. */
  #total = 0;
  /** Where each row begins: the number of its chunk times 2³², and the offset in it. */
  readonly #places = new GrowingList(Float64Array);
  readonly #widths = new GrowingList(Uint32Array);
  /** The cell that was found last; the next one is usually the one after it. */
  #row = -1;
  #column = 0;
  #start = 0;
  #end = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  /** Rows. */
  get length(): number {
    return this.#widths.length;
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#total + bytesPerRow * this.length;
  }

  /** Cells of a row. */
  width(row: number): number {
    return this.#widths.at(row);
  }

  /** No cell may hold a NUL. */
  add(cells: readonly string[]): void {
    const room = cells.reduce((sum, cell) => sum + mostBytesPerUnit * cell.length + 1, 0);
    let chunk = this.#chunks.at(-1);
    if (!chunk || this.#used + room > chunk.length) {
      chunk = new Uint8Array(Math.max(Math.min(firstChunk + this.#total, largestChunk), room));
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    this.#places.push((this.#chunks.length - 1) * 2 ** 32 + this.#used);
    this.#widths.push(cells.length);
    let at = this.#used;
    for (const cell of cells) {
      const end = at + cell.length;
      let index = 0;
      for (; at < end; at++) {
        const code = cell.charCodeAt(index++);
        if (code > 0x7f) break;
        chunk[at] = code;
      }
      if (at < end) {
        at = end - cell.length;
        at += this.#encoder.encodeInto(cell, chunk.subarray(at)).written;
      }
      chunk[at++] = 0;
    }
    this.#total += at - this.#used;
    this.#used = at;
  }

  /** The cell as it was written; "" beyond the last. */
  text(row: number, column: number): string {
    if (!this.#find(row, column)) return '';
    const bytes = this.#bytes;
    if (this.#end - this.#start > shortText)
      return this.#decoder.decode(bytes.subarray(this.#start, this.#end));
    let text = '';
    for (let at = this.#start; at < this.#end; at++) {
      if (bytes[at] > 0x7f) return this.#decoder.decode(bytes.subarray(this.#start, this.#end));
      text += String.fromCharCode(bytes[at]);
    }
    return text;
  }

  /** Bytes of a cell, at least as many as it has characters. */
  size(row: number, column: number): number {
    return this.#find(row, column) ? this.#end - this.#start : 0;
  }

  /** A number of up to 15 digits without an exponent; undefined for every other cell, which may also be a number. */
  plainNumber(row: number, column: number, mark: DecimalMark): number | undefined {
    if (!this.#find(row, column)) return undefined;
    const bytes = this.#bytes;
    const sign = mark === 'point' ? pointSign : commaSign;
    let at = this.#start;
    const isNegative = bytes[at] === minus;
    if (isNegative || bytes[at] === plus) at++;
    if (this.#end - at > exactDigits + 1) return undefined;
    let digits = 0;
    let decimals = -1;
    let value = 0;
    for (; at < this.#end; at++) {
      const code = bytes[at];
      if (code >= zero && code <= nine) {
        value = 10 * value + (code - zero);
        digits++;
        if (decimals >= 0) decimals++;
      } else if (code === sign && decimals < 0) decimals = 0;
      else return undefined;
    }
    if (digits === 0 || digits > exactDigits) return undefined;
    // Both are exact, so the quotient is the float64 that is nearest to what is written.
    if (decimals > 0) value /= powersOfTen[decimals];
    return isNegative ? -value : value;
  }

  /** Sets the position of a cell; false beyond the last of its row. */
  #find(row: number, column: number): boolean {
    if (column >= this.#widths.at(row)) return false;
    if (row !== this.#row || column < this.#column) {
      const place = this.#places.at(row);
      this.#bytes = this.#chunks[Math.floor(place / 2 ** 32)];
      this.#start = place % 2 ** 32;
      this.#end = this.#endFrom(this.#start);
      this.#row = row;
      this.#column = 0;
    }
    for (; this.#column < column; this.#column++) {
      this.#start = this.#end + 1;
      this.#end = this.#endFrom(this.#start);
    }
    return true;
  }

  #endFrom(start: number): number {
    let at = start;
    while (this.#bytes[at] !== 0) at++;
    return at;
  }
}
