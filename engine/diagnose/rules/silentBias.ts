/** Biases that start so far below zero that hardly any unit of the activation behind them is on. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { biasOf, readersIn, weightsOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const silentBias = defineFinding({
  code: 'init/mismatch',
  title: 'Biases start far below zero',
  doc: `A ReLU is off where the sum before it is below zero. Inputs of a size of about 1 give sums of about √inputs times the size of the weights. A bias
that starts several times as far below zero switches nearly all units off for nearly all samples, and no gradient switches them on again.

**What helps:** biases that start at zero.

Limit: three times the size of the sums, which one of a thousand sums exceeds. It is information: what the units do is measured, and reported as dead units.`,
  needs: 'static',
  measures: () => l10n.t('Distance of the bias below zero, as a multiple of the size of the sums'),
  limits: { below: 3 },

  find({ analysis: { graph } }, { below }) {
    const readers = readersIn(graph);
    return graph.layers.flatMap((layer) => {
      const own = readers.get(layer.name) ?? [];
      const [kernel, ...others] = weightsOf(layer);
      const bias = biasOf(layer);
      if (!kernel || others.length > 0 || !(bias < 0) || own.length === 0) return [];
      if (!own.every(({ definition }) => definition.canDie)) return [];
      const size = Math.hypot(kernel.spread.std, kernel.spread.mean) * Math.sqrt(kernel.fanIn);
      const distance = -bias / size;
      return [
        {
          layer: layer.name,
          severity: distance > below ? ('info' as const) : undefined,
          evidence: { value: distance, limit: below },
          message: () =>
            l10n.t(
              'its biases start at {0}, {1} times as far below zero as its sums reach, so hardly any unit behind it is ever on. Start them at zero.',
              formatNumber(bias),
              formatNumber(distance),
            ),
        },
      ];
    });
  },

  fixes: (_, layer) =>
    layer === undefined
      ? []
      : [
          setAttribute(
            layer,
            'biasInitializer',
            undefined,
            l10n.t('Start the biases of "{0}" at zero', layer),
          ),
        ],

  samples: () => ({
    sick: [startingAt(-10)],
    nearMiss: startingAt(-1.2),
    healthy: [startingAt(-0.1), small('relu')],
  }),
});

function startingAt(value: number) {
  const hidden = { type: 'dense', units: 16, biasInitializer: { type: 'constant', value } };
  return chain([2], { hidden, bend: { type: 'relu' }, logits: { type: 'dense', units: 2 } });
}
