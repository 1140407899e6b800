/** Attributes that several layers have in common and that can be set for all of them at once. */
import type { AttributeTable, Json } from '../../engine/schema/attributes.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { type Gesture, together } from './gestures.ts';
import type { LayerView } from './network.ts';
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

export const setForAll = (
  layers: readonly string[],
  attribute: string,
  value: Json | undefined,
): Gesture => ({
  edit: together(layers.map((layer): SpecEdit => ({ kind: 'setAttribute', layer, attribute, value }))),
});
