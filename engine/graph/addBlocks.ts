/**
 * Blocks of another network that pasted layers use. A block with the name of another block of this network gets a free name, because
 * otherwise the pasted layers would silently become something else.
 */
import type { Json } from '../schema/attributes.ts';
import { copyName } from '../spec/names.ts';
import { deepest, insideName } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { commentsOf } from './layerText.ts';
import { noteOn, type WrittenNetwork, written } from './makeBlock.ts';
import type { Analysis } from './typed.ts';

type Blocks = Analysis['spec']['blocks'];

/** Where pasted layers come from. */
export type Theirs = Omit<WrittenNetwork, 'spec'> & { readonly spec: Pick<Analysis['spec'], 'blocks'> };

export interface AddedBlock {
  /** In the other network. */
  readonly type: string;
  /** In this one. */
  readonly name: string;
  /** As a text would write them. */
  readonly layers: { readonly [layer: string]: Json };
  /** All comments on each layer that has some. */
  readonly comments: ReadonlyMap<string, string>;
}

export interface AddedBlocks {
  readonly blocks: readonly AddedBlock[];
  /** Adds the blocks, with the comments on their layers. */
  readonly edits: readonly SpecEdit[];
  /** The type in this network for a type of the other one. */
  typeOf(type: string): string;
}

/** The blocks of another network that `types` need, and those that these use, unless `ours` has the same. */
export function addBlocks(whole: Theirs, types: readonly string[], ours: Blocks): AddedBlocks {
  const theirs = whole.spec.blocks;
  const names = new Map<string, string>();
  const typeOf = (type: string): string => names.get(type) ?? type;
  const known = new Map([...ours.keys()].map((name) => [name, textOf(bodyOf(ours, name, (type) => type))]));
  const blocks: AddedBlock[] = [];
  // A faulty text may nest its blocks without end.
  const add = (type: string, depth: number): void => {
    const block = theirs.get(type);
    if (!block || names.has(type) || depth > deepest) return;
    names.set(type, type);
    for (const part of block.layers) add(part.type, depth + 1);
    const layers = bodyOf(theirs, type, typeOf);
    const body = textOf(layers);
    const isAnother = (name: string) => known.has(name) && known.get(name) !== body;
    const name = isAnother(type) ? copyName(type, isAnother) : type;
    names.set(type, name);
    if (known.has(name)) return;
    known.set(name, body);
    const comments = Object.keys(layers).flatMap((layer): [string, string][] => {
      const own = commentsOf(whole.text, whole, insideName(type, layer));
      return own === undefined ? [] : [[layer, own]];
    });
    blocks.push({ type, name, layers, comments: new Map(comments) });
  };
  for (const type of types) add(type, 1);
  const edits = blocks.flatMap(({ name, layers, comments }): SpecEdit[] => [
    { kind: 'addBlock', name, layers },
    ...[...comments].flatMap(([layer, text]) =>
      noteOn(layer, text).map((edit): SpecEdit => ({ kind: 'inBlock', block: name, edit })),
    ),
  ]);
  return { blocks, edits, typeOf };
}

const bodyOf = (blocks: Blocks, name: string, typeOf: (type: string) => string) =>
  Object.fromEntries(
    (blocks.get(name)?.layers ?? []).map((layer): [string, Json] => [
      layer.name,
      written({ ...layer, type: typeOf(layer.type) }, layer.from),
    ]),
  );

/** The order of its layers counts, because inputs and outputs are in that order, but not that of their attributes. */
const textOf = (body: { readonly [layer: string]: Json }): string =>
  JSON.stringify(Object.entries(body).map(([layer, json]) => [layer, sorted(json)]));

/** The same value with the keys of all objects in alphabetical order. */
function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]): [string, Json] => [key, sorted(inner)]));
}
