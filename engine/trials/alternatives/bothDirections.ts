/** Layers that give a value for every step, and so can read the steps after it, too: recurrent layers, attention, convolutions. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import type { Json } from '../../schema/attributes.ts';
import type { LayerSpec } from '../../spec/document.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const bothDirections = defineAlternative({
  code: always('fit/underfitting'),

  changes(look) {
    // Whoever reads the next step does not have to predict it.
    if (look.data?.targets.some(({ isNext }) => isNext)) return [];
    const edits = changeWritten(look, ({ name, attributes }): SpecEdit[] =>
      Object.entries(freed(attributes)).map(([attribute, value]) => ({
        kind: 'setAttribute',
        layer: name,
        attribute,
        value,
      })),
    );
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Let layers read later steps, too'), edit: together(edits) }];
  },
});

/** The attributes that keep a layer from reading later steps, with values that do not. */
function freed({ bidirectional, returnSequences, causal, padding }: LayerSpec['attributes']): {
  readonly [attribute: string]: Json;
} {
  return {
    ...(bidirectional === false && returnSequences === true ? { bidirectional: true } : {}),
    ...(causal === true ? { causal: false } : {}),
    ...(padding === 'causal' ? { padding: 'same' } : {}),
  };
}
