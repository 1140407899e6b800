/**
 * A renaming: the layers and blocks that have other names in a later text. It can be applied to names, edits and whole texts of the
 * time before. All its names change at once, so two layers may swap theirs.
 */
import type { Path } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import { fields, list, oneOf, optional, type Read } from '../schema/reader.ts';
import type { LayerSpec, NetworkSpec, OutputRef } from './document.ts';
import { DocumentText } from './documentText.ts';
import { copyName } from './names.ts';
import { blockNameProblem } from './readBlocks.ts';
import { insideName, nameProblem, parseReference, partsOf, printReference } from './reference.ts';
import { type NewNames, renameEverywhere } from './renameEdits.ts';
import { name, type SpecEdit } from './specEdit.ts';

const renamed = fields({
  what: oneOf('layer', 'block'),
  /** For a layer of a block: the earlier name of that block. */
  within: optional(name),
  from: name,
  to: name,
});

export type Renamed = Read<typeof renamed>;

/** Throws `Malformed` for anything that is not a renaming. */
export const renaming = list(renamed);

export type Renaming = Read<typeof renaming>;

/** The later names of what a network had before. A name that nothing had stays as it is. */
export interface Names extends NewNames {
  /** An output of a layer. The outputs of a block are layers of the block. */
  output(ref: OutputRef, within?: string): OutputRef;
  /** A layer that runs, by its full name: "res1/conv1". */
  full(name: string): string;
}

/** What an event of a run says about layers, in terms of a later text. */
export interface Translation {
  full(name: string): string;
  /** A place in the document. */
  path(path: Path): Path;
  /** Undefined if the later text has no place for it. */
  edit(edit: SpecEdit): SpecEdit | undefined;
}

export const translationOf = (names: Names): Translation => ({
  full: names.full,
  path: (path) => renamedPath(path, names),
  edit: (edit) => renamedEdit(edit, names),
});

/** `before`: the network with the earlier names. */
export function namesAfter(before: NetworkSpec, changes: Renaming): Names {
  const later = new Map(changes.map(({ what, within, from, to }) => [keyOf(what, from, within), to]));
  const block = (name: string) => later.get(keyOf('block', name)) ?? name;
  const layer = (name: string, within?: string) => later.get(keyOf('layer', name, within)) ?? name;
  const known = new Map<string, string>();
  const types = new Map<readonly LayerSpec[], ReadonlyMap<string, string>>();
  const typesOf = (layers: readonly LayerSpec[]) => {
    const found = types.get(layers) ?? new Map(layers.map(({ name, type }) => [name, type]));
    types.set(layers, found);
    return found;
  };
  const walk = (full: string): string => {
    const parts = partsOf(full);
    if (!parts) return full;
    let within: string | undefined;
    let { layers } = before;
    const renamed = parts.map((part) => {
      const type = typesOf(layers).get(part);
      // The number of a copy follows the name of its use.
      if (type === undefined) return part;
      const now = layer(part, within);
      const used = before.blocks.get(type);
      if (used) [within, layers] = [used.name, used.layers];
      return now;
    });
    return insideName(...renamed);
  };
  const full = (name: string): string => {
    if (changes.length === 0) return name;
    const now = known.get(name) ?? walk(name);
    known.set(name, now);
    return now;
  };
  const output = (ref: OutputRef, within?: string): OutputRef => {
    const layers = within === undefined ? before.layers : (before.blocks.get(within)?.layers ?? []);
    const type = typesOf(layers).get(ref.layer);
    const port = type !== undefined && before.blocks.has(type) ? type : undefined;
    return {
      layer: within === undefined ? full(ref.layer) : layer(ref.layer, within),
      ...(ref.output === undefined
        ? {}
        : { output: port === undefined ? ref.output : layer(ref.output, port) }),
    };
  };
  return { block, layer, output, full };
}

const keyOf = (what: Renamed['what'], name: string, within?: string): string =>
  JSON.stringify([what, within, name]);

/** Renames the layers that a text, such as the title of a fix, names in quotes. */
export const quotedNames = (text: string, { full }: Pick<Translation, 'full'>): string =>
  text.replace(/"([^"]+)"/g, (_, name: string) => `"${full(name)}"`);

/** A place in the document. */
function renamedPath(path: Path, names: Names, within?: string): (string | number)[] {
  const [section, first, second, ...rest] = path;
  if (section === 'layers' && typeof first === 'string') {
    const layer = within === undefined ? names.full(first) : names.layer(first, within);
    return ['layers', layer, ...path.slice(2)];
  }
  if (section !== 'blocks' || typeof first !== 'string') return [...path];
  const part = typeof second === 'string' ? [names.layer(second, first)] : path.slice(2, 3);
  return ['blocks', names.block(first), ...part, ...rest];
}

