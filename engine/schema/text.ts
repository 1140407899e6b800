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

/** Of each thing that is counted: the text for one, and for any other number. */
const forms = {
  batches: [() => l10n.t('1 batch'), (count) => l10n.t('{0} batches', count)],
  bytes: [() => l10n.t('1 byte'), (count) => l10n.t('{0} bytes', count)],
  cells: [() => l10n.t('1 cell'), (count) => l10n.t('{0} cells', count)],
  characters: [() => l10n.t('1 character'), (count) => l10n.t('{0} characters', count)],
  classes: [() => l10n.t('1 class'), (count) => l10n.t('{0} classes', count)],
  columns: [() => l10n.t('1 column'), (count) => l10n.t('{0} columns', count)],
  entries: [() => l10n.t('1 entry'), (count) => l10n.t('{0} entries', count)],
  epochs: [() => l10n.t('1 epoch'), (count) => l10n.t('{0} epochs', count)],
  errors: [() => l10n.t('1 error'), (count) => l10n.t('{0} errors', count)],
  filters: [() => l10n.t('1 filter'), (count) => l10n.t('{0} filters', count)],
  findings: [() => l10n.t('1 finding'), (count) => l10n.t('{0} findings', count)],
  groups: [() => l10n.t('1 group'), (count) => l10n.t('{0} groups', count)],
  heads: [() => l10n.t('1 head'), (count) => l10n.t('{0} heads', count)],
  images: [() => l10n.t('1 image'), (count) => l10n.t('{0} images', count)],
  inputLayers: [() => l10n.t('1 input layer'), (count) => l10n.t('{0} input layers', count)],
  inputs: [() => l10n.t('1 input'), (count) => l10n.t('{0} inputs', count)],
  labels: [() => l10n.t('1 label'), (count) => l10n.t('{0} labels', count)],
  layers: [() => l10n.t('1 layer'), (count) => l10n.t('{0} layers', count)],
  numbers: [() => l10n.t('1 number'), (count) => l10n.t('{0} numbers', count)],
  operations: [() => l10n.t('1 operation'), (count) => l10n.t('{0} operations', count)],
  outputs: [() => l10n.t('1 output'), (count) => l10n.t('{0} outputs', count)],
  parameters: [() => l10n.t('1 parameter'), (count) => l10n.t('{0} parameters', count)],
  rows: [() => l10n.t('1 row'), (count) => l10n.t('{0} rows', count)],
  samples: [() => l10n.t('1 sample'), (count) => l10n.t('{0} samples', count)],
  scores: [() => l10n.t('1 score'), (count) => l10n.t('{0} scores', count)],
  sequences: [() => l10n.t('1 sequence'), (count) => l10n.t('{0} sequences', count)],
  steps: [() => l10n.t('1 step'), (count) => l10n.t('{0} steps', count)],
  symbols: [() => l10n.t('1 symbol'), (count) => l10n.t('{0} symbols', count)],
  testSamples: [() => l10n.t('1 test sample'), (count) => l10n.t('{0} test samples', count)],
  trainingSamples: [() => l10n.t('1 training sample'), (count) => l10n.t('{0} training samples', count)],
  units: [() => l10n.t('1 unit'), (count) => l10n.t('{0} units', count)],
  updates: [() => l10n.t('1 update'), (count) => l10n.t('{0} updates', count)],
  values: [() => l10n.t('1 value'), (count) => l10n.t('{0} values', count)],
  warnings: [() => l10n.t('1 warning'), (count) => l10n.t('{0} warnings', count)],
} satisfies { readonly [things: string]: readonly [() => string, (count: number | string) => string] };

/** "1 sample", "300 samples". `shown`: the count as it is written, if not in plain digits. */
export function counted(count: number, things: keyof typeof forms, shown: number | string = count): string {
  const [one, others] = forms[things];
  return count === 1 ? one() : others(shown);
}

/** "1 step", "300 steps". */
export const stepsText = (steps: number): string => counted(steps, 'steps');

/** 512 B, 2.00 KiB, 12.3 MiB. */
export const bytesText = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
