/**
 * Uses of blocks that are unfolded in place: what the graph draws instead of a layer in view. Only the view knows which uses are
 * unfolded, never the text. A layer inside a use has the name with which it runs, relative to the view: "stages/2/conv".
 */
import { create } from 'zustand';
import { inputsOf, mostLayers, outputMeant, outputsOf, repeatsOf } from '../../engine/graph/blocks.ts';
import { totalOf } from '../../engine/graph/summary.ts';
import { blockPorts } from '../../engine/spec/blockKinds.ts';
import type { BlockSpec, LayerSpec, OutputRef } from '../../engine/spec/document.ts';
import { insideName } from '../../engine/spec/reference.ts';
import type { EdgeEnd } from './gestures.ts';
import { routeKey } from './layout.ts';
import { type LayerView, type NetworkView, unlessChanged, viewNetwork } from './network.ts';

/** A use of a block and, if it is repeated, the copy, from 1. */
export interface Step {
  readonly use: string;
  readonly copy: number;
}

/** The unfolded uses, by their names in the network, including copies of repeated uses. */
export const useUnfolded = create<{ readonly names: ReadonlySet<string> }>()(() => ({ names: new Set() }));

/** More copies than this are shown as the first ones, the last one, and a card for those between. */
const mostCopies = 8;
const firstCopies = 3;

/** A card, or a frame around the layers of a use. */
export interface Drawn {
  /** The layer under its drawn name. Its inputs are drawn items, or uses whose parts are drawn. */
  readonly layer: LayerView;
  /** What is written on it. */
  readonly title: string;
  /** For each input, the place of its name in the text of the scope in view; undefined if that is within a block. */
  readonly ends: readonly (EdgeEnd | undefined)[];
  /** For each input, the connections of the frames through which it enters, from the outside, as keys of routes. */
  readonly through: readonly (readonly string[])[];
  /** The block in which the layer is defined and can be changed; undefined in the scope in view. */
  readonly block: string | undefined;
  /** The path from the view to the scope in which it is defined, and its name there. */
  readonly way: readonly Step[];
  readonly written: string;
  /** For a use of a block, the path into it. */
  readonly inward: readonly Step[] | undefined;
  /** The names of the frames around it, the outermost first. */
  readonly frames: readonly string[];
  /** For a frame, its contents. */
  readonly content: readonly Drawn[] | undefined;
  /** For a frame, the output of a drawn item inside for each output of the use. */
  readonly gives: (output: string | undefined) => OutputRef | undefined;
  /** The names of the copies that it represents, if they differ from its own name. */
  readonly copies: readonly string[] | undefined;
}

export interface Drawing {
  /** In the order of the text. */
  readonly items: readonly Drawn[];
  /** All items, each frame before its contents. */
  readonly all: readonly Drawn[];
  readonly byName: ReadonlyMap<string, Drawn>;
}

/** An input of a scope: the output that it reads, and the place of that in the text. */
interface Input {
  readonly ref: OutputRef;
  readonly end: EdgeEnd | undefined;
  readonly through: readonly string[];
}

/** A scope whose layers are being drawn. */
interface Place {
  readonly view: NetworkView;
  readonly unfolded: ReadonlySet<string>;
  /** The prefix of the names of its layers: "" for the scope in view. */
  readonly prefix: string;
  readonly block: string | undefined;
  readonly way: readonly Step[];
  readonly frames: readonly string[];
  /** The outputs that its inputs read, if it is a block. */
  readonly inputs: ReadonlyMap<string, Input>;
}

const known = new WeakMap<
  NetworkView,
  { readonly unfolded: ReadonlySet<string>; readonly drawing: Drawing }
>();

/** The items that are drawn for the layers of a view. */
export function drawingOf(view: NetworkView, unfolded = useUnfolded.getState().names): Drawing {
  const before = known.get(view);
  if (before?.unfolded === unfolded) return before.drawing;
  const items = drawScope(view.layers, {
    view,
    unfolded,
    prefix: '',
    block: undefined,
    way: [],
    frames: [],
    inputs: new Map(),
  });
  const all: Drawn[] = [];
  const byName = new Map<string, Drawn>();
  const add = (drawn: readonly Drawn[]) => {
    for (let index = 0; index < drawn.length; index++) {
      const item = drawn[index];
      all.push(item);
      byName.set(item.layer.name, item);
      if (item.content) add(item.content);
    }
  };
  add(items);
  const drawing = { items, all, byName };
  known.set(view, { unfolded, drawing });
  return drawing;
}

