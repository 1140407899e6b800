/** Smaller batches, and so more updates in an epoch. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

/** Smaller batches are noisy, and slow. */
const least = 16;

/** Batches of more samples than `large` become usual ones, others a quarter. */
const [large, usual] = [256, 32];

export const smallerBatches = defineAlternative({
  code: always('fit/underfitting'),

  changes({ analysis: { spec } }) {
    const { batchSize = 0, accumulate = 1 } = spec.training ?? {};
    if (accumulate > 1) return [setTraining(['accumulate'], undefined, l10n.t('Remove "{0}"', 'accumulate'))];
    const smaller = batchSize > large ? usual : Math.max(least, Math.round(batchSize / 4));
    return smaller < batchSize
      ? [setTraining(['batchSize'], smaller, l10n.t('Set "batchSize" to {0}', smaller))]
      : [];
  },
});
