/**
 * Safetensors: named tensors in one file, readable by PyTorch and others.
 * Format: https://github.com/huggingface/safetensors#format — u64 header length, JSON header, raw little-endian data.
 */

import * as l10n from '@vscode/l10n';
import type { FloatArray } from '../kernels/tensor.ts';
import { cut, longestQuote } from '../schema/plainText.ts';
import { ProblemError } from '../schema/problem.ts';
import { counted } from '../schema/text.ts';

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

/** The format's own limit, in bytes. */
const headerLimit = 100_000_000;
/** Lists, objects and commas of a header: parsing takes time and memory for each of them. */
const mostSigns = 2 ** 22;

export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: { readonly [key: string]: string },
): Uint8Array {
  const header: { [name: string]: unknown } = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = {
      dtype: data instanceof Float64Array ? 'F64' : 'F32',
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, as the format asks, so that the data begins aligned.
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(text, 8);
  let at = 8 + padded;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: FloatArray }>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Throws ProblemError for anything but a complete, well-formed file: tensors one after another, without overlap or gap. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < 8)
    throw new ProblemError(
      'weights/damaged',
      l10n.t('expected a weights file, found only {0}', counted(bytes.length, 'bytes')),
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > headerLimit || 8 + length > bytes.length)
    throw new ProblemError(
      'weights/damaged',
      l10n.t(
        'expected a header within the file, found a header length of {0}; the file is cut off or not a weights file',
        length,
      ),
    );
  const { __metadata__: metadata = {}, ...entries } = readHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, { shape: readonly number[]; data: FloatArray }>();
  let end = 0;
  for (const entry of Object.entries(entries).map(readEntry).sort(byPlace)) {
    checkPlace(entry, end, data.length);
    // Copied, because a view of a Node buffer would bring its whole pool along.
    const copy = new Uint8Array(data.subarray(entry.from, entry.to)).buffer;
    tensors.set(entry.name, { shape: entry.shape, data: new entry.array(copy) });
    end = entry.to;
  }
  if (end !== data.length)
    throw new ProblemError(
      'weights/damaged',
      l10n.t('expected the file to end after {0} bytes, found {1}', 8 + length + end, bytes.length),
    );
  return { tensors, metadata: readMetadata(metadata) };
}

type JsonObject = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readHeader(bytes: Uint8Array): JsonObject {
  const signs = bytes.reduce((count, byte) => (isSign(byte) ? count + 1 : count), 0);
  if (signs > mostSigns)
    throw new ProblemError(
      'weights/damaged',
      l10n.t(
        'expected a header of at most {0} entries, found {1}; this is not a weights file',
        mostSigns,
        signs,
      ),
    );
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(header)) return header;
  } catch {
    // Falls through to the same message: either way the header is not JSON.
  }
  throw new ProblemError(
    'weights/damaged',
    l10n.t('expected a JSON header, found something else; this is not a weights file'),
  );
}

/** `,` `[` `{` */
const isSign = (byte: number): boolean => byte === 0x2c || byte === 0x5b || byte === 0x7b;

function readMetadata(metadata: unknown): ReadonlyMap<string, string> {
  const entries = isObject(metadata) ? Object.entries(metadata) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return new Map(entries);
  throw new ProblemError(
    'weights/damaged',
    l10n.t('__metadata__: expected an object of texts, found something else; the file is damaged'),
  );
}

interface Entry {
  readonly name: string;
  readonly array: Float32ArrayConstructor | Float64ArrayConstructor;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly from: number;
  readonly to: number;
}

const arrays: { readonly [dtype: string]: Entry['array'] } = { F32: Float32Array, F64: Float64Array };

const mostAxes = 32;

function readEntry([name, entry]: readonly [string, unknown]): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const whole = (values: unknown): values is number[] =>
    Array.isArray(values) &&
    values.length <= mostAxes &&
    values.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (typeof dtype === 'string' && Object.hasOwn(arrays, dtype) && whole(shape) && whole(offsets)) {
    const [from, to] = offsets;
    if (offsets.length === 2 && from <= to) return { name, array: arrays[dtype], shape, from, to };
  }
  throw new ProblemError(
    'weights/damaged',
    l10n.t(
      '{0}: expected a float32 or float64 tensor of at most {1} axes with its shape and two offsets, found something else; the file is damaged or comes from another program',
      cut(name, longestQuote),
      mostAxes,
    ),
  );
}

const byPlace = (a: Entry, b: Entry): number => a.from - b.from || a.to - b.to;

/** A tensor that begins before the last one ends would let a small file fill any memory. */
function checkPlace({ name, array, shape, from, to }: Entry, start: number, length: number): void {
  const size = array.BYTES_PER_ELEMENT * shape.reduce((product, extent) => product * extent, 1);
  if (from !== start)
    throw new ProblemError(
      'weights/damaged',
      l10n.t(
        '{0}: expected to begin at byte {1}, found {2}; the file is damaged',
        cut(name, longestQuote),
        start,
        from,
      ),
    );
  if (to - from !== size || to > length)
    throw new ProblemError(
      'weights/damaged',
      l10n.t(
        '{0}: expected {1} bytes for shape {2}, found {3}; the file is cut off or damaged',
        cut(name, longestQuote),
        size,
        shape.join('×'),
        Math.min(to, length) - from,
      ),
    );
}
