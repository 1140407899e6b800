/** Numbers as short text, the same in every view. */

/** Three significant digits in at most seven characters: 0.0312, −12.4, 1.2e−5. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size === 0
      ? '0'
      : size < 1e-3 || size >= 1e5
        ? value.toExponential(1).replace('e+', 'e')
        : value.toFixed(Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size)))));
  return text.replaceAll('-', '−');
}

/** A number that may be a count: 23, not 23.0. */
export const formatAmount = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e5 ? String(value).replace('-', '−') : formatNumber(value);

/** A share from 0 to 1 in whole per cent; a small share other than 0 becomes "<1 %". The space never breaks. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return 'NaN';
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '<1\u00a0%';
  if (percent === 100 && share < 1) return '>99\u00a0%';
  return `${percent}\u00a0%`;
}
