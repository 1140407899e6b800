/** A longer run. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const moreEpochs = defineAlternative({
  code: always('fit/stoppedEarly'),

  changes({ analysis: { spec } }) {
    if (!spec.training) return [];
    const epochs = 3 * spec.training.epochs;
    return [setTraining(['epochs'], epochs, l10n.t('Set "epochs" to {0}', epochs))];
  },
});
