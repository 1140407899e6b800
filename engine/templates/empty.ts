/** An empty network to draw in. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const empty: Template = {
  type: 'empty',
  icon: 'file',
  describe: () => ({
    label: l10n.t('Empty network'),
    detail: l10n.t('An empty canvas: add layers, then choose the training data.'),
  }),
  text: `{
  "format": 1,
  "layers": {}
}
`,
};
