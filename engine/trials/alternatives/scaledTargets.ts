/** Values to predict with a mean of 0 and a standard deviation of 1. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { isChoice } from '../../diagnose/network.ts';
import { always, defineAlternative } from './define.ts';

export const scaledTargets = defineAlternative({
  code: always('data/notScaled'),

  changes({ analysis: { spec } }) {
    const { data, losses = [] } = spec.training ?? {};
    return data?.attributes.scaleTarget === false && losses.some((loss) => !isChoice(loss))
      ? [setTraining(['data', 'scaleTarget'], true, l10n.t('Scale the target'))]
      : [];
  },
});
