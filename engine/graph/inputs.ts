/** Checks that the data can fill the inputs of a network, which is known before any data are read. */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition, Shape } from '../layers/define.ts';
import { input } from '../layers/input.ts';
import type { Json } from '../schema/attributes.ts';
import { counted } from '../schema/text.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { Issue } from '../spec/source.ts';
import { startingAttributes } from '../spec/startingValues.ts';
import type { TypedGraph, TypedLayer } from './typed.ts';

/** The number of inputs of a sample, in all kinds of data. */
export const inputsOfData = 1;

/** Whether data fill layers of a kind. */
export const isInputKind = ({ inputs }: LayerDefinition): boolean => inputs?.length === 0;

/** Whether an input layer can have this shape: the header of a file can name any other one. */
export const canBeInput = (shape: Shape): boolean => 'value' in input.attributes.shape.read([...shape]);

export const isInput = ({ definition }: TypedLayer): boolean => isInputKind(definition);

/** The required attributes of a new layer. An input layer begins with the shape of a sample of the data, if that is known. */
export const startingLayer = (
  definition: LayerDefinition,
  inputShape: Shape | undefined,
): { readonly [name: string]: Json } => ({
  ...startingAttributes(definition, definition.samples[0]),
  ...(inputShape && isInputKind(definition) && Object.hasOwn(definition.attributes, 'shape')
    ? { shape: [...inputShape] }
    : {}),
});

export const inputLayers = ({ layers }: TypedGraph): TypedLayer[] => layers.filter(isInput);

/** Refuses to train a network that has more inputs than data have, at the first one that stays empty. */
export function checkInputs(training: TrainingSpec | undefined, graph: TypedGraph): Issue[] {
  const inputs = inputLayers(graph);
  if (training === undefined || inputs.length <= inputsOfData) return [];
  const { name, spec } = inputs[inputsOfData];
  return [
    {
      code: 'training/inputs',
      severity: 'error',
      message: l10n.t(
        '{0}: the network has {1} ({2}), but a sample of the data has one input. Keep one input layer for the complete sample, and read parts of it with slice layers.',
        name,
        counted(inputs.length, 'inputLayers'),
        inputs.map((layer) => layer.name).join(', '),
      ),
      layer: name,
      path: spec.path,
      on: 'key',
    },
  ];
}
