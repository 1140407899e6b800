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
  const all = scopesOf(before, after, pairBlocks(before, after, formOf));
  // As after nearly every edit, also one that removes layers.
  if (all.blocks.size === 0 && all.scopes.every(hasNoNewName)) return [];
  const whole = renamedInPlace(all);
  if (whole) return written(all.blocks, whole);
  const alike = scopesOf(before, after, pairBlocks(before, after, layersOf));
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

/** Whether the names are the earlier ones in the same order, perhaps without some. */
function hasNoNewName({ before, after }: Scope): boolean {
  let next = 0;
  return after.every(({ name }) => {
    while (next < before.length && before[next].name !== name) next++;
    return next++ < before.length;
  });
}

/** If nothing but names has changed, so that each layer is in its place. Lines that only moved have kept their names. */
function renamedInPlace({ scopes, blocks }: Scopes): Found | undefined {
  if (scopes.some((scope) => scope.before.length !== scope.after.length)) return undefined;
  const none: Found = new Map();
  if (blocks.size === 0 && scopes.every((scope) => hasOnlyMoved(scope, none, blocks))) return none;
  const found: Found = new Map(scopes.map((scope) => [scope.name, byPlace(scope)]));
  return scopes.every((scope) => isWholeUnder(scope, found, blocks)) ? found : undefined;
}

/**
 * If other things have changed as well: each new name needs a layer that is gone and was like it. A name that turns out not to be a
 * later one makes those of the layers that refer to it doubtful, which are compared again.
 */
function renamedAmongOthers({ scopes, blocks }: Scopes): Found {
  const found: Found = new Map(scopes.map((scope) => [scope.name, new Map()]));
  for (const scope of scopes) pairAlike(scope, found, blocks);
  const doubtful = new Set(scopes.flatMap((scope) => pairsIn(scope, found)));
  const referring = referringTo(doubtful);
  // A set gives what is added while it is read, too.
  for (const pair of doubtful) {
    doubtful.delete(pair);
    const { scope, layer, later, isStillUsed } = pair;
    const names = found.get(scope.name)!;
    if (!isStillUsed && described(layer, scope, found, blocks) === described(later)) continue;
    if (names.delete(layer.name)) for (const other of referring.get(layer.name) ?? []) doubtful.add(other);
  }
  return found;
}

/** A layer that is gone, and the new one that was found for it. */
interface Pair {
  readonly scope: Scope;
  readonly layer: LayerSpec;
  readonly later: LayerSpec;
  /** A layer still refers to it by its earlier name. */
  readonly isStillUsed: boolean;
}

function pairsIn(scope: Scope, found: Found): Pair[] {
  const names = found.get(scope.name)!;
  if (names.size === 0) return [];
  const used = new Set(scope.after.flatMap(references));
  return [...names].map(([from, to]) => ({
    scope,
    layer: named(scope.before).get(from)!,
    later: named(scope.after).get(to)!,
    isStillUsed: used.has(from),
  }));
}

/** The pairs whose description may contain a name, by the name. */
function referringTo(pairs: Iterable<Pair>): ReadonlyMap<string, readonly Pair[]> {
  const referring = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const { from, given } = pair.layer;
    // Outputs of a use, and attributes that are the parameters of its block, are names of layers, too.
    const outputs = from.flatMap(({ output }) => (output === undefined ? [] : [output]));
    for (const name of new Set([...references(pair.layer), ...outputs, ...Object.keys(given)])) {
      const known = referring.get(name);
      if (known) known.push(pair);
      else referring.set(name, [pair]);
    }
  }
  return referring;
}

const knownNames = new WeakMap<readonly LayerSpec[], ReadonlyMap<string, LayerSpec>>();

/** The layers by name. */
function named(layers: readonly LayerSpec[]): ReadonlyMap<string, LayerSpec> {
  const byName = knownNames.get(layers) ?? new Map(layers.map((layer) => [layer.name, layer]));
  knownNames.set(layers, byName);
  return byName;
}

/** The names in the text of a layer. */
const references = ({ from, common, open }: LayerSpec): string[] => [
  ...from.map(({ layer }) => layer),
  ...(common.shares === undefined ? [] : [common.shares]),
  ...Object.values(open ?? {}),
];

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
  return before.every((layer) => {
    const now = named(after).get(layer.name);
    return now !== undefined && described(layer, scope, none, blocks) === described(now);
  });
};

/** What is new, in the order of the text, by a description of it. Each is taken once. */
class Added<T> {
  readonly #all = new Map<string, T[]>();
  readonly #taken = new Set<T>();

  /** `descriptions`: those by which something new may be taken. */
  constructor(all: readonly T[], descriptions: (one: T) => readonly string[]) {
    for (const one of all.toReversed())
      for (const text of descriptions(one)) {
        const alike = this.#all.get(text);
        if (alike) alike.push(one);
        else this.#all.set(text, [one]);
      }
  }

  take(description: string): T | undefined {
    const all = this.#all.get(description) ?? [];
    let one = all.pop();
    while (one !== undefined && this.#taken.has(one)) one = all.pop();
    if (one !== undefined) this.#taken.add(one);
    return one;
  }
}

/** Pairs layers that are gone with new ones like them, in the order of the text. */
function pairAlike(scope: Scope, found: Found, blocks: Blocks): void {
  const { name, before, after } = scope;
  const givenOf = (layer: LayerSpec, kind: string) => JSON.stringify([kind, layer.given]);
  const added = new Added(
    after.filter((one) => !named(before).has(one.name)),
    (one) => [described(one), givenOf(one, kindOf(one))],
  );
  for (const gone of before) {
    if (named(after).has(gone.name)) continue;
    // What it reads may have another name as well, which is not known yet.
    const chosen =
      added.take(described(gone, scope, found, blocks)) ?? added.take(givenOf(gone, kindOf(gone, blocks)));
    if (chosen) found.get(name)!.set(gone.name, chosen.name);
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
    const type = output === undefined || !scope ? undefined : named(scope.before).get(name)?.type;
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

/** Pairs blocks that are gone with new ones of the same description, in the order of the text. */
function pairBlocks(before: NetworkSpec, after: NetworkSpec, describe: (block: BlockSpec) => string): Blocks {
  const gone = [...before.blocks.values()].filter(({ name }) => !after.blocks.has(name));
  const isNew = ({ name }: BlockSpec) => gone.length > 0 && !before.blocks.has(name);
  const added = new Added([...after.blocks.values()].filter(isNew), (block) => [describe(block)]);
  return new Map(
    gone.flatMap((block): [string, string][] => {
      const other = added.take(describe(block));
      return other ? [[block.name, other.name]] : [];
    }),
  );
}

/** Their layers may have other names. The types of some may be blocks, which may have other names as well. */
const formOf = ({ layers }: BlockSpec): string =>
  JSON.stringify(layers.map(({ given }) => Object.keys(given).length));

const layersOf = ({ layers }: BlockSpec): string =>
  JSON.stringify(layers.map(({ name, from, given }) => [name, from, given]));
