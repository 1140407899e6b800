/** Recurrent layers that give their state of every step, and so can read the steps after it, too. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const bothDirections = defineAlternative({
  code: always('fit/underfitting'),

  changes(look) {
    // Whoever reads the next step does not have to predict it.
    if (look.data?.targets.some(({ isNext }) => isNext)) return [];
    const edits = changeWritten(look, ({ name, attributes }): SpecEdit[] =>
      attributes.bidirectional === false && attributes.returnSequences === true
        ? [{ kind: 'setAttribute', layer: name, attribute: 'bidirectional', value: true }]
        : [],
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Let recurrent layers read in both directions'), edit: together(edits) }];
  },
});
