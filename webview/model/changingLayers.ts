/** Gestures that change layers: their kind, and whether they are trained. */
import { arityOf, portsOf } from '../../engine/graph/ports.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { freshName, isFreshName } from '../../engine/spec/names.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { startingAttributes } from '../../engine/spec/startingValues.ts';
import { type Gesture, together } from './gestures.ts';
import type { LayerView, NetworkView } from './network.ts';

const chosen = (view: NetworkView, names: readonly string[]): LayerView[] =>
  view.layers.filter(({ name }) => names.includes(name));

/** An attribute that is either present or absent. It is turned on for all layers, or off if all have it. */
interface Toggle {
  readonly attribute: string;
  /** Its value when it is on. */
  readonly on: boolean;
  /** Layers to which it applies. */
  concerns(layer: LayerView): boolean;
}

const freezing: Toggle = {
  attribute: 'trainable',
  on: false,
  concerns: ({ summary }) => (summary?.parameters ?? 0) > 0,
};

const bypassing: Toggle = {
  attribute: 'bypass',
  on: true,
  concerns: ({ definition, from }) => from.length > 0 && portsOf(definition).length > 0,
};

type Names = readonly string[];

const concerned = (view: NetworkView | undefined, names: Names, { concerns }: Toggle): LayerView[] =>
  view ? chosen(view, names).filter(concerns) : [];

function allHave(view: NetworkView | undefined, names: Names, toggle: Toggle): boolean {
  const layers = concerned(view, names, toggle);
  return layers.length > 0 && layers.every(({ given }) => given[toggle.attribute] === toggle.on);
}

function flip(view: NetworkView, names: Names, toggle: Toggle): Gesture | undefined {
  const { attribute, on } = toggle;
  const value = allHave(view, names, toggle) ? undefined : on;
  const edits = concerned(view, names, toggle)
    .filter(({ given }) => value === undefined || given[attribute] !== on)
    .map(({ name }): SpecEdit => ({ kind: 'setAttribute', layer: name, attribute, value }));
  return edits.length > 0 ? { edit: together(edits) } : undefined;
}

/** Whether the text freezes its parameters. */
export const isFrozen = (layer: LayerView): boolean =>
  layer.given[freezing.attribute] === freezing.on && freezing.concerns(layer);

export const allFrozen = (view: NetworkView | undefined, names: Names) => allHave(view, names, freezing);
export const freezeLayers = (view: NetworkView, names: Names) => flip(view, names, freezing);
export const canFreeze = (view: NetworkView | undefined, names: Names) =>
  concerned(view, names, freezing).length > 0;

export const allBypassed = (view: NetworkView | undefined, names: Names) => allHave(view, names, bypassing);
export const bypassLayers = (view: NetworkView, names: Names) => flip(view, names, bypassing);
export const canBypass = (view: NetworkView | undefined, names: Names) =>
  concerned(view, names, bypassing).length > 0;

/**
 * Replaces the kind of each layer. Attributes that the new kind also accepts are kept, and as many inputs as it can
 * have. A name made from the old kind, such as "relu1", is replaced by one made from the new kind.
 */
export function replaceLayers(
  view: NetworkView,
  names: readonly string[],
  type: string,
): Gesture | undefined {
  const definition = view.analysis.spec.kinds.get(type);
  const layers = chosen(view, names).filter((layer) => layer.type !== type);
  if (layers.length === 0) return undefined;
  const used = new Set(view.byName.keys());
  const select = new Map(names.map((name) => [name, name]));
  const edits = layers.flatMap((layer) => {
    const changes = replacement(layer, definition);
    if (!isFreshName(layer.name, layer.type)) return changes;
    const newName = freshName(type, (name) => used.has(name));
    used.add(newName);
    select.set(layer.name, newName);
    return [...changes, { kind: 'renameLayer', name: layer.name, newName } as const];
  });
  return { edit: together(edits), select: [...select.values()] };
}

function replacement({ name, given, from, definition: old }: LayerView, next: LayerDefinition): SpecEdit[] {
  const set = (attribute: string, value: unknown): SpecEdit => ({
    kind: 'setAttribute',
    layer: name,
    attribute,
    value,
  });
  const fits = (attribute: string): boolean =>
    Object.hasOwn(next.attributes, attribute) && 'value' in next.attributes[attribute].read(given[attribute]);
  // Attributes that every layer has, and unknown ones, stay.
  const dropped = Object.keys(given).filter(
    (attribute) => old && Object.hasOwn(old.attributes, attribute) && !fits(attribute),
  );
  const started = Object.entries(startingAttributes(next, next.samples[0])).filter(
    ([attribute]) => !(Object.hasOwn(given, attribute) && fits(attribute)),
  );
  const room = arityOf(next).max;
  return [
    set('type', next.type),
    ...dropped
      .filter((attribute) => !started.some(([name]) => name === attribute))
      .map((attribute) => set(attribute, undefined)),
    ...started.map(([attribute, value]) => set(attribute, value)),
    ...from
      .map((_, index) => index)
      .filter((index) => index >= room)
      .reverse()
      .map((index): SpecEdit => ({ kind: 'disconnect', to: name, index })),
  ];
}
