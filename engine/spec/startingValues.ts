/** Values of a new layer for attributes without a default, so that the layer is valid at once. */

import type { LayerDefinition } from '../layers/define.ts';
import {
  type Attribute,
  type AttributeTable,
  isRequired,
  type Json,
  type Kind,
} from '../schema/attributes.ts';

/** The required attributes of a new layer, loss or other kind. `sample`: a configuration that works, for what has no own start. */
export const startingAttributes = (kind: Kind, sample?: LayerDefinition['samples'][number]) =>
  startingTable(kind.attributes, sample?.attributes);

/** The same for any table of attributes. */
export function startingTable(
  table: AttributeTable,
  sample: { readonly [name: string]: unknown } = {},
): { [name: string]: Json } {
  const values: { [name: string]: Json } = {};
  for (const [name, attribute] of Object.entries(table)) {
    if (!isRequired(attribute)) continue;
    const candidates = [attribute.start, sample[name] as Json | undefined, ...plain(attribute)];
    const value = candidates.find((item) => item !== undefined && 'value' in attribute.read(item));
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function plain({ control }: Attribute<unknown>): readonly Json[] {
  if (control.kind === 'choice') return [control.options[0]];
  if (control.kind === 'kind') return [...control.registry].map(({ type }) => ({ type }));
  return [1, 0.5, '', [1], {}];
}
