/** A network's text, and its problems in the format of compilers, so that editors can jump to them. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Path } from '../schema/attributes.ts';
import type { Range } from '../spec/document.ts';
import { maximumTextLength } from '../spec/longest.ts';
import { parse } from '../spec/parse.ts';
import type { Source } from '../spec/source.ts';
import { complain } from './terminal.ts';

export class NetworkText {
  #source: Source | undefined;
  #lineStarts: readonly number[] | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  /** Throws the system's error. Reads no more of a file than the longest network, because it may be a device without an end. */
  static read(file: string): NetworkText {
    const opened = openSync(file, 'r');
    try {
      // Letters have up to three bytes; one byte more shows the analysis that the text is too long.
      const bytes = Buffer.alloc(3 * maximumTextLength + 1);
      let length = 0;
      for (let count = 1; count > 0; length += count) count = readSync(opened, bytes, { offset: length });
      return new NetworkText(file, bytes.toString('utf8', 0, length));
    } finally {
      closeSync(opened);
    }
  }

  /** `file:line:column: error: message` */
  complain(severity: string, message: string, range: Range): void {
    const { line, column } = this.placeOf(range);
    complain(`${this.file}:${line}:${column}: ${severity}: ${message}`);
  }

  /** Where a range starts, counted from 1. */
  placeOf(range: Range): { readonly line: number; readonly column: number } {
    const starts = this.#starts();
    let line = 0;
    for (let step = 2 ** 31; step >= 1; step /= 2)
      if (line + step < starts.length && starts[line + step] <= range.start) line += step;
    return { line: line + 1, column: range.start - starts[line] + 1 };
  }

  /** The same for a path in the network. */
  complainAt(severity: string, message: string, path: Path): void {
    this.#source ??= parse(this.text).source;
    this.complain(severity, message, this.#source.range(path, 'value'));
  }

  /** The offset of each line. */
  #starts(): readonly number[] {
    this.#lineStarts ??= [
      0,
      ...[...this.text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length),
    ];
    return this.#lineStarts;
  }
}
