/** The reference page of the layers: groups as in the palette, ports, and a line of spec that is known to be valid. */
import { portsOf } from '../graph/ports.ts';
import type { Category, Inferred, LayerDefinition, Shape } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { readAttributes } from '../layers/standalone.ts';
import { isRequired } from '../schema/attributes.ts';
import { kindPage, type ReferencePage } from './kinds.ts';

const headings: { readonly [K in Category]: string } = {
  input: 'Input',
  core: 'Core',
  convolution: 'Convolution',
  pooling: 'Pooling',
  recurrent: 'Recurrent',
  activation: 'Activation',
  normalization: 'Normalization',
  regularization: 'Regularization',
  shape: 'Shape',
  merge: 'Merging',
  attention: 'Attention',
  block: 'Blocks',
};

export interface LayerExample {
  readonly attributes: { readonly [name: string]: unknown };
  /** Shapes of the inputs it reads. */
  readonly inputs: readonly Shape[];
  readonly inferred: Inferred;
}

/** The first of the layer's samples that is valid with its required attributes alone. */
export function layerExample(definition: LayerDefinition): LayerExample {
  const required = Object.entries(definition.attributes)
    .filter(([, attribute]) => isRequired(attribute))
    .map(([name]) => name);
  for (const { inputs, attributes: given = {} } of definition.samples) {
    const attributes = Object.fromEntries(required.map((name) => [name, given[name]]));
    const inferred = definition.infer(readAttributes(definition, attributes), inputs);
    if (!('problem' in inferred)) return { attributes, inputs, inferred };
  }
  throw new Error(`internal error: no sample of ${definition.type} is valid with required attributes alone`);
}

/** The layer of the example is "y"; those it reads are "x", or "x1" and more. */
const namesOfInputs = (definition: LayerDefinition, inputs: readonly Shape[]): readonly string[] => {
  if (portsOf(definition).length === 0) return [];
  return inputs.length === 1 ? ['x'] : inputs.map((_, index) => `x${index + 1}`);
};

function exampleLine(definition: LayerDefinition): string {
  const { attributes, inputs, inferred } = layerExample(definition);
  const names = namesOfInputs(definition, inputs);
  const entry = {
    type: definition.type,
    ...(names.length === 0 ? {} : { from: names.length === 1 ? names[0] : names }),
    ...attributes,
  };
  const keys = Object.entries(entry).map(([key, value]) => `"${key}": ${spaced(value)}`);
  const shapes = [
    ...names.map((name, index) => `${name} ${spaced(inputs[index])}`),
    `y ${spaced(inferred.output)}`,
  ];
  return `"y": { ${keys.join(', ')} }  // ${shapes.join(', ')}`;
}

const spaced = (value: unknown): string => JSON.stringify(value).replaceAll(',', ', ');

function facts(definition: LayerDefinition): string[] {
  const ports = portsOf(definition);
  const { inferred } = layerExample(definition);
  const names = (record: object | undefined): string =>
    Object.keys(record ?? {})
      .map((name) => `\`${name}\``)
      .join(', ');
  const inputs = ports.map(({ name, optional, variadic }) =>
    variadic ? `${variadic.atLeast} or more` : `\`${name}\`${optional ? ' (optional)' : ''}`,
  );
  return [
    ...(ports.length === 1 && !ports[0].variadic ? [] : [`Inputs: ${inputs.join(', ') || 'none'}.`]),
    ...(inferred.extraOutputs ? [`Further outputs: ${names(inferred.extraOutputs)}.`] : []),
    ...(inferred.parameters ? [`Trained parameters: ${names(inferred.parameters)}.`] : []),
    ...(names(inferred.state)
      ? [`State, saved with the parameters but not trained: ${names(inferred.state)}.`]
      : []),
  ];
}

export const layerPage = (): ReferencePage =>
  kindPage<LayerDefinition>({
    title: 'Layers',
    introduction: `A layer is one entry of [\`"layers"\`](README.md#layers): its name, then its type, its inputs and its attributes.
In addition to the attributes listed here, every layer has the [common ones](README.md#common-attributes-of-layers). Shapes are those
of one sample, with channels and features last. The batch axis is not written. Activations, normalizations and regularization layers
keep the shape of their input. Every example is the shortest valid line for a layer *y*
with the input *x*. The shapes of both are at the end of the line.`,
    groups: (Object.keys(headings) as Category[])
      .map((category) => ({
        heading: headings[category],
        kinds: [...layers].filter((layer) => layer.category === category),
      }))
      // Blocks are kinds of one network only.
      .filter(({ kinds }) => kinds.length > 0),
    facts,
    example: exampleLine,
  });
