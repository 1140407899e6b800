/**
 * Safetensors: named tensors in one file, readable by PyTorch and others.
 * Format: https://github.com/huggingface/safetensors#format — u64 header length, JSON header, raw little-endian data.
 */
import * as l10n from '@vscode/l10n';
import type { FloatArray } from '../kernels/tensor.ts';

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

/** A file that is not what it says; `message` names what was expected and found. */
export class SafetensorsError extends Error {}

/** The format's own limit, in bytes. */
const headerLimit = 100_000_000;

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

/** Throws SafetensorsError on anything but a whole, well-formed file. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < 8)
    throw new SafetensorsError(l10n.t('expected a weights file, found only {0} bytes', bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > headerLimit || 8 + length > bytes.length)
    throw new SafetensorsError(
      l10n.t(
        'expected a header within the file, found a header length of {0}; the file is cut off or no weights file',
        length,
      ),
    );
  const header = readHeader(bytes.subarray(8, 8 + length));
  const start = 8 + length;
  const tensors = new Map<string, { shape: readonly number[]; data: FloatArray }>();
  const metadata = new Map<string, string>();
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(entry as object)) metadata.set(key, String(value));
      continue;
    }
    const { dtype, shape, from, to } = readEntry(name, entry);
    const size = dtype === 'F64' ? 8 : 4;
    const count = shape.reduce((product, extent) => product * extent, 1);
    if (to - from !== count * size || start + to > bytes.length)
      throw new SafetensorsError(
        l10n.t(
          '{0}: expected {1} bytes for shape {2}, found {3}; the file is cut off or damaged',
          name,
          count * size,
          shape.join('×'),
          Math.min(to, bytes.length - start) - from,
        ),
      );
    // Copied, because a view of a Node buffer would bring its whole pool along.
    const copy = new Uint8Array(bytes.subarray(start + from, start + to)).buffer;
    tensors.set(name, { shape, data: size === 8 ? new Float64Array(copy) : new Float32Array(copy) });
    end = Math.max(end, to);
  }
  if (start + end !== bytes.length)
    throw new SafetensorsError(
      l10n.t('expected the file to end after {0} bytes, found {1}', start + end, bytes.length),
    );
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { [name: string]: unknown } {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header };
  } catch {
    // Falls through to the same message: either way the header is not JSON.
  }
  throw new SafetensorsError(l10n.t('expected a JSON header, found something else; this is no weights file'));
}

function readEntry(
  name: string,
  entry: unknown,
): { dtype: string; shape: readonly number[]; from: number; to: number } {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const whole = (values: unknown): values is number[] =>
    Array.isArray(values) && values.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (
    (dtype === 'F32' || dtype === 'F64') &&
    whole(shape) &&
    whole(offsets) &&
    offsets.length === 2 &&
    offsets[0] <= offsets[1]
  )
    return { dtype, shape, from: offsets[0], to: offsets[1] };
  throw new SafetensorsError(
    l10n.t(
      '{0}: expected a float32 or float64 tensor with shape and offsets, found {1}',
      name,
      JSON.stringify(entry),
    ),
  );
}
