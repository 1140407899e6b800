/** The optimizer's own defaults for everything but the learning rate: momentum, running means, epsilon. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import type { NetworkLook } from '../../diagnose/look.ts';
import { optimizers } from '../../optimizers/registry.ts';
import { defineAlternative } from './define.ts';

export const optimizerDefaults = defineAlternative({
  // Momentum, and any mean that is longer than usual, adds up steps; an epsilon above the usual one shortens them.
  code: (look) =>
    unusual(look).some(
      ({ name, value, usual }) => value < 1 && value > usual && (name === 'momentum' || usual > 0.5),
    )
      ? 'update/tooLarge'
      : 'update/tooSmall',

  changes(look) {
    const { optimizer } = look.analysis.spec.training ?? {};
    if (!optimizer || unusual(look).length === 0) return [];
    const { type, attributes } = optimizer;
    const names = unusual(look).map(({ name }) => `"${name}"`);
    return [
      setTraining(
        ['optimizer'],
        { type, learningRate: Number(attributes.learningRate) },
        l10n.t('Reset {0} of the optimizer', names.join(', ')),
      ),
    ];
  },
});

/** Numbers that differ from the optimizer's defaults, without the learning rate. */
function unusual({ analysis: { spec } }: NetworkLook) {
  const { type = '', attributes = {} } = spec.training?.optimizer ?? {};
  const table = optimizers.find(type)?.attributes ?? {};
  return Object.entries(table).flatMap(([name, { default: usual }]) => {
    const value = attributes[name];
    return name !== 'learningRate' &&
      typeof value === 'number' &&
      typeof usual === 'number' &&
      value !== usual
      ? [{ name, value, usual }]
      : [];
  });
}
