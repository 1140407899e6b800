/** Layers with parameters of their own, where some use those of others. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const ownParameters = defineAlternative({
  code: always('structure/bottleneck'),

  changes(look) {
    const edits = changeWritten(look, ({ name, common }): SpecEdit[] =>
      common.shares === undefined
        ? []
        : [{ kind: 'setAttribute', layer: name, attribute: 'shares', value: undefined }],
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Give each layer its own parameters'), edit: together(edits) }];
  },
});
