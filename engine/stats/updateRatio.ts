/** Norm of the last update / norm of the parameters. */
import * as l10n from '@vscode/l10n';
import type { Tone } from '../schema/statistic.ts';
import { type Change, defineStatistic } from './define.ts';

/** About 1e-3 is healthy: CS231n notes on babysitting the learning process. */
const limits = { low: 1e-4, high: 1e-2, badLow: 1e-6, badHigh: 1e-1 };

/** 0 if nothing changed, even if all parameters are 0. */
export const ratioOf = ({ change, parameters }: Change): number => (change === 0 ? 0 : change / parameters);

export const updateRatio = defineStatistic({
  key: 'updateRatio',
  doc: "L2 norm of the last change of the layer's parameters, divided by that of the parameters before it.",
  at: 'update',
  shape: 'number',
  card: 'update',
  read: ({ update }) => update && ratioOf(update),
  tone(ratio): Tone | undefined {
    const { low, high, badLow, badHigh } = limits;
    if (!(ratio >= badLow && ratio <= badHigh)) return 'bad';
    // Small updates are right where little is left to learn. The finding update/tooSmall knows where it is not.
    if (ratio < low) return undefined;
    return ratio <= high ? 'good' : 'warn';
  },
  // In between, the number and its colour say enough.
  state: (ratio) => (ratio < limits.badLow ? 'stopped' : ratio > limits.badHigh ? 'exploding' : undefined),
  words: () => ({
    label: 'Δ',
    name: l10n.t('Update ratio'),
    meaning: l10n.t(
      'Size of the last update relative to the weights. About 0.001 is healthy. Above 0.01, lower the learning rate; below 0.0001 while the loss is high, raise it.',
    ),
  }),
});
