/** A condition that every run must meet was not met: the code of a layer or an optimizer is wrong. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { chain, small } from '../samples.ts';

export const brokenInvariant = defineFinding({
  code: 'parameters/inconsistent',
  title: 'Inconsistent parameters',
  doc: `In every run a frozen parameter keeps its values, and layers that share parameters compute with the same numbers. Both are checked at
the end of each epoch, on up to 1024 numbers of each parameter. If one does not hold, the code of the layer or of the optimizer is wrong, and no result of the
run can be trusted. \`update/lost\` checks that each parameter with a gradient changes, and \`data/leak\` that no test sample is a training
sample.

**What helps:** nothing in the network. Please report it, with the network.`,
  needs: 'training',
  when: 'epoch',
  limits: {},

  find: ({ broken = [] }) =>
    broken.map(({ invariant, layer, parameter, difference }) => ({
      layer,
      severity: 'error' as const,
      evidence: { value: difference, limit: 0 },
      message: () =>
        invariant === 'frozenStays'
          ? l10n.t(
              'its {0} is frozen, but changed by {1} in this epoch. This is a fault of Netloom, and the results cannot be trusted. Please report it.',
              parameter,
              formatNumber(difference),
            )
          : l10n.t(
              'its {0} is shared, but differs by {1} from that of the layer it belongs to. This is a fault of Netloom, and the results cannot be trusted. Please report it.',
              parameter,
              formatNumber(difference),
            ),
    })),

  // No network can cause it. Its test breaks a running training.
  samples: () => ({
    sick: [],
    // Has what is checked: a frozen layer, and one that shares its parameters.
    nearMiss: chain([2], {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      dense2: { type: 'dense', units: 16, trainable: false },
      act2: { type: 'relu' },
      dense3: { type: 'dense', units: 16, shares: 'dense2' },
      act3: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    }),
    healthy: [small('relu')],
  }),
});
