/** Data in JSON files. */
import * as l10n from '@vscode/l10n';
import { getLocation, type JSONPath, visit } from 'jsonc-parser';
import type { Json } from '../schema/attributes.ts';
import { type DataContext, dataError } from './define.ts';
import { type MemoryPart, refuseTooLarge } from './memory.ts';
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

export interface ReadJson {
  readonly content: JsonObject;
  /** What the content takes: whoever makes arrays of it counts both, because they are in memory at the same time. */
  readonly lists: MemoryPart;
}

/** Reads a file that holds one JSON object. Throws ProblemError. */
export async function readJson(context: DataContext, file: string, attribute: string): Promise<ReadJson> {
  const bytes = await context.readFile(file, attribute);
  const lists = { name: l10n.t('{0} as lists of numbers', file), bytes: parsedBytes(bytes) };
  refuseTooLarge(context.memoryLimit, attribute, [{ name: file, bytes: 2 * bytes.length }, lists]);
  const content = decode(bytes, file, attribute);
  let value: Json;
  try {
    value = JSON.parse(content) as Json;
  } catch (error) {
    throw dataError('data/json', explainSyntax(content, file, error as Error), attribute);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw dataError(
      'data/json',
      l10n.t('{0}: expected a JSON object, which begins with "{". Check that this is the right file.', file),
      attribute,
    );
  return { content: value, lists };
}

/** What other programs write for a number that is missing or not finite, and JSON does not allow. */
const notNumbers = /^(?:-?(?:NaN|Infinity|inf)|None|NA|undefined)$/i;

/** The place where a text stops being JSON, and its character. */
function explainSyntax(content: string, file: string, error: Error): string {
  if (content.trim() === '') return l10n.t('{0} is empty. Check that this is the right file.', file);
  const place = firstError(content);
  if (!place) return l10n.t('{0} is not JSON ({1}). Check that this is the right file.', file, error.message);
  const { offset, line, column } = place;
  const [found = ''] = /^[^\s,:[\]{}]{1,40}|^./.exec(content.slice(offset, offset + 40)) ?? [];
  if (notNumbers.test(found)) {
    const value = showPath(getLocation(content, offset).path);
    return l10n.t(
      '{0}: line {1}, column {2}: {3} is {4}; expected a finite number. Replace it, or leave out the sample.',
      file,
      line,
      column,
      value,
      found,
    );
  }
  return found === ''
    ? l10n.t(
        '{0} is not JSON: it ends at line {1}, column {2}, before all brackets are closed. It may be cut off.',
        file,
        line,
        column,
      )
    : found.startsWith("'")
      ? l10n.t(
          '{0} is not JSON: line {1}, column {2}: found a single quote. JSON needs double quotes around names and strings.',
          file,
          line,
          column,
        )
      : l10n.t(
          '{0} is not JSON: line {1}, column {2}: found an unexpected "{3}". Check that this is the right file.',
          file,
          line,
          column,
          found,
        );
}

interface Place {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The first syntax error; undefined if the recursive parser gives up on deep nesting. */
function firstError(content: string): Place | undefined {
  let first: Place | undefined;
  try {
    visit(
      content,
      {
        onError: (_error, offset, _length, startLine, startCharacter) => {
          first ??= { offset, line: startLine + 1, column: startCharacter + 1 };
        },
      },
      { disallowComments: true },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return first;
}

/** "train.x[3][0]". */
const showPath = (path: JSONPath): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step))
    .join('');
