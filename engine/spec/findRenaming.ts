/**
 * Finds what was renamed between two texts. The texts alone decide, so it does not matter whether the editor renamed a layer, an undo
 * took that back, or a person typed the new name everywhere. A layer counts as renamed if everything else about it is the same, and no
 * layer refers to its earlier name any more.
 */
import { writtenParameter } from './blockParameters.ts';
import type { BlockSpec, LayerSpec, NetworkSpec, OutputRef } from './document.ts';
import type { Renamed, Renaming } from './renaming.ts';

/** Later names by earlier ones: of the layers of the network (undefined) and of each block, by its earlier name. */
type Found = Map<string | undefined, Map<string, string>>;

type Blocks = ReadonlyMap<string, string>;

/** The layers of the network or of a block, before and after. */
interface Scope {
  readonly name: string | undefined;
  readonly before: readonly LayerSpec[];
  readonly after: readonly LayerSpec[];
}

/** Empty if nothing was renamed. */
export function renamingBetween(before: NetworkSpec, after: NetworkSpec): Renaming {
  const all = scopesOf(before, after, pairBlocks(before, after, hasSameForm));
  // As after nearly every edit.
  if (all.blocks.size === 0 && all.scopes.every(hasSameNames)) return [];
  const whole = renamedInPlace(all);
  if (whole) return written(all.blocks, whole);
  const alike = scopesOf(before, after, pairBlocks(before, after, hasSameLayers));
  return written(alike.blocks, renamedAmongOthers(alike));
}

interface Scopes {
  readonly scopes: readonly Scope[];
  /** Later names of blocks. */
  readonly blocks: Blocks;
}

function scopesOf(before: NetworkSpec, after: NetworkSpec, blocks: Blocks): Scopes {
  const inside = [...before.blocks.values()].flatMap(({ name, layers }): Scope[] => {
    const now = after.blocks.get(blocks.get(name) ?? name);
    return now ? [{ name, before: layers, after: now.layers }] : [];
  });
  return { scopes: [{ name: undefined, before: before.layers, after: after.layers }, ...inside], blocks };
}

const written = (blocks: Blocks, layers: Found): Renaming => [
  ...[...blocks].map(([from, to]): Renamed => ({ what: 'block', from, to })),
  ...[...layers].flatMap(([within, names]) =>
    [...names].map(
      ([from, to]): Renamed => ({ what: 'layer', ...(within === undefined ? {} : { within }), from, to }),
    ),
  ),
];

const hasSameNames = ({ before, after }: Scope): boolean =>
  before === after ||
  (before.length === after.length && before.every(({ name }, index) => after[index].name === name));

/** If nothing but names has changed, so that each layer is in its place. Lines that only moved have kept their names. */
function renamedInPlace({ scopes, blocks }: Scopes): Found | undefined {
  if (scopes.some((scope) => scope.before.length !== scope.after.length)) return undefined;
  const none: Found = new Map();
  if (blocks.size === 0 && scopes.every((scope) => hasOnlyMoved(scope, none, blocks))) return none;
  const found: Found = new Map(scopes.map((scope) => [scope.name, byPlace(scope)]));
  return scopes.every((scope) => isWholeUnder(scope, found, blocks)) ? found : undefined;
}

/** If other things have changed as well: each new name needs a layer that is gone and was like it. */
function renamedAmongOthers({ scopes, blocks }: Scopes): Found {
  const found: Found = new Map(scopes.map((scope) => [scope.name, new Map()]));
  for (const scope of scopes) pairAlike(scope, found, blocks);
  const referred = new Map<string | undefined, ReadonlySet<string>>();
  for (const { name, after } of scopes)
    if (found.get(name)!.size > 0) referred.set(name, new Set(after.flatMap(references)));
  for (let doubtful = true; doubtful; ) {
    doubtful = false;
    for (const scope of scopes) {
      const { name, before, after } = scope;
      for (const [from, to] of found.get(name)!) {
        const isAlike =
          described(named(before, from)!, scope, found, blocks) === described(named(after, to)!);
        if (isAlike && !referred.get(name)!.has(from)) continue;
        found.get(name)!.delete(from);
        doubtful = true;
      }
    }
  }
  return found;
}

const named = (layers: readonly LayerSpec[], name: string): LayerSpec | undefined =>
  layers.find((layer) => layer.name === name);

/** The names in the text of a layer. */
const references = ({ from, common, open }: LayerSpec): string[] => [
  ...from.map(({ layer }) => layer),
  ...(common.shares === undefined ? [] : [common.shares]),
  ...Object.values(open ?? {}),
];

const knownTypes = new WeakMap<readonly LayerSpec[], ReadonlyMap<string, string>>();

/** The types of the layers before. */
function typesIn({ before }: Scope): ReadonlyMap<string, string> {
  const types = knownTypes.get(before) ?? new Map(before.map(({ name, type }) => [name, type]));
  knownTypes.set(before, types);
  return types;
}

