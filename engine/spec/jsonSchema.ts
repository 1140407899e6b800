/** The JSON schema of `*.nn.json`, made from the registries, for other editors and tools. */
import { type JsonSchema, tableSchema } from '../schema/attributes.ts';
import { kindSchema } from '../schema/kind.ts';
import { kindsInBlock, type LayerKinds, networkKinds } from './blockKinds.ts';
import { canBeOpen } from './blockParameters.ts';
import { farthestPosition, formatVersion } from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { maximumNameLength } from './reference.ts';
import { sectionDocs } from './sections.ts';
import { trainingAttributes } from './training.ts';

/** Draft 7. It accepts everything that the parser accepts. */
export function networkSchema(): JsonSchema {
  return shareRepeatedParts(wholeSchema());
}

/** In a block, an attribute may name one of its parameters instead of a value. */
const parameter: JsonSchema = { type: 'string', pattern: '^\\$.' };

function wholeSchema(): JsonSchema {
  const common = Object.fromEntries(
    Object.entries({ from: fromAttribute, ...commonLayerAttributes }).map(([name, { schema }]) => [
      name,
      schema,
    ]),
  );
  const inBlock = Object.fromEntries(
    Object.entries(common).map(([name, schema]) => [
      name,
      canBeOpen(name) ? { anyOf: [schema, parameter] } : schema,
    ]),
  );
  const layersOf = (kinds: LayerKinds, open: boolean, orElse?: JsonSchema): JsonSchema => ({
    type: 'object',
    propertyNames: { pattern: '^[^\\s."]+$', maxLength: maximumNameLength },
    additionalProperties: kindSchema(kinds, orElse ? inBlock : common, [], {
      open,
      ...(orElse ? { orElse } : {}),
    }),
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Netloom network',
    type: 'object',
    allowComments: true,
    allowTrailingCommas: true,
    required: ['layers'],
    properties: {
      $schema: { type: 'string' },
      format: { const: formatVersion, default: formatVersion, description: sectionDocs.format },
      blocks: {
        type: 'object',
        description: sectionDocs.blocks,
        propertyNames: { pattern: '^[^\\s."]+$', maxLength: maximumNameLength },
        additionalProperties: {
          ...layersOf(kindsInBlock([]), true, parameter),
          description: sectionDocs.block,
        },
      },
      layers: { type: 'object', description: sectionDocs.layers },
      training: {
        ...tableSchema(trainingAttributes),
        description: sectionDocs.training,
      },
      layout: {
        type: 'object',
        description: sectionDocs.layout,
        additionalProperties: {
          type: 'array',
          items: { type: 'number', minimum: -farthestPosition, maximum: farthestPosition },
          minItems: 2,
          maxItems: 2,
        },
      },
    },
    additionalProperties: false,
    // Only a text with blocks has layers of types that are in no registry.
    if: { required: ['blocks'] },
    // biome-ignore lint/suspicious/noThenProperty: the JSON Schema keyword.
    then: { properties: { layers: layersOf(networkKinds([]), true) } },
    else: { properties: { layers: layersOf(networkKinds([]), false) } },
  };
}

/** Parts that occur more than once, such as the choice of an initializer, are written once and referred to. */
function shareRepeatedParts(schema: JsonSchema): JsonSchema {
  const worthSharing = 400;
  const counts = new Map<string, number>();
  walk(schema, (part) => {
    const text = JSON.stringify(part);
    const count = (counts.get(text) ?? 0) + 1;
    if (text.length >= worthSharing) counts.set(text, count);
    // Parts of a repeated part are counted with the first occurrence only.
    return count === 1;
  });
  const definitions: { [name: string]: unknown } = {};
  const names = new Map<string, string>();
  const share = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(share);
    if (value === null || typeof value !== 'object') return value;
    const text = JSON.stringify(value);
    const isRepeated = (counts.get(text) ?? 0) > 1;
    const known = names.get(text);
    if (known) return { $ref: `#/definitions/${known}` };
    const name = `part${names.size + 1}`;
    if (isRepeated) names.set(text, name);
    const shared = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, share(inner)]));
    if (!isRepeated) return shared;
    definitions[name] = shared;
    return { $ref: `#/definitions/${name}` };
  };
  const shared = share(schema) as JsonSchema;
  return { ...shared, definitions };
}

function walk(value: unknown, enter: (part: object) => boolean): void {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value) && !enter(value)) return;
  for (const inner of Object.values(value)) walk(inner, enter);
}
