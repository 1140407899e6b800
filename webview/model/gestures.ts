/** Pure functions from the network and a gesture to one SpecEdit. */

import { type AddedBlocks, addBlocks } from '../../engine/graph/addBlocks.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { startingLayer } from '../../engine/graph/inputs.ts';
import { commentsOf } from '../../engine/graph/layerText.ts';
import { noteOn } from '../../engine/graph/makeBlock.ts';
import { portsOf } from '../../engine/graph/ports.ts';
import type { LayerDefinition, Shape } from '../../engine/layers/define.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { copyName, freshName } from '../../engine/spec/names.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { card, cardHeight } from './cardSizes.ts';
import type { Point } from './geometry.ts';
import { type LayerView, type NetworkView, readersOf, viewNetwork } from './network.ts';
import type { RawValues } from './values.ts';

/** An edit, and the layers to select once it is in the text. */
export interface Gesture {
  readonly edit: SpecEdit;
  readonly select?: readonly string[];
  /** The edit names layers of the network, even while the inside of a block is in view. */
  readonly ofNetwork?: true;
}

/** An edge, identified by its end, because each input has one. */
export interface EdgeEnd {
  readonly to: string;
  readonly index: number;
}

/** The position of a new layer. */
export type Place =
  /** After these layers, inserted into the chain. */
  | { readonly place: 'after'; readonly layers: readonly string[] }
  | { readonly place: 'edge'; readonly edge: EdgeEnd; readonly position?: Point }
  /** Alone, or reading `from`, the start of a connection that was dropped there. */
  | { readonly place: 'point'; readonly position: Point; readonly from?: OutputRef };

/** Inside a block, an edit applies to the layers of the block. */
export const editInView = ({ inside }: NetworkView, { edit, ofNetwork }: Gesture): SpecEdit =>
  inside && !ofNetwork ? { kind: 'inBlock', block: inside.block.name, edit } : edit;

/** An attribute of a layer of a block, whatever is in view. */
export const setInBlock = (
  block: string,
  set: Omit<Extract<SpecEdit, { kind: 'setAttribute' }>, 'kind'>,
): Gesture => ({
  edit: { kind: 'inBlock', block, edit: { kind: 'setAttribute', ...set } },
  ofNetwork: true,
});

/** One edit needs no wrapping. */
export const together = (edits: readonly SpecEdit[]): SpecEdit =>
  edits.length === 1 ? edits[0] : { kind: 'several', edits };

const point = (position: Point | undefined) =>
  position ? { position: [Math.round(position[0]), Math.round(position[1])] as const } : {};

export const joinsInputs = (definition: LayerDefinition): boolean =>
  portsOf(definition).length > 1 || portsOf(definition).at(-1)?.variadic !== undefined;

/** `inputShape`: of a sample of the data, which a new input layer gets. */
export function addLayer(view: NetworkView, type: string, place: Place, inputShape?: Shape): Gesture {
  const definition = view.analysis.spec.kinds.get(type);
  const name = freshName(type, (candidate) => view.byName.has(candidate));
  const takesInput = portsOf(definition).length > 0;
  const { from, reader, position } = resolve(view, place, joinsInputs(definition));
  const add: SpecEdit = {
    kind: 'addLayer',
    name,
    type,
    attributes: startingLayer(definition, inputShape),
    from: takesInput ? from : [],
    ...point(position),
  };
  const edits: SpecEdit[] = [add];
  if (takesInput && reader)
    edits.push({ kind: 'connect', from: { layer: name }, to: reader.to, index: reader.index });
  return { edit: together(edits), select: [name] };
}

/** The inputs that a layer at a place would have, and the input that would read it. A merging kind reads all selected layers. */
export function resolve(
  view: NetworkView,
  place: Place,
  joins: boolean,
): { from: readonly OutputRef[]; reader?: EdgeEnd; position?: Point } {
  switch (place.place) {
    case 'point':
      return { from: place.from ? [place.from] : [], position: place.position };
    case 'edge': {
      const source = view.byName.get(place.edge.to)?.from[place.edge.index];
      const { position } = place;
      return {
        from: source ? [source] : [],
        ...(source ? { reader: place.edge } : {}),
        ...(position ? { position } : {}),
      };
    }
    case 'after': {
      const chosen = place.layers.filter((name) => view.byName.has(name));
      const tail = chosen.length > 0 ? chosen : lastSink(view);
      if (joins) return { from: tail.map((layer) => ({ layer })) };
      const source = tail.at(-1);
      if (source === undefined) return { from: [] };
      const readers = readersOf(view, source).filter(({ ref }) => ref.output === undefined);
      return { from: [{ layer: source }], ...(readers.length === 1 ? { reader: readers[0] } : {}) };
    }
  }
}

