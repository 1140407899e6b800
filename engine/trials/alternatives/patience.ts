/** No early stopping: every epoch is trained. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const patience = defineAlternative({
  code: always('fit/stoppedEarly'),
  changes: ({ analysis: { spec } }) =>
    spec.training?.earlyStopping
      ? [setTraining(['earlyStopping'], undefined, l10n.t('Remove "{0}"', 'earlyStopping'))]
      : [],
});
