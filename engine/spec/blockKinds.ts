/**
 * Kinds that exist only in a text with blocks: the two ports of a block, and each of its blocks as a kind of layer. Expansion
 * (`graph/expand.ts`) replaces them by layers, so none of them is ever computed.
 */
import type { InputPort, LayerDefinition } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { keepsTime } from '../layers/time.ts';
import { type Attribute, type AttributeTable, boolean, integer, type Json } from '../schema/attributes.ts';
import { Registry } from '../schema/kind.ts';
import { bare } from '../schema/onCard.ts';

/** Copies of a block in a row. The number of layers of all uses together is limited too (`graph/expand.ts`). */
export const mostRepeats = 1000;

/** Attributes of a layer that uses a block, in addition to those of every layer. */
export const useAttributes = {
  repeat: integer({
    min: 1,
    max: mostRepeats,
    default: 1,
    doc: 'Number of copies of the block, one after another. The first input of each copy is the output of the previous one.',
  }),
  tied: boolean({
    default: false,
    doc: 'All copies use the parameters of the first one. Off gives each copy its own.',
  }),
};

/** Never called: the layers of a block do its computation. */
const notComputed = {
  time: keepsTime,
  infer: () => {
    throw new Error('internal error: a block was not expanded');
  },
  forward: () => {},
  backward: () => {},
  samples: [],
  errorSamples: [],
};

export const blockInput: LayerDefinition = {
  ...notComputed,
  type: 'blockInput',
  category: 'block',
  label: 'Block input',
  synonyms: ['port', 'parameter', 'argument', 'source'],
  icon: 'sign-in',
  doc: 'An input of a block: the output that a use of the block names at this place of its `"from"`. Several inputs are in the order of the text.',
  attributes: {},
  inputs: [],
};

export const blockOutput: LayerDefinition = {
  ...notComputed,
  type: 'blockOutput',
  category: 'block',
  label: 'Block output',
  synonyms: ['port', 'result', 'return', 'sink'],
  icon: 'sign-out',
  doc: 'An output of a block. Other layers read the first one by the name of a use, `"use"`, and any other as `"use.name"`.',
  attributes: {},
};

/** Any value, as it is written. */
export const anyValue: Attribute<Json> = {
  doc: 'Any value.',
  control: { kind: 'json' },
  schema: {},
  read: (value) => ({ value }),
};

export const blockParameter: LayerDefinition = {
  ...notComputed,
  type: 'blockParameter',
  category: 'block',
  label: 'Block parameter',
  synonyms: ['parameter', 'argument', 'variable', 'width'],
  icon: 'symbol-parameter',
  doc: 'A value that each use of the block may set. Layers of the block name it instead of a value: `"filters": "$width"` for a parameter `width`. A use sets it like an attribute: `"width": 32`.',
  attributes: {
    default: {
      ...anyValue,
      doc: 'The value in uses that do not set it.',
      start: 1,
      onCard: bare,
    },
  },
  inputs: [],
};

/** The layers of a block by which its uses are connected to it, and set its parameters. */
export const blockPorts: readonly LayerDefinition[] = [blockInput, blockOutput, blockParameter];

/** The inputs of a block whose inputs are not known: then its uses may have any number. */
const anyInputs: readonly InputPort[] = [{ name: 'input', variadic: { atLeast: 0 } }];

/** A block as a kind of layer, which its uses name as their type. */
export const blockKind = (
  name: string,
  inputs: readonly string[],
  parameters: AttributeTable = {},
): LayerDefinition => ({
  ...notComputed,
  type: name,
  category: 'block',
  label: name,
  icon: 'package',
  doc: 'A block of this network: layers that are defined once under `"blocks"` and used by name.',
  attributes: { ...parameters, ...useAttributes },
  inputs: inputs.length === 0 ? anyInputs : inputs.map((input): InputPort => ({ name: input })),
});

export type LayerKinds = Registry<LayerDefinition>;

/** Kinds that the network itself may contain. */
export const networkKinds = (blocks: readonly LayerDefinition[]): LayerKinds =>
  blocks.length === 0 ? layers : new Registry('layer', [...layers, ...blocks]);

/** Kinds that a block may contain. Data enter the network, not a block. */
export const kindsInBlock = (blocks: readonly LayerDefinition[]): LayerKinds =>
  new Registry('layer', [
    ...blockPorts,
    ...[...layers].filter(({ inputs }) => inputs?.length !== 0),
    ...blocks,
  ]);
