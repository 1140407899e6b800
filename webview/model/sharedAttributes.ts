/** Attributes that several layers have in common and that can be set for all of them at once. */
import type { AttributeTable, Json } from '../../engine/schema/attributes.ts';
import type { BlockSpec } from '../../engine/spec/document.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { type Gesture, together } from './gestures.ts';
import type { LayerView, NetworkView } from './network.ts';
import { drawingOf, isCopyInBlock } from './unfolding.ts';
import { type RawValues, sameJson } from './values.ts';

export interface SharedAttributes {
  readonly table: AttributeTable;
  /** The values as written, if all layers agree. */
  readonly given: RawValues;
  /** Names of attributes in which they differ. */
  readonly mixed: ReadonlySet<string>;
}

/** Attributes with the same name count as one if they accept the same values. */
export function sharedAttributes(layers: readonly LayerView[]): SharedAttributes {
  const tables = layers.map(({ definition }): AttributeTable => definition?.attributes ?? {});
  const [first = {}, ...others] = tables;
  const { shares: _, ...common } = commonLayerAttributes;
  const own = Object.entries(first).filter(([name, { schema }]) =>
    others.every((table) => Object.hasOwn(table, name) && sameJson(table[name].schema, schema)),
  );
  const table: AttributeTable = { ...Object.fromEntries(own), ...common };
  const mixed = new Set<string>();
  const given: { [name: string]: Json } = {};
  for (const name of Object.keys(table)) {
    const values = layers.map((layer) => layer.given[name]);
    if (!values.every((value) => sameJson(value, values[0]))) mixed.add(name);
    else if (values[0] !== undefined) given[name] = values[0];
  }
  return { table, given, mixed };
}

/** A layer whose attributes the inspector can set. */
export interface Settable {
  /** As written, even if what is drawn has the values of a use. */
  readonly layer: LayerView;
  /** The block in whose definition it is; undefined for a layer of the network. */
  readonly block: BlockSpec | undefined;
}

/** The selected layers whose attributes can be set. A copy of a block has none of its own, and two uses of a block share its layers. */
export function settable(view: NetworkView, selection: readonly string[]): readonly Settable[] {
  const { byName } = drawingOf(view);
  const found = new Map<string, Settable>();
  for (const name of selection) {
    const drawn = byName.get(name);
    if (!drawn || isCopyInBlock(drawn)) continue;
    const block = drawn.block === undefined ? view.inside?.block : view.whole.spec.blocks.get(drawn.block);
    const given =
      drawn.block === undefined
        ? drawn.layer.given
        : block?.layers.find((layer) => layer.name === drawn.written)?.given;
    if (!given) continue;
    const layer = { ...drawn.layer, name: drawn.written, given };
    found.set(`${block?.name ?? ''}/${drawn.written}`, { layer, block });
  }
  return [...found.values()];
}

/** One edit of the network, whatever is in view. */
export const setForAll = (
  chosen: readonly Settable[],
  attribute: string,
  value: Json | undefined,
): Gesture => ({
  edit: together(
    chosen.map(({ layer: { name }, block }): SpecEdit => {
      const edit = { kind: 'setAttribute', layer: name, attribute, value } as const;
      return block ? { kind: 'inBlock', block: block.name, edit } : edit;
    }),
  ),
  ofNetwork: true,
});
