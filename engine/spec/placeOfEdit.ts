/** Where an edit changes the text, for findings that offer it. */
import type { Path } from '../schema/attributes.ts';
import type { SpecEdit } from './specEdit.ts';

type Places = { readonly [K in SpecEdit['kind']]?: (edit: Extract<SpecEdit, { kind: K }>) => Path };

const places: Places = {
  setAttribute: ({ layer }) => ['layers', layer],
  removeLayers: ({ names }) => ['layers', names[0]],
  // A new layer has no place yet: it is added after the one that it reads.
  addLayer: ({ from }) => ['layers', from[0].layer],
  setTraining: ({ path }) => ['training', ...path],
  several: ({ edits }) => placeOfEdit(edits[0]),
  inBlock: ({ block, edit }) => ['blocks', block, ...placeOfEdit(edit).slice(1)],
};

/** A path in the document's value; that of the training for edits of no single place. */
export function placeOfEdit<K extends SpecEdit['kind']>(edit: Extract<SpecEdit, { kind: K }>): Path {
  const place = places[edit.kind as K] as ((one: typeof edit) => Path) | undefined;
  return place?.(edit) ?? ['training'];
}