const byPlace = ({ before, after }: Scope): Map<string, string> =>
  new Map(
    before.flatMap(({ name }, index) => (after[index].name === name ? [] : [[name, after[index].name]])),
  );

const isWholeUnder = (scope: Scope, found: Found, blocks: Blocks): boolean =>
  scope.before.every(
    (layer, index) => described(layer, scope, found, blocks) === described(scope.after[index]),
  );

const hasOnlyMoved = (scope: Scope, none: Found, blocks: Blocks): boolean => {
  const { before, after } = scope;
  const byName = new Map(after.map((layer) => [layer.name, layer]));
  return before.every((layer) => {
    const now = byName.get(layer.name);
    return now !== undefined && described(layer, scope, none, blocks) === described(now);
  });
};

/** Of a new layer: everything about it except its name, and its attributes alone. */
interface Added {
  readonly whole: string;
  readonly given: string;
}

function firstOf<K, V>(entries: ReadonlyMap<K, V>, isWanted: (value: V) => boolean): K | undefined {
  for (const [key, value] of entries) if (isWanted(value)) return key;
  return undefined;
}

/** Pairs layers that are gone with new ones like them, in the order of the text. */
function pairAlike(scope: Scope, found: Found, blocks: Blocks): void {
  const { name, before, after } = scope;
  const [names, later] = [new Set(before.map((one) => one.name)), new Set(after.map((one) => one.name))];
  const added = new Map<string, Map<LayerSpec, Added>>();
  for (const one of after)
    if (!names.has(one.name)) {
      const kind = kindOf(one);
      const texts = { whole: described(one), given: JSON.stringify(one.given) };
      added.set(kind, (added.get(kind) ?? new Map()).set(one, texts));
    }
  for (const gone of before) {
    const alike = later.has(gone.name) ? undefined : added.get(kindOf(gone, blocks));
    if (!alike || alike.size === 0) continue;
    const text = described(gone, scope, found, blocks);
    const given = JSON.stringify(gone.given);
    // What it reads may have another name as well, which is not known yet.
    const chosen =
      firstOf(alike, ({ whole }) => whole === text) ?? firstOf(alike, (one) => one.given === given);
    if (!chosen) continue;
    alike.delete(chosen);
    found.get(name)!.set(gone.name, chosen.name);
  }
}

const kindOf = ({ type }: LayerSpec, blocks: Blocks = new Map()): string => blocks.get(type) ?? type;

/** Everything about a layer except its name, with the later names of what it refers to. */
function described(
  layer: LayerSpec,
  scope?: Scope,
  found: Found = new Map(),
  blocks: Blocks = new Map(),
): string {
  const within = scope?.name;
  const later = (name: string, inside: string | undefined) => found.get(inside)?.get(name) ?? name;
  // The outputs of a use are layers of its block.
  const outputOf = ({ layer: name, output }: OutputRef) => {
    const type = output === undefined || !scope ? undefined : typesIn(scope).get(name);
    return output === undefined || type === undefined ? output : later(output, type);
  };
  const { type, from, given, open = {} } = layer;
  return JSON.stringify([
    kindOf(layer, blocks),
    from.map((ref) => [later(ref.layer, within), outputOf(ref)]),
    // A use of a block has the parameters of the block as attributes.
    Object.entries(given).map(([attribute, value]) => [
      later(attribute, type),
      Object.hasOwn(open, attribute)
        ? writtenParameter(later(open[attribute], within))
        : attribute === 'shares'
          ? later(String(value), within)
          : value,
    ]),
  ]);
}

type Alike = (block: BlockSpec, other: BlockSpec) => boolean;

/** Pairs blocks that are gone with new ones like them, in the order of the text. */
function pairBlocks(before: NetworkSpec, after: NetworkSpec, alike: Alike): Blocks {
  const added = new Set([...after.blocks.values()].filter(({ name }) => !before.blocks.has(name)));
  const found = new Map<string, string>();
  for (const block of before.blocks.values()) {
    if (after.blocks.has(block.name)) continue;
    const other = [...added].find((one) => alike(block, one));
    if (!other) continue;
    added.delete(other);
    found.set(block.name, other.name);
  }
  return found;
}

/** Their layers may have other names. The types of some may be blocks, which may have other names as well. */
const hasSameForm: Alike = (block, other) =>
  block.layers.length === other.layers.length &&
  block.layers.every(({ given }, index) => {
    const { given: now } = other.layers[index];
    return Object.keys(given).length === Object.keys(now).length;
  });

const hasSameLayers: Alike = (block, other) =>
  block.layers.length === other.layers.length &&
  block.layers.every((layer, index) => {
    const { name, from, given } = other.layers[index];
    return layer.name === name && JSON.stringify([layer.from, layer.given]) === JSON.stringify([from, given]);
  });
