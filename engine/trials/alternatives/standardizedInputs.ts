/** Inputs with a mean of 0 and a standard deviation of 1. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const standardizedInputs = defineAlternative({
  code: always('data/notScaled'),
  changes: ({ analysis: { spec } }) =>
    spec.training?.data.attributes.normalize === 'none'
      ? [setTraining(['data', 'normalize'], 'standardize', l10n.t('Standardize the data'))]
      : [],
});
