/** Edits that restore the default initializers of layers. */
import { changeWritten, type SpecFix, together } from '../../diagnose/fixes.ts';
import type { NetworkLook } from '../../diagnose/look.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';

/** For all parameters whose attribute is chosen; one edit with this title. */
export function resetInitializers(
  look: NetworkLook,
  isChosen: (attribute: string) => boolean,
  title: string,
): readonly SpecFix[] {
  const edits = changeWritten(look, ({ name: layer, given }) =>
    Object.keys(given)
      .filter((attribute) => /initializer$/i.test(attribute) && isChosen(attribute))
      .map((attribute): SpecEdit => ({ kind: 'setAttribute', layer, attribute, value: undefined })),
  );
  return edits.length === 0 ? [] : [{ title, edit: together(edits) }];
}
