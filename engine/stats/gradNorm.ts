/**
 * Norm of the loss gradient with respect to the layer's parameters, before penalties, clipping and weight decay. If an update
 * uses several batches, it is the norm of their common gradient. A layer without parameters has the norm with respect to its output.
 */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

/** Below 1e-8, the usual epsilon of Adam, even Adam hardly changes the weights. */
const gradientLimits = { vanished: 1e-8, vanishing: 1e-6, warn: 100, bad: 1000 };

export const gradNorm = defineStatistic({
  key: 'gradNorm',
  doc: "L2 norm of the loss gradient with respect to the layer's parameters, before penalties, clipping and weight decay. If an update uses several batches, it is the norm of their common gradient. A layer without parameters has the norm with respect to its output.",
  at: 'gradient',
  shape: 'number',
  card: 'gradient',
  read: ({ gradient }) => gradient?.norm,
  tone(norm) {
    const { vanished, vanishing, warn, bad } = gradientLimits;
    // NaN is not within the limits either.
    if (!(norm >= vanished && norm < bad)) return 'bad';
    return norm >= vanishing && norm < warn ? 'good' : 'warn';
  },
  state: (norm) => (norm < gradientLimits.vanishing ? 'vanished' : 'exploding'),
  words: () => ({
    label: '∇',
    name: l10n.t('Gradient norm'),
    meaning: l10n.t(
      'Size of the loss gradient of this layer, before clipping and penalties. If it is much smaller near the input than near the output, gradients vanish; if it keeps growing, they explode. If it is exactly 0, the layer does not learn.',
    ),
  }),
});
