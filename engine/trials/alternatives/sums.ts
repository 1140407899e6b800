/** Skip connections that add: a product of a layer's input with its output lets the signal grow or fade from block to block. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import { layers } from '../../layers/registry.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

const product = layers.get('multiply');

export const sums = defineAlternative({
  code: always('gradient/vanishing'),

  changes(look) {
    const edits = changeWritten(look, ({ name: layer, kind }): SpecEdit[] =>
      kind === product ? [{ kind: 'setAttribute', layer, attribute: 'type', value: 'add' }] : [],
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Add where layers are multiplied'), edit: together(edits) }];
  },
});
