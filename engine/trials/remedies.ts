/**
 * Remedies that a repair tries for an error that no fix of the findings clears: usual choices instead of unusual ones, the
 * smallest change first, and all of them together last. They must prove that they help, like any other fix.
 */
import * as l10n from '@vscode/l10n';
import { changeType, type SpecFix, setTraining, squashersToRelu, together } from '../diagnose/fixes.ts';
import { judged, nextWeights } from '../diagnose/network.ts';
import type { Analysis } from '../graph/typed.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { allOf } from './fixed.ts';

/** The number of units below which a hidden layer is narrow, and the number that it gets instead. */
const narrow = { below: 16, units: 32 };

export function lastResorts(analysis: Analysis): readonly SpecFix[] {
  const changes = [
    ...usualInitializers(analysis, ''),
    ...constantRate(analysis),
    ...withoutNoise(analysis),
    ...squashersToRelu({ analysis }, analysis.graph.layers),
    ...wider(analysis),
    ...gated(analysis),
    ...usualOptimizer(analysis),
  ];
  return [
    ...usualInitializers(analysis, 'bias'),
    ...changes,
    ...(changes.length > 1 ? [allOf(changes)] : []),
  ];
}

/** Restores the layers' default initializers, for all parameters or for those whose name begins with `kind`. */
function usualInitializers({ graph }: Analysis, kind: 'bias' | ''): SpecFix[] {
  const edits = graph.layers.flatMap(({ name: layer, spec }): SpecEdit[] =>
    Object.keys(spec.given)
      .filter((attribute) => attribute.startsWith(kind) && /initializer$/i.test(attribute))
      .map((attribute) => ({ kind: 'setAttribute', layer, attribute, value: undefined })),
  );
  if (edits.length === 0) return [];
  const title =
    kind === 'bias'
      ? l10n.t('Reset the initializers of all biases')
      : l10n.t('Reset the initializers of all weights and biases');
  return [{ title, edit: together(edits) }];
}

const constantRate = ({ spec }: Analysis): SpecFix[] =>
  spec.training?.schedule ? [setTraining(['schedule'], undefined, l10n.t('Remove "{0}"', 'schedule'))] : [];

/** Removes dropout and noise. */
function withoutNoise({ graph }: Analysis): SpecFix[] {
  const names = graph.layers
    .filter(({ definition, from }) => definition.category === 'regularization' && from.length === 1)
    .map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        {
          title: l10n.t('Remove {0}', names.map((name) => `"${name}"`).join(', ')),
          edit: { kind: 'removeLayers', names, heal: true },
        },
      ];
}

/** Gives narrow hidden layers more units. */
function wider(analysis: Analysis): SpecFix[] {
  const outputs = judged({ analysis });
  const edits = analysis.graph.layers.flatMap((layer): SpecEdit[] => {
    const isOutput = outputs.has(layer.name) || nextWeights(analysis.graph, layer.name).length === 0;
    const { units } = layer.spec.given;
    return !isOutput && typeof units === 'number' && units < narrow.below
      ? [{ kind: 'setAttribute', layer: layer.name, attribute: 'units', value: narrow.units }]
      : [];
  });
  if (edits.length === 0) return [];
  return [{ title: l10n.t('Widen narrow hidden layers to {0} units', narrow.units), edit: together(edits) }];
}

/** Replaces simple recurrent layers with gated ones. */
const gated = (analysis: Analysis): SpecFix[] =>
  analysis.graph.layers
    .filter(({ definition }) => definition.category === 'recurrent')
    .flatMap(({ name }) => changeType({ analysis }, name, 'gru'));

/** Sets the optimizer to Adam with its default learning rate. */
function usualOptimizer({ spec }: Analysis): SpecFix[] {
  const type = 'adam';
  const rate = optimizers.get(type).attributes.learningRate?.default;
  const { optimizer } = spec.training ?? {};
  if (!optimizer || (optimizer.type === type && optimizer.attributes.learningRate === rate)) return [];
  return [
    {
      title: l10n.t('Use {0} with its default learning rate', optimizers.get(type).label),
      edit: { kind: 'setTraining', path: ['optimizer'], value: { type } },
    },
  ];
}
