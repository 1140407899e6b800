/** A loss that judges by the labels as they are, and large errors as large ones. */
import * as l10n from '@vscode/l10n';
import { setTraining } from '../../diagnose/fixes.ts';
import { losses } from '../../losses/registry.ts';
import { always, defineAlternative } from './define.ts';

/** Attributes that loosen a loss. What weighs or ignores classes also changes what a score of all samples says, so that it cannot be judged by one. */
const loosening = ['labelSmoothing', 'delta', 'beta'];

export const plainLoss = defineAlternative({
  code: always('output/lossMismatch'),

  changes: ({ analysis: { spec, lossesAreListed } }) =>
    (spec.training?.losses ?? []).flatMap(({ type, attributes }, index) =>
      loosening.flatMap((name) => {
        const usual = losses.get(type).attributes[name]?.default;
        const path = ['loss', ...(lossesAreListed ? [index] : []), name];
        return usual !== undefined && attributes[name] !== usual
          ? [setTraining(path, undefined, l10n.t('Reset "{0}" of the loss', name))]
          : [];
      }),
    ),
});
