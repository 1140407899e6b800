/** No layer is bypassed. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { defineAlternative } from './define.ts';

export const nothingBypassed = defineAlternative({
  code: ({ analysis: { spec } }) =>
    spec.layers.some(({ common, kind }) => common.bypass && kind?.category === 'activation')
      ? 'structure/noNonlinearity'
      : 'fit/underfitting',

  changes(look) {
    const edits = changeWritten(look, ({ name, common }): SpecEdit[] =>
      common.bypass ? [{ kind: 'setAttribute', layer: name, attribute: 'bypass', value: undefined }] : [],
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Let bypassed layers work again'), edit: together(edits) }];
  },
});