/** An edit that was made for the earlier names, such as a fix. Names of new layers stay. */
export function renamedEdit(edit: SpecEdit, names: Names, within?: string): SpecEdit {
  if (edit.kind === 'several')
    return { ...edit, edits: edit.edits.map((one) => renamedEdit(one, names, within)) };
  if (edit.kind === 'inBlock')
    return { ...edit, block: names.block(edit.block), edit: renamedEdit(edit.edit, names, edit.block) };
  const layer = (name: string) => (within === undefined ? names.full(name) : names.layer(name, within));
  const output = (ref: OutputRef): OutputRef => names.output(ref, within);
  const changed: { [field: string]: unknown } = { ...edit };
  if ('layer' in edit) changed.layer = layer(edit.layer);
  if ('to' in edit) changed.to = layer(edit.to);
  if (edit.kind === 'renameLayer') changed.name = layer(edit.name);
  if ('names' in edit) changed.names = edit.names.map(layer);
  if ('from' in edit)
    changed.from = Array.isArray(edit.from) ? edit.from.map(output) : output(edit.from as OutputRef);
  if ('positions' in edit)
    changed.positions = Object.fromEntries(
      Object.entries(edit.positions).map(([name, position]) => [layer(name), position]),
    );
  if ('path' in edit && edit.kind !== 'setTraining') changed.path = renamedPath(edit.path, names, within);
  if (edit.kind === 'setTraining') changed.value = renamedJudged(edit.path, edit.value, output);
  return changed as SpecEdit;
}

/** What an edit of "training" says about the layer that a loss judges. */
function renamedJudged(
  path: readonly (string | number)[],
  value: unknown,
  output: (ref: OutputRef) => OutputRef,
): unknown {
  const reference = (text: unknown): unknown => {
    const ref = typeof text === 'string' ? parseReference(text) : undefined;
    return ref ? printReference(output(ref)) : text;
  };
  if (path[0] !== 'loss') return value;
  if (path.at(-1) === 'from') return reference(value);
  const one = (loss: unknown): unknown =>
    typeof loss === 'object' && loss !== null && 'from' in loss
      ? { ...loss, from: reference(loss.from) }
      : loss;
  return Array.isArray(value) ? value.map(one) : one(value);
}

/**
 * The text with the later names. Another layer that already has one of them gets a name that nothing has: `displaced` says which.
 * What the text does not have is left out. Undefined if the text cannot be edited.
 */
export function renamedText(
  text: string,
  before: NetworkSpec,
  changes: Renaming,
): { readonly text: string; readonly displaced: Renaming } | undefined {
  const names = namesIn(before, changes);
  const keys = new Set(definitionsIn(before).map(({ what, name, within }) => keyOf(what, name, within)));
  const moved = new Set(changes.map(({ what, within, from }) => keyOf(what, from, within)));
  const unused = (wanted: string): string => {
    const name = names.has(wanted) ? copyName(wanted, (one) => names.has(one)) : wanted;
    names.add(name);
    return name;
  };
  const displaced = changes.flatMap(({ to, from: _, ...place }): Renamed[] => {
    const key = keyOf(place.what, to, place.within);
    if (!keys.has(key) || moved.has(key)) return [];
    return [{ ...place, from: to, to: unused(`${to.slice(0, longestKept)}_removed`) }];
  });
  const all = [
    ...displaced,
    ...changes.filter(({ what, within, from }) => keys.has(keyOf(what, from, within))),
  ];
  const later = namesAfter(before, all);
  if (all.some(isImpossible) || areTaken(before, later)) return undefined;
  try {
    const document = new DocumentText(text);
    renameEverywhere(document, later);
    return { text: document.text, displaced };
  } catch (reason) {
    if (reason instanceof ProblemError) return undefined;
    throw reason;
  }
}

/** Characters of a name that remain if a word is added to it. */
const longestKept = 48;

const isImpossible = ({ what, to }: Renamed): boolean =>
  (what === 'block' ? blockNameProblem(to) : nameProblem(to)) !== undefined;

/** Whether two definitions would have the same name that had different ones. */
function areTaken(before: NetworkSpec, later: Names): boolean {
  const all = definitionsIn(before);
  const [then, now] = [new Set<string>(), new Set<string>()];
  for (const { what, name, within } of all) {
    then.add(keyOf(what, name, within));
    now.add(keyOf(what, what === 'block' ? later.block(name) : later.layer(name, within), within));
  }
  return now.size < then.size;
}

interface Definition {
  readonly what: Renamed['what'];
  readonly within?: string;
  readonly name: string;
}

/** Everything in a network that has a name, in the order of the text. */
function definitionsIn({ layers, blocks }: NetworkSpec): readonly Definition[] {
  return [
    ...layers.map(({ name }): Definition => ({ what: 'layer', name })),
    ...[...blocks.values()].flatMap(({ name: within, layers }): Definition[] => [
      { what: 'block', name: within },
      ...layers.map(({ name }): Definition => ({ what: 'layer', within, name })),
    ]),
  ];
}

/** All names of a network and those that it is to get. */
const namesIn = (before: NetworkSpec, changes: Renaming): Set<string> =>
  new Set([...definitionsIn(before).map(({ name }) => name), ...changes.map(({ to }) => to)]);

/** How a text with renamed layers differs from the text before: the same layers in the same order. */
export function renamingOver(before: NetworkSpec, after: NetworkSpec): Renaming {
  const now = definitionsIn(after);
  return definitionsIn(before).flatMap(({ name: from, ...place }, index): Renamed[] =>
    now[index].name === from ? [] : [{ ...place, from, to: now[index].name }],
  );
}
