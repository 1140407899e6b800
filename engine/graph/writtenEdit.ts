/**
 * Edits that name layers as they run, as edits of the text: "stages/1/conv" is a layer of a block. Fixes are made by rules that
 * know nothing of blocks.
 */
import type { OutputRef } from '../spec/document.ts';
import { freshName } from '../spec/names.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { blockAt } from './inside.ts';
import type { Analysis } from './typed.ts';

type EditOf<K extends SpecEdit['kind']> = Extract<SpecEdit, { kind: K }>;

/** The same edit with other names. What is not here names no layer, or is made by people only. */
const renamers: {
  readonly [K in SpecEdit['kind']]?: (edit: EditOf<K>, name: (one: string) => string) => SpecEdit;
} = {
  addLayer: (edit, name) => ({
    ...edit,
    name: name(edit.name),
    from: edit.from.map((ref) => renamed(ref, name)),
  }),
  removeLayers: (edit, name) => ({ ...edit, names: edit.names.map(name) }),
  setAttribute: (edit, name) => ({ ...edit, layer: name(edit.layer) }),
  connect: (edit, name) => ({ ...edit, from: renamed(edit.from, name), to: name(edit.to) }),
  disconnect: (edit, name) => ({ ...edit, to: name(edit.to) }),
  several: (edit, name) => ({ ...edit, edits: edit.edits.map((one) => rename(one, name)) }),
};

const renamed = (ref: OutputRef, name: (one: string) => string): OutputRef => ({
  ...ref,
  layer: name(ref.layer),
});

function rename<K extends SpecEdit['kind']>(
  edit: SpecEdit & { readonly kind: K },
  name: (one: string) => string,
): SpecEdit {
  const renamer = renamers[edit.kind] as
    | ((edit: SpecEdit, name: (one: string) => string) => SpecEdit)
    | undefined;
  return renamer?.(edit, name) ?? edit;
}

/** Undefined where it would join layers of a block with others, which no text can say. */
export function writtenEdit(
  { spec, graph }: Pick<Analysis, 'spec' | 'graph'>,
  edit: SpecEdit,
): SpecEdit | undefined {
  if (spec.blocks.size === 0) return edit;
  const names = new Set<string>();
  const added = new Set<string>();
  const note = (one: SpecEdit): void => {
    if (one.kind === 'several') for (const inner of one.edits) note(inner);
    else if (one.kind === 'addLayer') added.add(one.name);
  };
  note(edit);
  rename(edit, (name) => {
    if (!added.has(name)) names.add(name);
    return name;
  });
  const prefixes = new Set([...names].map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  const [prefix = ''] = prefixes;
  if (prefixes.size > 1) return undefined;
  if (prefix === '') return edit;
  const [some] = names;
  const block = spec.blocks.get(blockAt(graph.byName.get(some)?.spec.path ?? []) ?? '');
  if (!block) return undefined;
  const taken = new Set(block.layers.map((layer) => layer.name));
  const newNames = new Map(
    [...added].map((name) => [name, taken.has(name) ? freshName(name, (one) => taken.has(one)) : name]),
  );
  const inner = rename(edit, (name) => newNames.get(name) ?? name.slice(prefix.length));
  return { kind: 'inBlock', block: block.name, edit: inner };
}
