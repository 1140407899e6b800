/** A weights file may come from a stranger: it is read completely and exactly, or refused with a short message. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../engine/export/safetensors.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { patience, runs, seed } from '../hostile/effort.ts';

/** A file with this header, as text or as JSON, and with this many bytes of data. */
function file(header: unknown, bytes = 0, length?: number): Uint8Array {
  const text =
    header instanceof Uint8Array
      ? header
      : Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length ?? text.length));
  return Buffer.concat([size, text, Buffer.alloc(bytes)]);
}

const tensor = (shape: readonly unknown[], from: unknown, to: unknown, dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

const refusal = (bytes: Uint8Array): string => {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  return 'read';
};

describe('a weights file is refused with a short message', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`t${i}`, tensor([25], 0, 100)]));
  test.each<[string, Uint8Array, RegExp]>([
    [
      'whose tensors share bytes',
      file({ a: tensor([2], 0, 8), b: tensor([2], 0, 8) }, 8),
      /begin at byte 8, found 0/,
    ],
    [
      'whose tensors overlap',
      file({ a: tensor([2], 0, 8), b: tensor([2], 4, 12) }, 12),
      /begin at byte 8, found 4/,
    ],
    ['that would be three hundred times itself', file(many, 100), /begin at byte/],
    ['with a gap', file({ a: tensor([1], 0, 4), b: tensor([1], 8, 12) }, 12), /begin at byte 4, found 8/],
    ['that begins with a gap', file({ a: tensor([1], 4, 8) }, 8), /begin at byte 0, found 4/],
    ['with bytes at its end', file({ a: tensor([1], 0, 4) }, 5), /end after/],
    ['that is cut off', file({ a: tensor([2], 0, 8) }, 7), /found 7/],
    ['whose shape does not fit', file({ a: tensor([3], 0, 8) }, 8), /expected 12 bytes/],
    [
      'whose sizes multiply to more than counts',
      file({ a: tensor([2 ** 53 - 1, 2 ** 53 - 1, 0.5], 0, 8) }, 8),
      /expected/,
    ],
    [
      'whose sizes wrap around',
      file({ a: tensor([4194305, 4194305, 211106198978564], 0, 16) }, 16),
      /expected/,
    ],
    ['with a negative size', file({ a: tensor([-1], 0, 4) }, 4), /expected/],
    ['with offsets the wrong way round', file({ a: tensor([1], 4, 0) }, 4), /expected/],
    ['with three offsets', file({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 4] } }, 4), /expected/],
    ['of another kind of number', file({ a: tensor([2], 0, 4, 'F16') }, 4), /float32 or float64/],
    [
      'of a kind that every object has',
      file({ a: tensor([1], 0, 4, 'constructor') }, 4),
      /float32 or float64/,
    ],
    [
      'of a kind that is a long text',
      file({ a: tensor([1], 0, 4, 'x'.repeat(1e6)) }, 4),
      /float32 or float64/,
    ],
    ['of very many axes', file({ a: tensor(Array(100_000).fill(1), 0, 4) }, 4), /at most 32 axes/],
    ['with a name of a megabyte', file({ ['x'.repeat(1e6)]: 1 }), /float32 or float64/],
    ['nested deeply', file(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), /./],
    ['of very many lists', file(`{"a":[${'[],'.repeat(3_000_000)}0]}`), /at most 4194304 entries/],
    ['that is a list', file('[]'), /JSON header/],
    ['that is nothing', file('null'), /JSON header/],
    ['that is no UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), /JSON header/],
    ['whose header is longer than it', file('{}', 0, 2 ** 40), /header within the file/],
    ['of seven bytes', new Uint8Array(7), /found only 7 bytes/],
    ...[null, 'text', [1], { a: 1 }, { a: { toString: 1 } }].map((metadata): [string, Uint8Array, RegExp] => [
      `whose metadata is ${JSON.stringify(metadata)}`,
      file({ __metadata__: metadata }),
      /__metadata__/,
    ]),
  ])('%s', (_title, bytes, words) => {
    const message = refusal(bytes);
    expect(message).toMatch(words);
    expect(message).not.toBe('read');
    expect(message.length).toBeLessThan(500);
  });
});

test('a tensor may have a name that JavaScript reserves', () => {
  const text = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect([...decodeSafetensors(file(text, 4)).tensors.keys()]).toEqual(['__proto__']);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

const sound = encodeSafetensors(
  [
    { name: 'a.kernel', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'a.bias', shape: [3], data: Float64Array.of(7, 8, 9) },
    { name: 'b.scale', shape: [], data: Float32Array.of(10) },
  ],
  { trainedOn: '{"seed":1}' },
);

test('a file that Netloom wrote is read as it was written', () => {
  const { tensors, metadata } = decodeSafetensors(sound);
  expect([...tensors].map(([name, { shape, data }]) => [name, shape, [...data]])).toEqual([
    ['a.kernel', [2, 3], [1, 2, 3, 4, 5, 6]],
    ['a.bias', [3], [7, 8, 9]],
    ['b.scale', [], [10]],
  ]);
  expect([...metadata]).toEqual([['trainedOn', '{"seed":1}']]);
});

test('a file cut off anywhere is refused', () => {
  for (let length = 0; length < sound.length; length++)
    expect(refusal(sound.subarray(0, length))).not.toBe('read');
});

test('changed bytes are read within the file, or refused', { timeout: patience }, () => {
  const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(changes, (changed) => {
      const bytes = sound.slice();
      for (const [at, byte] of changed) bytes[at] = byte;
      const message = refusal(bytes);
      expect(message.length).toBeLessThan(500);
      if (message !== 'read') return;
      const sizes = [...decodeSafetensors(bytes).tensors.values()].map(({ data }) => data.byteLength);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(sound.length);
    }),
    { numRuns: runs(2000), seed },
  );
});
