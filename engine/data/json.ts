/** Data in JSON files. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { type DataContext, DataError } from './define.ts';
import { refuseTooLarge } from './memory.ts';
import { decode } from './textPieces.ts';

export type JsonObject = { readonly [name: string]: Json };

/** Bytes of a value in a list, and of a list, object or text, once parsed; measured on lists of numbers. */
const valueBytes = 24;
const listBytes = 64;
const [comma, bracket, brace, quote] = [...',[{"'].map((character) => character.charCodeAt(0));

function parsedBytes(content: Uint8Array): number {
  let bytes = 0;
  for (const byte of content)
    if (byte === comma) bytes += valueBytes;
    else if (byte === bracket || byte === brace || byte === quote) bytes += listBytes;
  return bytes;
}

/** Reads a file that holds one JSON object. Throws DataError. */
export async function readJson(context: DataContext, file: string, attribute: string): Promise<JsonObject> {
  const bytes = await context.readFile(file, attribute);
  refuseTooLarge(context.memoryLimit, attribute, [
    { name: file, bytes: 2 * bytes.length },
    { name: l10n.t('{0} as lists of numbers', file), bytes: parsedBytes(bytes) },
  ]);
  let value: Json;
  try {
    value = JSON.parse(decode(bytes, file, attribute)) as Json;
  } catch (error) {
    throw new DataError(
      'data/json',
      l10n.t('{0} is not JSON ({1}). Check that this is the right file.', file, (error as Error).message),
      attribute,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DataError(
      'data/json',
      l10n.t('{0} holds no JSON object. Check that this is the right file.', file),
      attribute,
    );
  return value;
}
