/**
 * Finds layers that have become a block, and those of a block that was dissolved. A run keeps the statistics of such layers: its text is
 * regrouped in the same way, and what it says about layers is translated. Other layers of the text may have been edited meanwhile.
 */
import type { Json, Path } from '../schema/attributes.ts';
import type { LayerSpec, NetworkSpec } from '../spec/document.ts';
import { applyChanges, applyEdit } from '../spec/edit.ts';
import { insideName, partsOf } from '../spec/reference.ts';
import { renamedEdit, type Translation } from '../spec/renaming.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { analyze } from './analyze.ts';
import { isPort } from './blocks.ts';
import { dissolveBlock, typesDissolved } from './dissolveBlock.ts';
import { analysisInside, firstUses } from './inside.ts';
import { type BlockEdit, judgedIn, makeBlock } from './makeBlock.ts';
import type { Analysis } from './typed.ts';

export interface Regrouping {
  /** The text with the layers grouped as they are now. */
  readonly text: string;
  readonly translation: Translation;
  /** Whether a network has the layers grouped as they were before. `later`: this grouping, and the names that it has got since. */
  isUndoneIn(now: NetworkSpec, later: Pick<Translation, 'path'> & { readonly spec: NetworkSpec }): boolean;
}

/** The network, or one of its blocks, before and after. */
interface Scope {
  readonly within: string | undefined;
  readonly analysis: Analysis;
  /** Layers that it no longer has. */
  readonly gone: readonly LayerSpec[];
  /** Layers that it did not have. */
  readonly added: readonly LayerSpec[];
}

/** How the layers of a text are grouped in a later network; undefined if as they were. */
export function regroupingTo(now: NetworkSpec, text: string, analysis: Analysis): Regrouping | undefined {
  for (const scope of scopesOf(analysis, now)) {
    const found = made(scope, now, text, analysis) ?? dissolved(scope, text, analysis);
    if (found) return found;
  }
  return undefined;
}

function scopesOf(analysis: Analysis, now: NetworkSpec): Scope[] {
  const { spec } = analysis;
  const scope = (within: string | undefined, before: readonly LayerSpec[], after: readonly LayerSpec[]) => {
    const [names, later] = [namesOf(before), namesOf(after)];
    const gone = before.filter(({ name }) => !later.has(name));
    const added = after.filter(({ name }) => !names.has(name));
    if (gone.length === 0 || added.length === 0) return [];
    const block = within === undefined ? undefined : spec.blocks.get(within)!;
    const prefix = block && (firstUses(analysis.graph).get(block.name) ?? insideName(block.name, ''));
    const inside = block ? analysisInside(analysis, { block, prefix: prefix! }) : analysis;
    return [{ within, analysis: inside, gone, added }];
  };
  return [
    ...scope(undefined, spec.layers, now.layers),
    ...[...spec.blocks.values()].flatMap(({ name, layers }) =>
      scope(name, layers, now.blocks.get(name)?.layers ?? []),
    ),
  ];
}

const namesOf = (layers: readonly LayerSpec[]): ReadonlySet<string> =>
  new Set(layers.map(({ name }) => name));

/** A new use of a new block that has the layers that are gone. */
function made(scope: Scope, now: NetworkSpec, text: string, whole: Analysis): Regrouping | undefined {
  const gone = namesOf(scope.gone);
  const remaining = namesOf(scope.analysis.spec.layers.filter(({ name }) => !gone.has(name)));
  for (const type of new Set(scope.added.map((use) => use.type))) {
    const block = now.blocks.get(type);
    if (!block || whole.spec.blocks.has(block.name)) continue;
    const parts = block.layers.filter((layer) => !isPort(layer)).map(({ name }) => name);
    const chosen = parts.filter((name) => gone.has(name));
    // Layers that remain are copied, not moved.
    if (chosen.length === 0 || parts.some((name) => remaining.has(name))) continue;
    const outcome = makeBlock({ ...scope.analysis, text, whole }, chosen, judgedBy(scope, whole));
    const found = regrouped(scope, text, whole, outcome);
    if (found) return found;
  }
  return undefined;
}

/** A use that is gone, and the layers of its block instead. */
function dissolved(scope: Scope, text: string, whole: Analysis): Regrouping | undefined {
  const added = new Map(scope.added.map(({ name, type }) => [name, type]));
  for (const { name } of scope.gone) {
    const types = typesDissolved(scope.analysis, whole.spec.blocks, name);
    if (!types || types.size === 0 || [...types].some(([one, type]) => added.get(one) !== type)) continue;
    const outcome = dissolveBlock(scope.analysis, { ...whole, text }, name, judgedBy(scope, whole));
    const found = regrouped(scope, text, whole, outcome);
    if (found) return found;
  }
  return undefined;
}

/** Losses judge layers of the network. */
const judgedBy = ({ within }: Scope, { trainingGiven }: Analysis) =>
  within === undefined ? judgedIn(trainingGiven as Json | undefined) : [];

