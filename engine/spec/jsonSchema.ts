/** The JSON schema of `*.nn.json`, made from the registries: what the text editor completes and explains by. */
import { layers } from '../layers/registry.ts';
import { type JsonSchema, tableSchema } from '../schema/attributes.ts';
import { kindSchema } from '../schema/kind.ts';
import { formatVersion } from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { quietSchema } from './quietSchema.ts';
import { maximumNameLength } from './reference.ts';
import { trainingAttributes } from './training.ts';

/** Draft 7. Refuses nothing that the parser accepts. */
export function networkSchema(): JsonSchema {
  return shareRepeatedParts(wholeSchema());
}

/** The same for VS Code's JSON service, beside our own diagnostics. */
export function editorSchema(): JsonSchema {
  return shareRepeatedParts(quietSchema(wholeSchema()));
}

function wholeSchema(): JsonSchema {
  const common = Object.entries({ from: fromAttribute, ...commonLayerAttributes });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Netloom network',
    type: 'object',
    allowComments: true,
    allowTrailingCommas: true,
    required: ['layers'],
    properties: {
      $schema: { type: 'string' },
      format: { const: formatVersion, default: formatVersion, description: 'Version of this file format.' },
      layers: {
        type: 'object',
        description:
          'The layers of the network by name, one a line. "from" names the layers whose outputs it reads.',
        propertyNames: { pattern: '^[^\\s."]+$', maxLength: maximumNameLength },
        additionalProperties: kindSchema(
          layers,
          Object.fromEntries(common.map(([name, { schema }]) => [name, schema])),
        ),
      },
      training: {
        ...tableSchema(trainingAttributes),
        description: 'What the network is trained on, for what, and how.',
      },
      layout: {
        type: 'object',
        description: 'Positions in the graph, [x, y]. Layers without one are placed automatically.',
        additionalProperties: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
      },
    },
    additionalProperties: false,
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