/** The last layer that no other layer reads, where a chain is extended. */
function lastSink(view: NetworkView): string[] {
  const read = new Set(view.layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
  const sink = view.layers.findLast(({ name }) => !read.has(name));
  return sink ? [sink.name] : [];
}

/** With `heal`, the readers of a layer with one input read that input afterwards. */
export const removeLayers = (names: readonly string[], heal = true): Gesture => ({
  edit: { kind: 'removeLayers', names, heal },
});

export const connect = (from: OutputRef, { to, index }: EdgeEnd): Gesture => ({
  edit: { kind: 'connect', from, to, index },
});

/** Removes from the highest index down, so that lower indices stay valid. */
export function disconnect(edges: readonly EdgeEnd[]): Gesture {
  const ordered = [...edges].sort((a, b) => b.index - a.index);
  return { edit: together(ordered.map(({ to, index }) => ({ kind: 'disconnect', to, index }))) };
}

/** The end of an edge was dragged to another place. */
export function reconnect(old: EdgeEnd, from: OutputRef, next: EdgeEnd): Gesture {
  const join: SpecEdit = { kind: 'connect', from, to: next.to, index: next.index };
  if (old.to === next.to && old.index === next.index) return { edit: join };
  return { edit: together([join, { kind: 'disconnect', to: old.to, index: old.index }]) };
}

/** Writes only the positions of moved cards. */
export const moveLayers = (moved: ReadonlyMap<string, Point>): Gesture => ({
  edit: {
    kind: 'moveLayers',
    positions: Object.fromEntries(
      [...moved].map(([name, [x, y]]) => [name, [Math.round(x), Math.round(y)] as const]),
    ),
  },
});

export const renameLayer = (name: string, newName: string): Gesture => ({
  edit: { kind: 'renameLayer', name, newName },
  select: [newName],
});

/** Copies keep their inputs, or read the copy of an input that is copied too. */
export function duplicate(
  view: NetworkView,
  names: readonly string[],
  places?: ReadonlyMap<string, Point>,
): Gesture | undefined {
  return addCopies(
    view,
    view.layers.filter(({ name }) => names.includes(name)),
    (name) => commentsOf(view.text, view.analysis, name),
    places ?? besideOriginals(view, names),
  );
}

/** Gap between originals and their copies. */
const beside = 40;
/** The most copies that are placed beside each other; further ones overlap. */
const mostBeside = 50;

/**
 * Positions for copies of layers that were placed by hand; the layout places the others. All are moved to the right by the same
 * distance, so that they cover no layer that was placed by hand.
 */
function besideOriginals(view: NetworkView, names: readonly string[]): ReadonlyMap<string, Point> {
  const { layout } = view.analysis.spec;
  const originals = names.flatMap((name): [string, Point][] => {
    const place = layout.get(name);
    return place ? [[name, place]] : [];
  });
  const across = originals.map(([, [x]]) => x);
  const step = Math.max(...across) - Math.min(...across) + card.width + beside;
  const heightOf = (name: string) => cardHeight(view.byName.get(name)?.definition);
  const covers = (right: number): boolean =>
    originals.some(([name, [x, y]]) =>
      [...layout].some(
        ([other, [left, top]]) =>
          Math.abs(x + right - left) < card.width && y < top + heightOf(other) && top < y + heightOf(name),
      ),
    );
  let right = step;
  for (let tries = 1; tries < mostBeside && covers(right); tries++) right += card.width + beside;
  return new Map(originals.map(([name, [x, y]]) => [name, [x + right, y]]));
}

/** A note as comments above a layer. */
const commentLines = (note: string | undefined): string =>
  note === undefined ? '' : note.replaceAll(/^.*$/gm, '// $&').concat('\n');

/** The text of layers with their notes, one after another, as copying puts it on the clipboard; with the blocks that they use. */
export function copyText(view: NetworkView, names: readonly string[]): string {
  const copied = view.layers.filter(({ name }) => names.includes(name));
  const { blocks } = addBlocks(
    { ...view.whole, text: view.text },
    copied.map(({ type }) => type),
    new Map(),
  );
  const layers = copied
    .flatMap(({ name }) => {
      const range = view.analysis.layerRanges.get(name)?.whole;
      const note = commentLines(view.analysis.notes.get(name));
      return range ? [note + view.text.slice(range.start, range.end)] : [];
    })
    .join(',\n');
  if (blocks.length === 0) return layers;
  const definitions = blocks.map(({ name, layers: parts, comments }) => {
    const lines = Object.entries(parts).map(
      ([part, body]) => `${commentLines(comments.get(part))}${JSON.stringify(part)}: ${JSON.stringify(body)}`,
    );
    return `${JSON.stringify(name)}: {\n${lines.join(',\n')}\n}`;
  });
  return `{\n"blocks": {\n${definitions.join(',\n')}\n},\n"layers": {\n${layers}\n}\n}`;
}

/** The networks that a text of layers may stand for. */
function wholesOf(text: string): readonly string[] {
  const trimmed = text.trim().replace(/,$/, '');
  return [trimmed, `{"format": 1, "layers": ${trimmed}\n}`, `{"format": 1, "layers": {\n${trimmed}\n}}`];
}

/** Accepts the text of `copyText`, `{ "name": { … } }`, or a whole network. */
export function paste(view: NetworkView, text: string): Gesture | undefined {
  for (const whole of wholesOf(text)) {
    const pasted = viewNetwork(whole, 0, analyze(whole));
    const { kinds } = view.analysis.spec;
    const copied = pasted.layers.filter(({ type, definition }) => definition ?? kinds.find(type));
    if (copied.length === 0) continue;
    const places = besideOriginals(
      view,
      copied.map(({ name }) => name),
    );
    const blocks = addBlocks(
      { ...pasted.whole, text: whole },
      copied.map(({ type }) => type),
      view.whole.spec.blocks,
    );
    const comments = (name: string) => commentsOf(whole, pasted.analysis, name);
    return addCopies(view, copied, comments, places, blocks);
  }
  return undefined;
}

/** Why the text of layers cannot be pasted as it is: it is too large, or a layer has a reserved name. Undefined for any other text. */
export function problemOfPaste(text: string): string | undefined {
  const explained = ['spec/too-large', 'spec/reserved-name'];
  return wholesOf(text)
    .flatMap((whole) => analyze(whole).diagnostics)
    .find(({ code }) => explained.includes(code))?.message;
}

/** A copy shares parameters with the copy of the layer whose parameters the original uses. */
const sharing = (given: RawValues, names: ReadonlyMap<string, string>): RawValues => {
  const owner = typeof given.shares === 'string' ? names.get(given.shares) : undefined;
  return owner === undefined ? given : { ...given, shares: owner };
};

/** `comments` and `places` are of copies, by the name of the original. */
function addCopies(
  view: NetworkView,
  copied: readonly LayerView[],
  comments: (original: string) => string | undefined,
  places: ReadonlyMap<string, Point>,
  blocks: Pick<AddedBlocks, 'edits' | 'typeOf'> = { edits: [], typeOf: (type) => type },
): Gesture | undefined {
  if (copied.length === 0) return undefined;
  const names = new Map<string, string>();
  const used = new Set(view.byName.keys());
  for (const { name } of copied) {
    const free = used.has(name) ? copyName(name, (candidate) => used.has(candidate)) : name;
    used.add(free);
    names.set(name, free);
  }
  const edits = copied.flatMap(({ name, type, given, from }): readonly SpecEdit[] => [
    {
      kind: 'addLayer',
      name: names.get(name)!,
      type: blocks.typeOf(type),
      attributes: sharing(given, names),
      from: from
        .filter(({ layer }) => names.has(layer) || view.byName.has(layer))
        .map((ref) => ({ ...ref, layer: names.get(ref.layer) ?? ref.layer })),
      ...point(places.get(name)),
    },
    ...noteOn(names.get(name)!, comments(name)),
  ]);
  return { edit: together([...blocks.edits, ...edits]), select: [...names.values()] };
}
