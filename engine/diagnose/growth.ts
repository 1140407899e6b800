/** Edits that let a network express more. */
import * as l10n from '@vscode/l10n';
import { insertChain, type SpecFix, together } from './fixes.ts';
import type { NetworkLook } from './look.ts';
import { hasWeights, inputsOf, judged, nextWeights, readersIn } from './network.ts';

/** Attributes that say how many units, channels or cells a layer has. */
export const widths = ['units', 'hiddenSize', 'filters'];

/** Units that a new hidden layer begins with. */
const newUnits = 32;

/** All hidden layers that bend, times as wide, as one edit. */
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

/** A dense layer with a ReLU behind the input, for a network that has one list of numbers as its input. */
export function addHiddenLayer(look: NetworkLook): SpecFix[] {
  const { graph } = look.analysis;
  const [input, ...others] = inputsOf(graph);
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
