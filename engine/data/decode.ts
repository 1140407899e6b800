/** Bytes of a file → text. */
import * as l10n from '@vscode/l10n';
import { DataError } from './define.ts';

/** Text of a file: UTF-8, or UTF-16 where a byte order mark says so. */
export function decode(bytes: Uint8Array, name: string, attribute: string): string {
  // The longest string there is.
  if (bytes.length > 2 ** 29 - 24)
    throw new DataError(
      'data/too-large',
      l10n.t('{0} holds more than {1} MiB of text, the most that is read. Split it.', name, 2 ** 9),
      attribute,
    );
  const isWorkbook = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  if (isWorkbook)
    throw new DataError(
      'data/encoding',
      l10n.t('{0} is a workbook or another ZIP archive, not a text. Export it as CSV or JSON.', name),
      attribute,
    );
  const mark = bytes[0] * 256 + bytes[1];
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8(name, attribute);
  }
  // UTF-16 without its mark is valid UTF-8 with a NUL in every other place.
  if (text.includes('\0')) throw notUtf8(name, attribute);
  return text;
}

const notUtf8 = (name: string, attribute: string): DataError =>
  new DataError('data/encoding', l10n.t('{0} is not text in UTF-8. Save it as UTF-8.', name), attribute);
