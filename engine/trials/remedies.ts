/**
 * What a repair tries where no fix of the findings themselves helps: undoing what was set to another value than the usual one, the
 * smallest change first. Whether that helps is proven like any other fix.
 */
import * as l10n from '@vscode/l10n';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { Analysis } from '../graph/typed.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { SpecEdit } from '../spec/specEdit.ts';

export const lastResorts = (analysis: Analysis): readonly SpecFix[] => [
  ...usualInitializers(analysis, 'bias'),
  ...usualInitializers(analysis, ''),
  ...usualOptimizer(analysis),
];

/** Leaves the initializers to the layers: those of all parameters, or of those whose name begins with `kind`. */
function usualInitializers({ graph }: Analysis, kind: 'bias' | ''): SpecFix[] {
  const edits = graph.layers.flatMap(({ name: layer, spec }): SpecEdit[] =>
    Object.keys(spec.given)
      .filter((attribute) => attribute.startsWith(kind) && /initializer$/i.test(attribute))
      .map((attribute) => ({ kind: 'setAttribute', layer, attribute, value: undefined })),
  );
  if (edits.length === 0) return [];
  const title =
    kind === 'bias' ? l10n.t('Start all biases as usual') : l10n.t('Start all weights and biases as usual');
  return [{ title, edit: { kind: 'several', edits } }];
}

/** Adam at the rate that it starts with. */
function usualOptimizer({ spec }: Analysis): SpecFix[] {
  const type = 'adam';
  const rate = optimizers.get(type).attributes.learningRate?.default;
  const { optimizer } = spec.training ?? {};
  if (!optimizer || (optimizer.type === type && optimizer.attributes.learningRate === rate)) return [];
  return [
    {
      title: l10n.t('Use {0} with its usual learning rate', type),
      edit: { kind: 'setTraining', path: ['optimizer'], value: { type } },
    },
  ];
}
