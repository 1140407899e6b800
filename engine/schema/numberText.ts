/** Numbers within bounds, as people read them: "a positive integer", "a number from 0 to 1". */
import * as l10n from '@vscode/l10n';

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** The bound itself is not allowed. */
  readonly above?: number;
  readonly below?: number;
}

/** Sizes and offsets are 32-bit numbers, and values are float32: larger ones are refused where they are written. */
const largest = { integer: 2 ** 31 - 1, float: 3.4028234663852886e38 };

const smallestOf = (integer: boolean): number => -(integer ? largest.integer : largest.float);

/** Whether a number is small enough to be read, above and below zero. */
export const isReadable = (value: number, integer: boolean, bounds: Bounds): boolean =>
  value <= largestOf(integer, bounds) && value >= smallestOf(integer);

/** The largest number that is read. */
const largestOf = (integer: boolean, { max }: Bounds): number =>
  max ?? (integer ? largest.integer : largest.float);

interface Nouns {
  readonly any: () => string;
  readonly positive: () => string;
  readonly notNegative: () => string;
}

const nouns: { readonly [of in 'integer' | 'number' | 'integers' | 'numbers']: Nouns } = {
  integer: {
    any: () => l10n.t('an integer'),
    positive: () => l10n.t('a positive integer'),
    notNegative: () => l10n.t('a non-negative integer'),
  },
  number: {
    any: () => l10n.t('a number'),
    positive: () => l10n.t('a positive number'),
    notNegative: () => l10n.t('a non-negative number'),
  },
  integers: {
    any: () => l10n.t('integers'),
    positive: () => l10n.t('positive integers'),
    notNegative: () => l10n.t('non-negative integers'),
  },
  numbers: {
    any: () => l10n.t('numbers'),
    positive: () => l10n.t('positive numbers'),
    notNegative: () => l10n.t('non-negative numbers'),
  },
};

/** "a positive integer", "integers from 1 to 8". */
export function numberText(integer: boolean, bounds: Bounds, form: 'one' | 'several' = 'one'): string {
  const of = nouns[form === 'one' ? (integer ? 'integer' : 'number') : integer ? 'integers' : 'numbers'];
  const { min, max, above, below } = bounds;
  const isOpen = max === undefined && below === undefined;
  if (isOpen && (integer ? min === 1 || above === 0 : above === 0)) return of.positive();
  if (isOpen && min === 0) return of.notNegative();
  const text = boundsText({
    ...bounds,
    ...(max === largest.float ? { max: 3.4e38 } : {}),
    ...(min === -largest.float ? { min: -3.4e38 } : {}),
  });
  return [of.any(), text].filter(Boolean).join(' ');
}

/** The same for a value beyond the numbers that are read. */
export function limitedText(integer: boolean, bounds: Bounds, form?: 'one' | 'several'): string {
  const low = bounds.above === undefined ? { min: smallestOf(integer) } : {};
  return numberText(integer, { ...low, ...bounds, max: largestOf(integer, bounds) }, form);
}

function boundsText({ min, max, above, below }: Bounds): string {
  if (min !== undefined && max !== undefined) return l10n.t('from {0} to {1}', min, max);
  const low =
    min !== undefined ? l10n.t('at least {0}', min) : above !== undefined ? l10n.t('above {0}', above) : '';
  const high =
    max !== undefined ? l10n.t('at most {0}', max) : below !== undefined ? l10n.t('below {0}', below) : '';
  const both = [low, high].filter(Boolean).join(l10n.t(' and '));
  return min !== undefined || (low === '' && max !== undefined) ? l10n.t('of {0}', both) : both;
}

export const isWithin = (value: number, { min, max, above, below }: Bounds): boolean =>
  (min === undefined || value >= min) &&
  (max === undefined || value <= max) &&
  (above === undefined || value > above) &&
  (below === undefined || value < below);