/** Whether it is a copy of a block. The text has only the use that repeats the block. */
export const isCopy = ({ inward, title, written }: Drawn): boolean =>
  inward !== undefined && title !== written;

/** Whether it is such a copy within a frame. It has no attributes of its own that could be set. */
export const isCopyInBlock = (drawn: Drawn | undefined): boolean =>
  drawn?.block !== undefined && isCopy(drawn);

/** The layer in view to which a card belongs: its own, or the one in whose frame it is. */
export const outermostIn = (view: NetworkView, name: string): string =>
  drawingOf(view).byName.get(name)?.frames[0] ?? name;

/** The output of a card that a reference means; undefined if nothing that is drawn leads to one. */
export function sourceOf({ byName }: Drawing, ref: OutputRef): OutputRef | undefined {
  let source: OutputRef | undefined = ref;
  for (let item = byName.get(ref.layer); item?.content && source; item = source && byName.get(source.layer))
    source = item.gives(source.output);
  return source && byName.has(source.layer) ? source : undefined;
}

/** The items of layers in view that are no uses of blocks, which depend on nothing else. */
const lastItems = new WeakMap<LayerView, Drawn>();

const folded = { content: undefined, copies: undefined, gives: () => undefined };

function drawScope(layers: readonly LayerView[], place: Place): Drawn[] {
  const { view, unfolded, prefix, block, way, frames, inputs } = place;
  return layers.flatMap((layer): Drawn | Drawn[] => {
    // Within a frame, connections bypass the inputs and outputs of a block.
    if (block !== undefined && isPort(layer)) return [];
    const used = blockUsed(view, layer);
    const before = block === undefined && !used ? lastItems.get(layer) : undefined;
    if (before) return before;
    const name = prefix + layer.name;
    const ends = layer.from.map((ref, index) =>
      block === undefined ? { to: name, index } : inputs.get(ref.layer)?.end,
    );
    const drawn =
      block === undefined
        ? layer
        : named(
            withValues(layer, view, name),
            name,
            layer.from.map((ref) => outward(ref, place)),
          );
    const item: Drawn = {
      ...folded,
      layer: drawn,
      title: layer.name,
      ends,
      through: layer.from.map((ref) => inputs.get(ref.layer)?.through ?? []),
      block,
      way,
      written: layer.name,
      inward: undefined,
      frames,
    };
    if (block === undefined && !used) lastItems.set(layer, item);
    if (!used) return item;
    const copies = layer.typed ? repeatsOf(layer.typed.spec) : 1;
    const use = { ...item, inward: [...way, { use: layer.name, copy: 1 }] };
    if (!unfolded.has(fullOf(view, name))) return use;
    return copies === 1 ? unfoldUse(use, used, 1, place) : unfoldCopies(use, used, copies, place);
  });
}

/** With the values of the block's parameters in its use. */
function withValues(layer: LayerView, view: NetworkView, name: string): LayerView {
  const given = view.whole.graph.byName.get(fullOf(view, name))?.spec.given;
  return given ? { ...layer, given } : layer;
}

const isPort = ({ definition }: Pick<LayerView, 'definition'>): boolean =>
  definition !== undefined && blockPorts.includes(definition);

const fullOf = ({ inside }: NetworkView, name: string): string => (inside?.prefix ?? '') + name;

const blockUsed = ({ whole }: NetworkView, { type, given }: LayerView): BlockSpec | undefined =>
  given.bypass === true ? undefined : whole.spec.blocks.get(type);

/** The drawn item that a reference within a scope means. */
const outward = (ref: OutputRef, { prefix, inputs }: Place): OutputRef =>
  inputs.get(ref.layer)?.ref ?? { ...ref, layer: prefix + ref.layer };

/** The layers that were drawn last, so that unchanged ones stay the same objects. */
const lastDrawn = new Map<string, LayerView>();

