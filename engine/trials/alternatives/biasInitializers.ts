/** The default initializers of all biases. */
import * as l10n from '@vscode/l10n';
import { always, defineAlternative } from './define.ts';
import { resetInitializers } from './initializers.ts';

export const biasInitializers = defineAlternative({
  code: always('init/mismatch'),
  underlies: true,
  resort: 'alone',
  changes: (look) =>
    resetInitializers(
      look,
      (attribute) => attribute.startsWith('bias'),
      l10n.t('Reset the initializers of all biases'),
    ),
});
