/** Any gesture of the graph on any network, and what it may change. */
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { type BlockEdit, judgedIn, makeBlock } from '../../engine/graph/makeBlock.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { templates } from '../../engine/templates/registry.ts';
import { refuses } from '../../webview/canvas/joining.ts';
import { aligned, distributed } from '../../webview/model/arranging.ts';
import { bypassLayers, freezeLayers, replaceLayers } from '../../webview/model/changingLayers.ts';
import type { Point } from '../../webview/model/geometry.ts';
import {
  addLayer,
  connect,
  copyText,
  disconnect,
  duplicate,
  type EdgeEnd,
  type Gesture,
  moveLayers,
  paste,
  reconnect,
  removeLayers,
  renameLayer,
  setInBlock,
} from '../../webview/model/gestures.ts';
import type { NetworkView } from '../../webview/model/network.ts';
import { startWith } from '../../webview/model/starters.ts';
import type { Draw } from './anyText.ts';

/** A gesture, and what it may change. Layers have the names of the scope in view. */
export interface Attempt {
  readonly gesture: Gesture | undefined;
  /** Layers whose own text may change, and those whose readers may change too. */
  readonly own?: readonly string[];
  readonly read?: readonly string[];
  readonly gone?: readonly string[];
  /** Blocks whose layers may come, go and change. */
  readonly blocks?: readonly string[];
  /** How many layers come into the scope in view; unchecked without it. */
  readonly come?: number;
  /** Layers whose comments are replaced. */
  readonly noted?: readonly string[];
  /** Layers that get another place. */
  readonly moved?: readonly string[];
  /** The edit may be refused. */
  readonly refusable?: boolean;
}

type Make = (view: NetworkView, draw: Draw) => Attempt | undefined;

const nameIn = ({ layers }: NetworkView, draw: Draw): string => draw.one(layers).name;

const someOf = ({ layers }: NetworkView, draw: Draw): string[] => draw.some(layers).map(({ name }) => name);

const edgesOf = ({ layers }: NetworkView): EdgeEnd[] =>
  layers.flatMap(({ name, from }) => from.map((_, index) => ({ to: name, index })));

const anyType = (view: NetworkView, draw: Draw): string => draw.one(view.analysis.spec.kinds.types);

const copied = (gesture: Gesture | undefined): Attempt => ({ gesture, come: gesture?.select?.length ?? 0 });

const judgedBy = ({ inside, training }: NetworkView) =>
  inside ? [] : judgedIn(training as Json | undefined);

const gestureOf = (outcome: BlockEdit): Gesture | undefined => ('edit' in outcome ? outcome : undefined);

const boxesOf = (view: NetworkView, draw: Draw) =>
  someOf(view, draw).map((name) => ({
    name,
    at: [draw.below(900) - 100, draw.below(900)] as const,
    size: [264, draw.one([26, 66])] as const,
  }));

const moving = (places: ReadonlyMap<string, Point>): Attempt => ({
  gesture: moveLayers(places),
  come: 0,
  moved: [...places.keys()],
});

