/** The default initializers of all layers. */
import * as l10n from '@vscode/l10n';
import { always, defineAlternative } from './define.ts';
import { resetInitializers } from './initializers.ts';

export const usualInitializers = defineAlternative({
  code: always('init/mismatch'),
  underlies: true,
  resort: 'together',
  changes: (look) =>
    resetInitializers(look, () => true, l10n.t('Reset the initializers of all weights and biases')),
});
