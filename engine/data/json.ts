/** Data in JSON files. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { type DataContext, DataError } from './define.ts';
import { decode } from './table.ts';

export type JsonObject = { readonly [name: string]: Json };

/** Reads a file that holds one JSON object. Throws DataError. */
export async function readJson(context: DataContext, file: string, attribute: string): Promise<JsonObject> {
  const content = decode(await context.readFile(file, attribute), file, attribute);
  let value: Json;
  try {
    value = JSON.parse(content) as Json;
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
