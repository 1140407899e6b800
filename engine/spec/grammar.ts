/**
 * What may stand where in a network's text, from the attribute tables: the one answer that completion, hover, references and
 * links share. A new kind or attribute is known here without a line.
 */
import { layers } from '../layers/registry.ts';
import {
  type Attribute,
  type AttributeTable,
  type Control,
  integer,
  isRequired,
  type Kind,
  type KindSet,
  type Path,
} from '../schema/attributes.ts';
import { formatVersion } from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { sectionDocs } from './sections.ts';
import { propertiesOf } from './source.ts';
import type { Node } from './syntax.ts';
import { trainingAttributes } from './training.ts';

/** What may stand in one place. */
export interface Slot {
  readonly doc: string;
  /** What reads the value, where an attribute does. */
  readonly attribute?: Attribute<unknown>;
  /** The value is one of these kinds: an object with a type, or its type alone. */
  readonly kinds?: KindSet;
  /** The value is the type of one of these kinds. */
  readonly typeOf?: KindSet;
  /** The keys that an object may have, given the object as it is written. */
  keys?(object: Node | undefined): ReadonlyMap<string, Slot>;
  /** Each value of an object whose keys are names: names that it gives, or names of layers that it refers to. */
  readonly entries?: Slot;
  readonly keysAre?: 'new layers' | 'layers';
  /** Each entry of a list. */
  item?(): Slot;
}

const slots = new WeakMap<Attribute<unknown>, Slot>();

function slotOf(attribute: Attribute<unknown>): Slot {
  const known = slots.get(attribute);
  if (known) return known;
  const { doc, item } = attribute;
  const slot: Slot = {
    doc,
    attribute,
    ...formOf(attribute.control),
    ...(item ? { item: () => slotOf(item) } : {}),
  };
  slots.set(attribute, slot);
  return slot;
}

function formOf(control: Control): Partial<Slot> {
  if (control.kind === 'record') return { keys: () => slotsOf(control.table) };
  if (control.kind !== 'kind') return {};
  const { registry, common = {} } = control;
  return kindForm(registry, common);
}

function kindForm(registry: KindSet, common: AttributeTable): Partial<Slot> {
  const type: Slot = { doc: `The type of the ${registry.noun}.`, typeOf: registry };
  return {
    kinds: registry,
    keys(object) {
      const kind = kindOf(registry, object);
      return new Map([['type', type], ...slotsOf(common), ...slotsOf(kind?.attributes ?? {})]);
    },
  };
}

const slotsOf = (table: AttributeTable): ReadonlyMap<string, Slot> =>
  new Map(Object.entries(table).map(([name, attribute]) => [name, slotOf(attribute)]));

/** The kind that a value says it is. */
export function kindOf(kinds: KindSet, value: Node | undefined): Kind | undefined {
  const type =
    value?.type === 'string' ? value : propertiesOf(value).find(({ name }) => name === 'type')?.value;
  return typeof type?.value === 'string' ? kinds.find(type.value) : undefined;
}

const layer: Slot = {
  doc: 'A layer.',
  ...kindForm(layers, { from: fromAttribute, ...commonLayerAttributes }),
};

const sections: ReadonlyMap<string, Slot> = new Map([
  ['format', slotOf(integer({ min: 1, default: formatVersion, doc: sectionDocs.format }))],
  ['layers', { doc: sectionDocs.layers, entries: layer, keysAre: 'new layers' }],
  ['training', { doc: sectionDocs.training, keys: () => slotsOf(trainingAttributes) }],
  ['layout', { doc: sectionDocs.layout, entries: { doc: 'A position [x, y].' }, keysAre: 'layers' }],
  ['$schema', { doc: sectionDocs.$schema }],
]);

const network: Slot = { doc: 'A network.', keys: () => sections };

/** What an entry of a list may be is what a value may be that stands for a list of one. */
export const oneOf = (slot: Slot): Slot => slot.item?.() ?? slot;

/** What may stand inside a value under a key or index; undefined where nothing is known. */
function inside(slot: Slot, value: Node | undefined, step: string | number): Slot | undefined {
  if (typeof step === 'number') return slot.item?.();
  const one = oneOf(slot);
  return one.entries ?? one.keys?.(value).get(step);
}

export function slotAt(root: Node | undefined, path: Path): Slot | undefined {
  let slot: Slot | undefined = network;
  let node = root;
  for (const step of path) {
    slot = slot && inside(slot, node, step);
    node = childOf(node, step);
  }
  return slot;
}

function childOf(node: Node | undefined, step: string | number): Node | undefined {
  if (typeof step === 'number') return node?.type === 'array' ? node.children?.[step] : undefined;
  if (node?.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0]?.value === step)?.children?.[1];
}

export interface Visitor {
  /** A value, and where it stands. */
  value?(node: Node, slot: Slot, path: Path): void;
  /** A key of an object whose keys are names. */
  name?(key: Node, keysAre: 'new layers' | 'layers'): void;
}

/** Every value of a text of which something is known. */
export function visitSlots(root: Node | undefined, visitor: Visitor): void {
  const visit = (node: Node, slot: Slot, path: Path) => {
    visitor.value?.(node, slot, path);
    if (node.type === 'array' && slot.item) {
      const item = slot.item();
      for (const [index, entry] of (node.children ?? []).entries()) visit(entry, item, [...path, index]);
    }
    const one = oneOf(slot);
    const keys = one.keys?.(node);
    for (const { key, name, value } of propertiesOf(node)) {
      if (one.keysAre) visitor.name?.(key, one.keysAre);
      const next = one.entries ?? keys?.get(name);
      if (value && next) visit(value, next, [...path, name]);
    }
  };
  if (root) visit(root, network, []);
}

/** An object in this place cannot do without the key. */
export const isNeeded = ({ attribute, typeOf }: Slot): boolean =>
  typeOf !== undefined || (attribute !== undefined && isRequired(attribute));