function regrouped(
  { within, gone }: Scope,
  text: string,
  { spec }: Analysis,
  outcome: BlockEdit,
): Regrouping | undefined {
  if ('problem' in outcome) return undefined;
  const { edit, moved, select } = outcome;
  const applied = applyEdit(text, within === undefined ? edit : { kind: 'inBlock', block: within, edit });
  if ('problem' in applied) return undefined;
  const before = gone.filter(({ name }) => isMoved(name, moved));
  const after = applyChanges(text, applied.changes);
  const home = homeOf(within);
  const places = [...moved.values()].map((name) => placeIn(home, name));
  return {
    text: after,
    translation: translationInto(spec, analyze(after).spec, within, moved),
    isUndoneIn(now, later) {
      const typeAt = (place: Path) => layerAt(now, place)?.type;
      // Another layer may have the earlier name, while this one was moved on.
      const isBack = ({ name, type }: LayerSpec) => {
        const [typeNow, block] = [String(later.path(['blocks', type])[1]), spec.blocks.get(type)];
        const parts = now.blocks.get(typeNow)?.layers;
        return (
          !layerAt(later.spec, [...home, name]) &&
          typeAt([...home, name]) === typeNow &&
          block?.layers.length === parts?.length &&
          (block?.layers ?? []).every((part) => layerAt(now, later.path(['blocks', type, part.name])))
        );
      };
      // A block that is dissolved after layers in it were renamed leaves them with their later names.
      const isReleased = (place: Path) => {
        const latest = later.path(place).at(-1)!;
        return latest !== place.at(-1) && typeAt([...home, latest]) !== undefined;
      };
      return (
        before.every(isBack) &&
        ![...select.map((name): Path => [...home, name]), ...places].some((place) =>
          layerAt(now, later.path(place)),
        ) &&
        !places.some(isReleased)
      );
    },
  };
}

type Moved = ReadonlyMap<string, string>;

/** The place of the layers of the network, or of those of a block. */
const homeOf = (within: string | undefined): Path => (within === undefined ? ['layers'] : ['blocks', within]);

/** The place of a layer that was moved, or of one in a new block ("block1/a"). */
function placeIn(home: Path, name: string): Path {
  const [first, part] = name.split('/');
  return part === undefined ? [...home, first] : ['blocks', first, part];
}

function layerAt({ layers, blocks }: NetworkSpec, place: Path): LayerSpec | undefined {
  const all = place[0] === 'layers' ? layers : (blocks.get(String(place[1]))?.layers ?? []);
  return all.find(({ name }) => name === place.at(-1));
}

/** Whether a layer was moved, or a use whose layers were. */
const isMoved = (name: string, moved: Moved): boolean =>
  moved.has(name) || [...moved.keys()].some((one) => one.startsWith(insideName(name, '')));

function translationInto(
  before: NetworkSpec,
  after: NetworkSpec,
  within: string | undefined,
  moved: Moved,
): Translation {
  const layers = within === undefined ? before.layers : before.blocks.get(within)!.layers;
  const types = new Map(layers.map(({ name, type }) => [name, type]));
  const home = homeOf(within);
  /** What replaces a layer of a block that is gone: one layer for each copy. */
  const copiesOf = (block: string, name: string): string[] =>
    after.blocks.has(block)
      ? []
      : [...moved].flatMap(([from, to]) => {
          const parts = from.split('/');
          return parts.length > 1 && parts.at(-1) === name && types.get(parts[0]) === block ? [to] : [];
        });
  const full = (name: string): string => {
    let block: string | undefined;
    let inside = before.layers;
    const parts = partsOf(name) ?? [];
    for (let start = 0; start < parts.length; start++) {
      for (let end = parts.length; block === within && end > start; end--) {
        const now = moved.get(insideName(...parts.slice(start, end)));
        if (now !== undefined) return insideName(...parts.slice(0, start), now, ...parts.slice(end));
      }
      const used = before.blocks.get(inside.find((one) => one.name === parts[start])?.type ?? '');
      if (used) [block, inside] = [used.name, used.layers];
    }
    return name;
  };
  const path = (place: Path): Path => {
    const rest = place.slice(home.length);
    const isHere = rest.length > 0 && home.every((step, index) => place[index] === step);
    const now = isHere ? moved.get(String(rest[0])) : undefined;
    if (now !== undefined) return [...placeIn(home, now), ...rest.slice(1)];
    const [copy] = place[0] === 'blocks' ? copiesOf(String(place[1]), String(place[2])) : [];
    return copy === undefined ? place : [...home, copy, ...place.slice(3)];
  };
  const edit = (given: SpecEdit, block?: string): SpecEdit | undefined => {
    if (given.kind === 'several') {
      const edits = given.edits.map((one) => edit(one, block)).filter((one) => one !== undefined);
      return edits.length === given.edits.length ? { ...given, edits } : undefined;
    }
    if (given.kind === 'inBlock') {
      const inner = edit(given.edit, given.block);
      return inner === given.edit ? given : inner;
    }
    const isMoved = (name: string): boolean =>
      block === within
        ? full(name) !== name || [...moved.keys()].some((one) => one.startsWith(insideName(name, '')))
        : block !== undefined && copiesOf(block, name).length > 0;
    if (!layersIn(given).some(isMoved)) return given;
    // The name of a layer that leads into a block is enough for the text to have a place for it.
    if (given.kind !== 'setAttribute' || within !== undefined) return undefined;
    if (block === undefined)
      return types.has(given.layer) && !moved.has(given.layer)
        ? undefined
        : { ...given, layer: full(given.layer) };
    return { kind: 'several', edits: copiesOf(block, given.layer).map((layer) => ({ ...given, layer })) };
  };
  return { full, path, edit };
}

/** The layers that an edit names. */
function layersIn(edit: SpecEdit): readonly string[] {
  const found: string[] = [];
  const seen = (name: string) => {
    found.push(name);
    return name;
  };
  renamedEdit(edit, {
    block: (name) => name,
    layer: seen,
    full: seen,
    output: (ref) => ({ ...ref, layer: seen(ref.layer) }),
  });
  return found;
}
