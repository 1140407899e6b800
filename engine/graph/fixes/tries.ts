/** Tries a layer with other attributes or other inputs. All fixers of one analysis share a limited number of tries. */
import type { Inferred, LayerDefinition, Shape } from '../../layers/define.ts';
import type { AttributeTable, Json } from '../../schema/attributes.ts';
import { readAttribute } from '../../schema/attributes.ts';
import type { LayerSpec, OutputRef } from '../../spec/document.ts';
import { inferLayer, outputShape } from '../infer.ts';
import type { Subject } from './define.ts';

export const mostTries = 1000;

/** What a layer infers with other attributes, as read or as written; undefined if it cannot work with them, or no try is left. */
export function inferred(
  { tries }: Pick<Subject, 'tries'>,
  definition: LayerDefinition,
  attributes: { readonly [name: string]: unknown },
  shapes: readonly Shape[],
): Inferred | undefined {
  if (tries.left <= 0) return undefined;
  tries.left--;
  const complete = completed(definition.attributes, attributes);
  const found = inferLayer(definition, { attributes: complete } as LayerSpec, shapes);
  return 'problem' in found ? undefined : found;
}

/** The attributes, with defaults for those that are not given. */
function completed(
  table: AttributeTable,
  attributes: { readonly [name: string]: unknown },
): { readonly [name: string]: unknown } {
  const values: { [name: string]: unknown } = {};
  for (const [name, attribute] of Object.entries(table)) {
    if (Object.hasOwn(attributes, name)) {
      values[name] = attributes[name];
      continue;
    }
    const reading = readAttribute(attribute, undefined);
    if ('value' in reading) values[name] = reading.value;
  }
  return values;
}

/** The same attributes with some changes; undefined if one is not allowed. */
export function withWritten(
  { attributes: table }: LayerDefinition,
  attributes: { readonly [name: string]: unknown },
  written: { readonly [name: string]: Json },
): { readonly [name: string]: unknown } | undefined {
  const values: { [name: string]: unknown } = { ...attributes };
  for (const [name, value] of Object.entries(written)) {
    const reading = table[name]?.read(value);
    if (!reading || 'problems' in reading) return undefined;
    values[name] = reading.value;
  }
  return values;
}

/** The shapes of outputs; undefined while one of them is not known. */
export function shapesOf({ graph }: Subject, from: readonly OutputRef[]): Shape[] | undefined {
  const shapes = from.map(({ layer, output }) => {
    const source = graph.byName.get(layer);
    return source && outputShape(source, output);
  });
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}
