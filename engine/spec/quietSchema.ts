/**
 * A schema that offers the same completions and explanations but finds no fault. Our own diagnostics say everything
 * the schema could say, in better words; said twice, each mistake would stand twice among the problems.
 */

import type { JsonSchema } from '../schema/attributes.ts';
import { mapValues } from '../schema/objects.ts';

/** What a value's schema tells an editor whatever the value is. */
const annotations = ['title', 'description', 'markdownDescription', 'default'] as const;

/** Keywords by which an object's schema refuses it, besides what its members' schemas refuse. */
const refusals = new Set(['required', 'additionalProperties', 'propertyNames']);

/** For the schema of a whole document, an object. */
export function quietSchema(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).flatMap(([keyword, argument]): [string, unknown][] => {
    if (keyword === 'properties') return [[keyword, mapValues(argument as Schemas, quietValue)]];
    if (keyword === 'additionalProperties' && argument !== false)
      return [[keyword, quietValue(argument as JsonSchema)]];
    // What an object must have is what an editor begins it with.
    if (keyword === 'required' && schema.type === 'object')
      return [['defaultSnippets', [beginningOf(argument as string[])]]];
    if (refusals.has(keyword)) return [];
    // A condition decides which completions are offered; it refuses nothing by itself.
    if (keyword === 'then') return [[keyword, quietSchema(argument as JsonSchema)]];
    if (keyword === 'allOf') return [[keyword, (argument as JsonSchema[]).map(quietSchema)]];
    if (keyword === 'items') return [[keyword, quietValue(argument as JsonSchema)]];
    if (keyword === 'anyOf') return [[keyword, (argument as JsonSchema[]).map(quietSchema)]];
    return [[keyword, argument]];
  });
  return Object.fromEntries(entries);
}

const beginningOf = (keys: readonly string[]) => ({
  label: `{ ${keys.map((key) => `"${key}": …`).join(', ')} }`,
  body: Object.fromEntries(keys.map((key, index) => [key, `$${index + 1}`])),
});

type Schemas = { readonly [name: string]: JsonSchema };

/** Anything is accepted beside what is suggested. */
function quietValue(schema: JsonSchema): JsonSchema {
  if (Object.keys(schema).length === 0) return schema;
  const told = annotations.flatMap((name) => (name in schema ? [[name, schema[name]] as const] : []));
  return { ...Object.fromEntries(told), anyOf: [quietSchema(schema), {}] };
}
