/** A gradient that flows along the whole sequence. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const wholeGradient = defineAlternative({
  code: always('time/vanishing'),

  changes(look) {
    const edits = changeWritten(look, ({ name, given }): SpecEdit[] =>
      Object.hasOwn(given, 'truncate')
        ? [{ kind: 'setAttribute', layer: name, attribute: 'truncate', value: undefined }]
        : [],
    );
    return edits.length === 0 ? [] : [{ title: l10n.t('Remove "{0}"', 'truncate'), edit: together(edits) }];
  },
});
