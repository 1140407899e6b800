/** Attributes that several layer types share. */
import * as l10n from '@vscode/l10n';
import { type Attribute, fail, type Json, type Reading } from '../schema/attributes.ts';
import { bare } from '../schema/onCard.ts';
import type { AttributeChange } from './define.ts';

export type Pair = readonly [before: number, after: number];
export type Padding1d = 'valid' | 'same' | 'causal' | Pair;
export type Padding2d = 'valid' | 'same' | readonly [vertical: Pair, horizontal: Pair];

const count = { type: 'integer', minimum: 0 } as const;
const pairSchema = { type: 'array', items: count, minItems: 2, maxItems: 2 } as const;
const pairsSchema = { type: 'array', items: pairSchema, minItems: 2, maxItems: 2 } as const;

const isCount = (value: Json): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31;

const isPair = (value: Json): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(isCount);

const isPairs = (value: Json): value is [[number, number], [number, number]] =>
  Array.isArray(value) && value.length === 2 && value.every(isPair);

function paddingOf<P>(
  words: readonly string[],
  doc: string,
  explicit: { readonly schema: object; readonly expected: string; read(value: Json): P | undefined },
): Attribute<P> {
  return {
    doc,
    default: 'valid' as P,
    onCard: bare,
    control: { kind: 'choice', options: words },
    schema: { description: doc, default: 'valid', anyOf: [{ enum: words }, count, explicit.schema] },
    read(value): Reading<P> {
      if (typeof value === 'string' && words.includes(value)) return { value: value as P };
      const read = explicit.read(value);
      if (read !== undefined) return { value: read };
      const quoted = words.map((word) => `"${word}"`).join(', ');
      return fail(
        l10n.t('{0}, an integer from 0 to 2147483647 for every side, or {1}', quoted, explicit.expected),
        value,
      );
    },
  };
}

/** For the documentation: `subject` is what the padding adds, `same` what the word "same" does. */
export const padding2dOf = (
  subject: string,
  same = 'pads so that stride 1 keeps the size; an odd cell goes to the bottom right',
): Attribute<Padding2d> =>
  paddingOf<Padding2d>(
    ['valid', 'same'],
    `${subject} "valid": none. "same": ${same}. Or a number for every side, or [[top, bottom], [left, right]].`,
    {
      schema: pairsSchema,
      expected: '[[top, bottom], [left, right]]',
      read: (value) =>
        isCount(value)
          ? [
              [value, value],
              [value, value],
            ]
          : isPairs(value)
            ? value
            : undefined,
    },
  );

export const padding1dOf = (subject: string): Attribute<Padding1d> =>
  paddingOf<Padding1d>(
    ['valid', 'same', 'causal'],
    `${subject} "valid": none. "same": pads so that stride 1 keeps the length; an odd step goes to the end. "causal": only before, so that no output sees a later step. Or a number for both ends, or [before, after].`,
    {
      schema: pairSchema,
      expected: '[before, after]',
      read: (value) => (isCount(value) ? [value, value] : isPair(value) ? value : undefined),
    },
  );

export const padding2d = padding2dOf('Zeros around the input.');
export const padding1d = padding1dOf('Zeros before and after the sequence.');

/** The change with which a window along a sequence no longer sees steps after that of its output; undefined if it sees none. */
export const paddedAhead = (size: number, padding: Padding1d): AttributeChange | undefined =>
  size > 1 && (padding === 'same' || (Array.isArray(padding) && padding[1] > 0))
    ? { attribute: 'padding', value: 'causal' }
    : undefined;

/** Padding as a pair of pairs or, for sequences, one pair. A single number is the padding of every side. */
export type Margins = number | Pair | readonly [vertical: Pair, horizontal: Pair];

export const margins = (doc: string): Attribute<Margins> => ({
  doc,
  default: 1,
  onCard: bare,
  control: { kind: 'json' },
  schema: { description: doc, default: 1, anyOf: [count, pairSchema, pairsSchema] },
  read: (value) =>
    isCount(value) || isPair(value) || isPairs(value)
      ? { value }
      : fail(
          l10n.t('an integer from 0 to 2147483647, [before, after] or [[top, bottom], [left, right]]'),
          value,
        ),
});
