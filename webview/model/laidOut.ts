/** What the layout of a drawing depends on. An edit that changes none of it keeps the layout. */
import { portsOf } from '../../engine/graph/ports.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { canFollow, cardHeight, standsForLayers } from './cardSizes.ts';
import { type FramedLayout, type Item, layoutItems } from './frames.ts';
import type { Direction, Point } from './geometry.ts';
import { type Held, placesHeld } from './held.ts';
import type { LayerView, NetworkView } from './network.ts';
import type { Placeable } from './placeable.ts';
import type { Drawing, Drawn } from './unfolding.ts';
import { sameJson } from './values.ts';

interface Wanted {
  readonly items: readonly Item[];
  readonly saved: ReadonlyMap<string, Point>;
  readonly direction: Direction;
}

let last: (Wanted & { readonly layout: FramedLayout }) | undefined;

export function layoutOf(
  view: NetworkView,
  drawing: Drawing,
  direction: Direction,
  held: Held,
): FramedLayout {
  const { items, saved } = toLayOut(view, drawing, held);
  const wanted = { items, saved, direction };
  if (!last || !sameWanted(last, wanted)) last = { ...wanted, layout: layoutItems(items, saved, direction) };
  return last.layout;
}

/** What is laid out, and the places that it has. */
export function toLayOut(view: NetworkView, drawing: Drawing, held: Held): Omit<Wanted, 'direction'> {
  const known = [...placesHeld(held, view)].filter(([name]) => view.byName.has(name));
  return { items: itemsOf(drawing.items, held), saved: new Map([...known, ...view.analysis.spec.layout]) };
}

/** Of cards that lead to no other than the text says, which are all but a few, so that most are compared at a glance. */
const knownItems = new WeakMap<Drawn, Item>();

function itemsOf(drawn: readonly Drawn[], held: Held): readonly Item[] {
  return drawn.map((one) => {
    const { layer, content } = one;
    const source = layer.from.length === 0 ? held.sources.get(layer.name) : undefined;
    if (content || source !== undefined)
      return { placeable: placeable(layer, source), content: content && itemsOf(content, held) };
    let item = knownItems.get(one);
    if (!item) {
      item = { placeable: placeable(layer, undefined), content: undefined };
      knownItems.set(one, item);
    }
    return item;
  });
}

/** `source`: what a layer that has lost its input is laid out after. */
const placeable = ({ name, type, from, definition }: LayerView, source: string | undefined): Placeable => ({
  name,
  from: source === undefined ? from : [{ layer: source }],
  height: cardHeight(definition),
  follows: canFollow(definition),
  type,
  alone: standsForLayers(definition),
  takesInput: portsOf(definition).length > 0,
});

const sameWanted = (a: Wanted, b: Wanted): boolean =>
  a.direction === b.direction &&
  a.saved.size === b.saved.size &&
  sameJson([...a.saved], [...b.saved]) &&
  sameItems(a.items, b.items);

const sameItems = (a: readonly Item[], b: readonly Item[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index] || sameItem(item, b[index]));

const sameItem = (a: Item, b: Item): boolean =>
  samePlaceable(a.placeable, b.placeable) &&
  (a.content === b.content ||
    (a.content !== undefined && b.content !== undefined && sameItems(a.content, b.content)));

const samePlaceable = (a: Placeable, b: Placeable): boolean =>
  a.name === b.name &&
  a.height === b.height &&
  a.follows === b.follows &&
  a.type === b.type &&
  a.alone === b.alone &&
  a.takesInput === b.takesInput &&
  (a.from === b.from || sameRefs(a.from, b.from));

const sameRefs = (a: readonly OutputRef[], b: readonly OutputRef[]): boolean =>
  a.length === b.length &&
  a.every(({ layer, output }, index) => layer === b[index].layer && output === b[index].output);
