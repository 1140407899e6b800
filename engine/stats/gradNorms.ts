/** Norm of the gradient of each parameter of a layer. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const gradNorms = defineStatistic({
  key: 'gradNorms',
  doc: 'The norm of [gradNorm](#gradnorm) for each parameter by its name, where a layer has several.',
  at: 'gradient',
  shape: 'numbers',
  read: ({ gradient }) => (gradient && Object.keys(gradient.norms).length > 1 ? gradient.norms : undefined),
  words: () => ({
    label: '∇',
    name: l10n.t('Gradient norm of each parameter'),
    meaning: l10n.t('Size of the loss gradient of each parameter, before clipping and penalties.'),
  }),
});