function named(layer: LayerView, name: string, from: readonly OutputRef[]): LayerView {
  const outputs = layer.outputs.map(({ ref, read }) => ({ ref: { ...ref, layer: name }, read }));
  const drawn = unlessChanged(lastDrawn.get(name), { ...layer, name, from, outputs });
  if (lastDrawn.size > mostLayers) lastDrawn.clear();
  lastDrawn.set(name, drawn);
  return drawn;
}

/** The frame of one copy, with the layers of the block inside. */
function unfoldUse(use: Drawn, block: BlockSpec, copy: number, { view, unfolded }: Place): Drawn {
  const { name, from } = use.layer;
  const prefix = insideName(name, '');
  const inside = viewNetwork(view.text, view.revision, view.whole, undefined, {
    block,
    prefix: fullOf(view, prefix),
  });
  const place: Place = {
    view,
    unfolded,
    prefix,
    block: block.name,
    way: [...use.way, { use: use.written, copy }],
    frames: [...use.frames, name],
    inputs: new Map(
      inputsOf(block).map((port, index): [string, Input] => [
        port.name,
        {
          ref: from[index] ?? { layer: prefix + port.name },
          end: use.ends[index],
          through: from[index] ? [...use.through[index], routeKey(name, index)] : [],
        },
      ]),
    ),
  };
  return {
    ...use,
    content: drawScope(inside.layers, place),
    gives(output) {
      const ref = outputMeant(block, { layer: name, ...(output === undefined ? {} : { output }) })?.from[0];
      return ref && outward(ref, place);
    },
  };
}

/** The frame of a repeated use, with a card for each copy, or for those between the first and the last. */
function unfoldCopies(use: Drawn, block: BlockSpec, count: number, place: Place): Drawn {
  const { layer, written, way } = use;
  const nameOf = (copy: number): string => insideName(layer.name, copy);
  const between = count > mostCopies ? { first: firstCopies + 1, last: count - 1 } : undefined;
  const frames = [...use.frames, layer.name];
  let last = layer.name;
  const content: Drawn[] = [];
  for (let copy = 1; copy <= count; copy++) {
    const gap = copy === between?.first ? between : undefined;
    const name = gap ? `${layer.name}/${gap.first}…${gap.last}` : nameOf(copy);
    const first = copy === 1 ? layer.from.slice(0, 1) : [{ layer: last }];
    const card = named(copyOf(layer, block, place.view, fullOf(place.view, nameOf(copy))), name, [
      ...first,
      ...layer.from.slice(1),
    ]);
    const item: Drawn = {
      ...use,
      layer: card,
      title: gap ? `${gap.first} … ${gap.last}` : String(copy),
      ends: copy === 1 ? use.ends : [undefined, ...use.ends.slice(1)],
      through: layer.from.map((_, index) =>
        copy > 1 && index === 0 ? [] : [...use.through[index], routeKey(layer.name, index)],
      ),
      inward: [...way, { use: written, copy }],
      block: block.name,
      frames,
      copies:
        gap && Array.from({ length: gap.last - gap.first + 1 }, (_, index) => nameOf(gap.first + index)),
    };
    const open = !gap && place.unfolded.has(fullOf(place.view, name));
    content.push(open ? unfoldUse(item, block, copy, place) : item);
    last = name;
    if (gap) copy = gap.last;
  }
  return {
    ...use,
    content,
    gives: (output) => ({ layer: last, ...(output === undefined ? {} : { output }) }),
  };
}

/** A copy as if it were a use of its own, with its own shapes and cost. */
function copyOf(use: LayerView, block: BlockSpec, { whole }: NetworkView, full: string): LayerView {
  const { repeat: _, ...given } = use.given;
  const start = insideName(full, '');
  const shapeOf = (port: LayerSpec) => whole.graph.byName.get(start + port.name)?.inferred.output;
  const [output] = outputsOf(block).map(shapeOf);
  const inputShapes = inputsOf(block).map(shapeOf);
  const typed =
    use.typed && output && inputShapes.every((shape) => shape !== undefined)
      ? { ...use.typed, inputShapes, inferred: { ...use.typed.inferred, output } }
      : undefined;
  const parts = whole.graph.layers.flatMap(({ name }) =>
    name.startsWith(start) ? (whole.summaries.get(name) ?? []) : [],
  );
  // The frame around the copies has the losses.
  return { ...use, given, problems: [], losses: [], typed, summary: use.summary && totalOf(parts) };
}
