/**
 * Which values and keys are allowed where in a network's text, derived from the attribute tables. Completion, hover, references
 * and links all use it. New kinds and attributes need no change here.
 */
import type { LayerDefinition } from '../layers/define.ts';
import {
  type Attribute,
  type AttributeTable,
  type Control,
  integer,
  isRequired,
  type Json,
  type Kind,
  type KindSet,
  type Path,
} from '../schema/attributes.ts';
import { blockInput, blockKind, kindsInBlock, type LayerKinds, networkKinds } from './blockKinds.ts';
import { parameterAttributes } from './blockParameters.ts';
import { formatVersion } from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { blockNameProblem } from './readBlocks.ts';
import { sectionDocs } from './sections.ts';
import { propertiesOf } from './source.ts';
import type { Node } from './syntax.ts';
import { trainingAttributes } from './training.ts';

/** What the keys of an object name: things that it defines, or layers that it refers to. */
export type NamesOf = 'new layers' | 'new blocks' | 'layers';

/** What is allowed in one place. */
export interface Slot {
  readonly doc: string;
  /** The attribute that reads the value, if one does. */
  readonly attribute?: Attribute<unknown>;
  /** The value is one of these kinds: an object with a type, or its type alone. */
  readonly kinds?: KindSet;
  /** The value is the type of one of these kinds. */
  readonly typeOf?: KindSet;
  /** The keys that an object may have, depending on the object as written. */
  keys?(object: Node | undefined): ReadonlyMap<string, Slot>;
  /** Each value of an object whose keys are names: names that it defines, or names of layers that it refers to. */
  readonly entries?: Slot;
  readonly keysAre?: NamesOf;
  /** What each entry of a list may be. */
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

/** The kind that a value names as its type. */
export function kindOf(kinds: KindSet, value: Node | undefined): Kind | undefined {
  const type = value?.type === 'string' ? value.value : typeIn(value);
  return typeof type === 'string' ? kinds.find(type) : undefined;
}

/** The type that a layer names. */
export const typeIn = (value: Node | undefined): unknown => childOf(value, 'type')?.value;

const layerSlot = (kinds: LayerKinds): Slot => ({
  doc: 'A layer.',
  ...kindForm(kinds, { from: fromAttribute, ...commonLayerAttributes }),
});

function networkSlot(blocks: readonly LayerDefinition[]): Slot {
  const block: Slot = {
    doc: sectionDocs.block,
    entries: layerSlot(kindsInBlock(blocks)),
    keysAre: 'new layers',
  };
  const sections: ReadonlyMap<string, Slot> = new Map([
    ['format', slotOf(integer({ min: 1, default: formatVersion, doc: sectionDocs.format }))],
    ['blocks', { doc: sectionDocs.blocks, entries: block, keysAre: 'new blocks' }],
    ['layers', { doc: sectionDocs.layers, entries: layerSlot(networkKinds(blocks)), keysAre: 'new layers' }],
    ['training', { doc: sectionDocs.training, keys: () => slotsOf(trainingAttributes) }],
    ['layout', { doc: sectionDocs.layout, entries: { doc: 'A position [x, y].' }, keysAre: 'layers' }],
    ['$schema', { doc: sectionDocs.$schema }],
  ]);
  return { doc: 'A network.', keys: () => sections };
}

const withoutBlocks = networkSlot([]);

const networks = new WeakMap<Node, Slot>();

/** What a text may contain depends on the blocks that it defines. */
function networkOf(root: Node | undefined): Slot {
  if (!root) return withoutBlocks;
  let slot = networks.get(root);
  if (!slot) {
    const blocks = blocksOf(root);
    slot = blocks.length === 0 ? withoutBlocks : networkSlot(blocks);
    networks.set(root, slot);
  }
  return slot;
}

/** Of a text that may be incomplete. */
function plainValue(node: Node | undefined): Json {
  if (node?.type === 'object')
    return Object.fromEntries(propertiesOf(node).map(({ name, value }) => [name, plainValue(value)]));
  if (node?.type === 'array') return (node.children ?? []).map(plainValue);
  return (node?.value as Json | undefined) ?? null;
}

function blocksOf(root: Node): LayerDefinition[] {
  const section = childOf(root, 'blocks');
  const plain = plainValue(section);
  const written = (typeof plain === 'object' && plain !== null ? plain : {}) as {
    readonly [block: string]: Json;
  };
  return propertiesOf(section)
    .filter(({ name }) => blockNameProblem(name) === undefined)
    .map(({ name, value }) => {
      const inputs = propertiesOf(value).filter(({ value: part }) => typeIn(part) === blockInput.type);
      return blockKind(
        name,
        inputs.map((input) => input.name),
        parameterAttributes(written, name),
      );
    });
}

/** A value may be written instead of a list of one, so an entry may be the same as such a value. */
export const oneOf = (slot: Slot): Slot => slot.item?.() ?? slot;

/** What is allowed inside a value under a key or index; undefined if nothing is known. */
function inside(slot: Slot, value: Node | undefined, step: string | number): Slot | undefined {
  if (typeof step === 'number') return slot.item?.();
  const one = oneOf(slot);
  return one.entries ?? one.keys?.(value).get(step);
}

/** What is allowed at a path of a text, which may be incomplete; undefined if nothing is known. */
export function slotAt(root: Node | undefined, path: Path): Slot | undefined {
  let slot: Slot | undefined = networkOf(root);
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
  /** A value, and its place. */
  value?(node: Node, slot: Slot, path: Path): void;
  /** A key of an object whose keys are names. */
  name?(key: Node, keysAre: NamesOf, path: Path): void;
}

/** Calls the visitor for every value of a text about which something is known. */
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
      if (one.keysAre) visitor.name?.(key, one.keysAre, [...path, name]);
      const next = one.entries ?? keys?.get(name);
      if (value && next) visit(value, next, [...path, name]);
    }
  };
  if (root) visit(root, networkOf(root), []);
}

/** Whether an object in this place requires the key. */
export const isNeeded = ({ attribute, typeOf }: Slot): boolean =>
  typeOf !== undefined || (attribute !== undefined && isRequired(attribute));
