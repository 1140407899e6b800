/**
 * The sizes of cards. They are constant for a kind of layer: no longer attribute line, arriving statistics or mistake
 * in the text may move a card.
 */
import { portsOf } from '../../engine/graph/ports.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { blockPorts } from '../../engine/spec/blockKinds.ts';

/** Heights of a card with statistics, and of a row, which suffices for a layer without parameters. */
export const card = { width: 264, full: 66, row: 26 } as const;

const rows = new WeakMap<LayerDefinition, boolean>();

/** Whether it has no parameters, or only those with which an activation or normalization adjusts its input. */
export function isRow(definition: LayerDefinition | undefined): boolean {
  if (!definition) return true;
  const known = rows.get(definition);
  if (known !== undefined) return known;
  const row =
    blockPorts.includes(definition) ||
    definition.category === 'activation' ||
    definition.category === 'normalization' ||
    !(definition.category === 'block' || hasParameters(definition));
  rows.set(definition, row);
  return row;
}

/** Judged by the definition's first sample, so that it does not depend on the text. */
function hasParameters(definition: LayerDefinition): boolean {
  const [sample] = definition.samples;
  if (!sample) return false;
  const values = Object.entries(definition.attributes).map(([name, attribute]) => {
    const given = sample.attributes?.[name];
    const reading = given === undefined ? undefined : attribute.read(given as Json);
    return [name, reading && 'value' in reading ? reading.value : attribute.default] as const;
  });
  const inferred = definition.infer(Object.fromEntries(values), sample.inputs);
  return 'problem' in inferred || Object.keys(inferred.parameters ?? {}).length > 0;
}

export const cardHeight = (definition: LayerDefinition | undefined): number =>
  isRow(definition) ? card.row : card.full;

/** Whether it is a use of a block, which is drawn as a stack of cards. */
export const standsForLayers = (definition: LayerDefinition | undefined): boolean =>
  definition?.category === 'block' && !isRow(definition);

/** It takes one input, so it can lie under the layer that it reads. */
export function canFollow(definition: LayerDefinition | undefined): boolean {
  if (!isRow(definition)) return false;
  const ports = portsOf(definition);
  return ports.length === 1 && !ports[0].variadic;
}
