/** Batches of a usual size, whose gradients are less noisy. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

/** Batches of fewer samples become usual ones. */
const [few, usual] = [8, 32];

export const largerBatches = defineAlternative({
  // What noise does to the weights is what long steps do.
  code: always('update/tooLarge'),

  changes({ analysis: { spec } }) {
    const { batchSize = usual, accumulate = 1 } = spec.training ?? {};
    return batchSize * accumulate < few
      ? [setTraining(['batchSize'], usual, l10n.t('Set "batchSize" to {0}', usual))]
      : [];
  },
});