export const makers: { readonly [gesture: string]: Make } = {
  'add after layers': (view, draw) => {
    const layers = draw.chance(0.2) ? [] : someOf(view, draw);
    return {
      gesture: addLayer(view, anyType(view, draw), { place: 'after', layers }),
      own: view.layers.map(({ name }) => name),
      come: 1,
    };
  },
  'add at a point': (view, draw) => {
    const from = view.layers.length > 0 && draw.chance(0.5) ? { from: { layer: nameIn(view, draw) } } : {};
    const place = { place: 'point', position: [draw.below(900) - 99.5, draw.below(900)], ...from } as const;
    return { gesture: addLayer(view, anyType(view, draw), place), come: 1 };
  },
  'insert on a connection': (view, draw) => {
    const edges = edgesOf(view);
    if (edges.length === 0) return undefined;
    const edge = draw.one(edges);
    return { gesture: addLayer(view, anyType(view, draw), { place: 'edge', edge }), own: [edge.to], come: 1 };
  },
  'delete with healing': (view, draw) => {
    const names = someOf(view, draw);
    return names.length === 0
      ? undefined
      : { gesture: removeLayers(names), read: names, gone: names, come: 0 };
  },
  'delete without healing': (view, draw) => {
    const names = someOf(view, draw);
    return names.length === 0
      ? undefined
      : { gesture: removeLayers(names, false), read: names, gone: names, come: 0 };
  },
  'replace the kind': (view, draw) => {
    const names = someOf(view, draw);
    const gesture = replaceLayers(view, names, anyType(view, draw));
    const renamed = names.filter((name) => !(gesture?.select ?? names).includes(name));
    return { gesture, own: names, read: renamed, gone: renamed, come: renamed.length };
  },
  bypass: (view, draw) => {
    const names = someOf(view, draw);
    return { gesture: bypassLayers(view, names), own: names, come: 0 };
  },
  freeze: (view, draw) => {
    const names = someOf(view, draw);
    return { gesture: freezeLayers(view, names), own: names, come: 0 };
  },
  duplicate: (view, draw) => copied(duplicate(view, someOf(view, draw))),
  'copy with Alt': (view, draw) => {
    const names = someOf(view, draw);
    const places = new Map(names.map((name) => [name, [draw.below(900), draw.below(900)] as const]));
    return copied(duplicate(view, names, places));
  },
  'copy and paste': (view, draw) => copied(paste(view, copyText(view, someOf(view, draw)))),
  connect: (view, draw) => {
    const { outputs } = draw.one(view.layers);
    const to = draw.one(view.layers);
    if (outputs.length === 0) return undefined;
    const join = {
      from: draw.one(outputs).ref,
      end: { to: to.name, index: draw.below(to.from.length + 1) },
    };
    if (refuses(view, join) !== undefined) return undefined;
    return { gesture: connect(join.from, join.end), own: [to.name], come: 0 };
  },
  reconnect: (view, draw) => {
    const edges = edgesOf(view);
    if (edges.length === 0) return undefined;
    const old = draw.one(edges);
    const to = draw.one(view.layers);
    const end = { to: to.name, index: draw.below(to.from.length + 1) };
    const from = view.byName.get(old.to)!.from[old.index];
    if (!view.byName.has(from.layer) || refuses(view, { from, end }) !== undefined) return undefined;
    return { gesture: reconnect(old, from, end), own: [old.to, to.name], come: 0 };
  },
  disconnect: (view, draw) => {
    const edges = draw.some(edgesOf(view), 0.3);
    return edges.length === 0
      ? undefined
      : { gesture: disconnect(edges), own: edges.map(({ to }) => to), come: 0 };
  },
  rename: (view, draw) => {
    const name = nameIn(view, draw);
    const newName = draw.one(['a', 'renamed', 'x-1', 'block', name]);
    const same = newName === name;
    return {
      gesture: renameLayer(name, newName),
      read: [name],
      gone: same ? [] : [name],
      come: same ? 0 : 1,
      refusable: view.byName.has(newName),
    };
  },
  note: (view, draw) => {
    const layer = nameIn(view, draw);
    const text = draw.one(['', 'short', 'two\nlines', 'a */ b // c', ' "quoted": { ', 'ü €\r\n\r\nlast']);
    return { gesture: { edit: { kind: 'setNote', layer, text } }, noted: [layer], come: 0 };
  },
  'make a block': (view, draw) => {
    const names = someOf(view, draw);
    const scope = { ...view.analysis, text: view.text, whole: view.whole };
    const outcome = makeBlock(scope, names, judgedBy(view));
    const gesture = gestureOf(outcome);
    return (
      gesture && {
        gesture,
        read: names,
        gone: names,
        blocks: ['block' in outcome ? outcome.block! : ''],
        come: 1,
      }
    );
  },
  'dissolve a block': (view, draw) => {
    const { blocks } = view.whole.spec;
    const found = view.layers.filter((layer) => blocks.has(layer.type));
    const { name } = draw.one(found.length > 0 ? found : view.layers);
    const gesture = gestureOf(
      dissolveBlock(view.analysis, { ...view.whole, text: view.text }, name, judgedBy(view)),
    );
    const type = view.byName.get(name)!.type;
    const uses = view.layers.filter((layer) => layer.type === type).map((layer) => layer.name);
    return gesture && { gesture, read: uses, gone: uses, blocks: blocks.has(type) ? [type] : [] };
  },
  repeat: (view, draw) => {
    const uses = view.layers.filter(({ type }) => view.whole.spec.blocks.has(type));
    if (uses.length === 0) return undefined;
    const { name } = draw.one(uses);
    const value = draw.one([undefined, 1, 2, 12]);
    return {
      gesture: { edit: { kind: 'setAttribute', layer: name, attribute: 'repeat', value } },
      own: [name],
      come: 0,
    };
  },
  'change a layer in a frame': (view, draw) => {
    const { blocks } = view.whole.spec;
    if (blocks.size === 0) return undefined;
    const block = draw.one([...blocks.values()]);
    if (block.layers.length === 0) return undefined;
    const layer = draw.one(block.layers).name;
    const gesture = setInBlock(block.name, { layer, attribute: 'l2', value: draw.one([undefined, 0.5]) });
    return { gesture, blocks: [block.name], come: 0 };
  },
  move: (view, draw) => moving(new Map(boxesOf(view, draw).map(({ name, at }) => [name, at]))),
  align: (view, draw) => {
    const boxes = boxesOf(view, draw);
    return boxes.length < 2 ? undefined : moving(aligned(boxes, draw.one([0, 1]), draw.one([0, 0.5, 1])));
  },
  distribute: (view, draw) => {
    const boxes = boxesOf(view, draw);
    return boxes.length < 3 ? undefined : moving(distributed(boxes, draw.one([0, 1])));
  },
  'automatic layout': ({ analysis: { spec } }) => {
    const moved = [...spec.layout.keys()];
    return moved.length === 0 ? undefined : { gesture: { edit: { kind: 'clearLayout' } }, come: 0, moved };
  },
  'begin with a template': (view, draw) =>
    view.layers.length === 0 && !view.inside ? { gesture: startWith(view, draw.one(templates)) } : undefined,
};
