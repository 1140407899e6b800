/** Adam with its default learning rate. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { defineAlternative } from './define.ts';

const type = 'adam';

export const usualOptimizer = defineAlternative({
  // Compared with the default of its own kind, the learning rate says in which direction it is wrong.
  code({ analysis: { spec } }) {
    const { optimizer } = spec.training ?? {};
    if (!optimizer) return 'update/tooSmall';
    const { attributes, slowsDown } = optimizers.get(optimizer.type);
    if (slowsDown) return 'update/slowing';
    const usual = Number(attributes.learningRate?.default ?? 0);
    return Number(optimizer.attributes.learningRate) > usual ? 'update/tooLarge' : 'update/tooSmall';
  },
  resort: 'together',

  changes({ analysis: { spec } }) {
    const rate = optimizers.get(type).attributes.learningRate?.default;
    const { optimizer } = spec.training ?? {};
    if (!optimizer || (optimizer.type === type && optimizer.attributes.learningRate === rate)) return [];
    return [
      {
        title: l10n.t('Use {0} with its default learning rate', optimizers.get(type).label),
        edit: { kind: 'setTraining', path: ['optimizer'], value: { type } },
      },
    ];
  },
});
