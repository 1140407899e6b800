/** Edits that increase the capacity of a network. */
import * as l10n from '@vscode/l10n';
import { inputLayers } from '../graph/inputs.ts';
import { insertChain, type SpecFix, together } from './fixes.ts';
import type { NetworkLook } from './look.ts';
import { hasWeights, judged, nextWeights, readersIn } from './network.ts';

/** Attributes with the number of units, channels or cells of a layer, or of the numbers that a head of attention compares. */
export const widths = ['units', 'hiddenSize', 'filters', 'keySize'];

/** Units of a new hidden layer. */
const newUnits = 32;

/** Multiplies the width of all hidden layers with weights; one edit. */
export function widen(look: NetworkLook, factor: number): SpecFix[] {
  const { graph } = look.analysis;
  const ends = judged(look);
  const edits = graph.layers
    .filter(
      (layer) => hasWeights(layer) && !ends.has(layer.name) && nextWeights(graph, layer.name).length > 0,
    )
    .flatMap(({ name, spec }) =>
      widths.flatMap((attribute) => {
        const width = spec.attributes[attribute];
        return typeof width === 'number'
          ? [{ kind: 'setAttribute' as const, layer: name, attribute, value: factor * width }]
          : [];
      }),
    );
  return edits.length === 0
    ? []
    : [{ title: l10n.t('Make all hidden layers {0} times as wide', factor), edit: together(edits) }];
}

/** Adds a dense layer with a ReLU after the input, for a network whose input is one list of numbers. */
export function addHiddenLayer(look: NetworkLook): SpecFix[] {
  const { graph } = look.analysis;
  const [input, ...others] = inputLayers(graph);
  if (!input || others.length > 0 || input.inferred.output.length !== 1) return [];
  if ((readersIn(graph).get(input.name) ?? []).length === 0) return [];
  return insertChain(
    look,
    input.name,
    [
      { type: 'dense', attributes: { units: newUnits, kernelInitializer: 'heUniform' } },
      { type: 'relu', attributes: {} },
    ],
    l10n.t('Add a hidden layer of {0} units after "{1}"', newUnits, input.name),
  );
}
