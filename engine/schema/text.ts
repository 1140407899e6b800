/** Shapes and amounts as people read them. */
import * as l10n from '@vscode/l10n';

/** "28×28×1"; a shape without axes is one number. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? l10n.t('one number') : shape.join('×');

/** The same where space is short: "1" for one number. */
export const shortShapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? '1' : shape.join('×');

/** With three digits in the largest of `units` of which there is at least one; `units[0]` is for whole amounts. */
function scaled(amount: number, base: number, units: readonly string[]): string {
  let power = 0;
  let value = amount;
  // What rounds to the next unit is written in that one: 1.00 MiB, not 1024 KiB.
  while (power + 1 < units.length && Math.round(value) >= base) {
    value /= base;
    power++;
  }
  const decimals = power === 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(decimals)} ${units[power]}`.trimEnd();
}

/** An integer, "16,384". A formatter of the platform takes longer to load than the whole extension. */
export const groupedDigits = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** 1,234 below ten thousand, then 12.3 K, 4.56 M, 7.89 G. */
export const countText = (count: number): string =>
  count < 10_000 ? groupedDigits(count) : scaled(count, 1000, ['', 'K', 'M', 'G', 'T']);

/** "1 parameter", "4,388 parameters". */
export const parametersText = (count: number): string =>
  count === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', countText(count));

/** "1 step", "300 steps". */
export const stepsText = (steps: number): string =>
  steps === 1 ? l10n.t('1 step') : l10n.t('{0} steps', steps);

/** 512 B, 2.00 KiB, 12.3 MiB. */
export const bytesText = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
