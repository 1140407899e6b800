/** Convolutions that look at every place of their input. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const shorterStrides = defineAlternative({
  code: always('structure/skipsInputs'),

  changes(look) {
    const edits = changeWritten(look, ({ name, given }): SpecEdit[] =>
      Object.hasOwn(given, 'kernelSize') && Object.hasOwn(given, 'stride')
        ? [{ kind: 'setAttribute', layer: name, attribute: 'stride', value: undefined }]
        : [],
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Move the windows of all convolutions by one place'), edit: together(edits) }];
  },
});
