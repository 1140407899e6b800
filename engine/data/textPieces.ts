/** Text of files: UTF-8, or UTF-16 where a byte order mark says so; piece by piece. */

import * as l10n from '@vscode/l10n';
import type { ProblemError } from '../schema/problem.ts';
import { dataError } from './define.ts';

type Decoder = InstanceType<typeof TextDecoder>;

/** The first bytes of a workbook and any other ZIP archive. */
const archiveMark = [0x50, 0x4b, 3, 4];

function decoderFor(bytes: Uint8Array, name: string, attribute: string): Decoder {
  if (archiveMark.every((byte, index) => bytes[index] === byte))
    throw dataError(
      'data/encoding',
      l10n.t('{0} is a workbook or another ZIP archive, not a text. Export it as CSV or JSON.', name),
      attribute,
    );
  const mark = bytes[0] * 256 + bytes[1];
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

const notText = (name: string, attribute: string): ProblemError =>
  dataError('data/encoding', l10n.t('{0} is not text in UTF-8. Save it as UTF-8.', name), attribute);

/** UTF-16 without a byte order mark is valid UTF-8 with a NUL in every other place. */
function withoutNul(text: string, name: string, attribute: string): string {
  if (text.includes('\0')) throw notText(name, attribute);
  return text;
}

/** Decodes pieces of a file in order; a character may be spread over two of them. Throws ProblemError. */
export class TextReader {
  readonly #name: string;
  readonly #attribute: string;
  #decoder: Decoder | undefined;

  /** `name` is the file's, for messages. */
  constructor(name: string, attribute: string) {
    this.#name = name;
    this.#attribute = attribute;
  }

  /** The text of the next piece. */
  read(bytes: Uint8Array): string {
    this.#decoder ??= decoderFor(bytes, this.#name, this.#attribute);
    return this.#decode(bytes);
  }

  /** After the last piece. */
  end(): void {
    this.#decode();
  }

  #decode(bytes?: Uint8Array): string {
    let text: string;
    try {
      text = this.#decoder?.decode(bytes, { stream: bytes !== undefined }) ?? '';
    } catch {
      throw notText(this.#name, this.#attribute);
    }
    return withoutNul(text, this.#name, this.#attribute);
  }
}

/** Bytes that are decoded at once. */
const pieceBytes = 2 ** 20;

/** The text of bytes in memory, piece by piece, so that it is never a single string. Throws ProblemError. */
export function* textOf(bytes: Uint8Array, name: string, attribute: string): Generator<string, void> {
  const reader = new TextReader(name, attribute);
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield reader.read(bytes.subarray(at, at + pieceBytes));
  reader.end();
}

/** All of it as one string. Throws ProblemError. */
export function decode(bytes: Uint8Array, name: string, attribute: string): string {
  // The longest possible string.
  if (bytes.length > 2 ** 29 - 24)
    throw dataError(
      'data/too-large',
      l10n.t('{0} holds more than {1} MiB of text, the most that is read. Split it.', name, 2 ** 9),
      attribute,
    );
  const decoder = decoderFor(bytes, name, attribute);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw notText(name, attribute);
  }
  return withoutNul(text, name, attribute);
}
