/** The JSON schema of `*.nn.json`, made from the registries: what the text editor completes and checks by. */
import { layers } from '../layers/registry.ts';
import { type JsonSchema, tableSchema } from './attributes.ts';
import { formatVersion } from './document.ts';
import { kindSchema } from './kind.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { maximumNameLength } from './reference.ts';
import { trainingAttributes } from './training.ts';

/** Draft 7, as VS Code's JSON service reads it. */
export function networkSchema(): JsonSchema {
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
