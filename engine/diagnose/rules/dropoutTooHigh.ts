/** Dropout that leaves little to learn from, or that drops the output itself. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { removeLayer, together } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { dropsOf, judged } from '../network.ts';
import { chain } from '../samples.ts';

export const dropoutTooHigh = defineFinding({
  code: 'structure/dropoutTooHigh',
  title: 'Too much dropout',
  doc: `Dropout sets more than half of the values to 0, so each step trains a small part of the network and learning is slow and noisy.
Or it drops scores or values that the loss compares, so some predictions are 0 at random.

**What helps:** a rate of 0.2 to 0.5; no dropout after the output layer.

Limits: [UMLAUT](https://doi.org/10.1145/3411764.3445538) warns above 0.5; 0.2 to 0.3 is common.`,
  needs: 'static',
  measures: () => l10n.t('Share of values that are dropped'),
  limits: { info: 0.5, warn: 0.7 },

  find(look, { info, warn }) {
    return look.analysis.graph.layers.flatMap((layer) => {
      const { name } = layer;
      const rate = Math.max(0, ...dropsOf(layer).map((one) => one.rate));
      if (rate === 0) return [];
      if (dropsOutput(look, layer))
        return [
          {
            layer: name,
            severity: 'warning' as const,
            evidence: { value: rate, limit: 0 },
            message: () =>
              l10n.t(
                'it drops {0} of the output that the loss is computed from, so some predictions are 0 at random. Remove it, or put it before the last layer with weights.',
                formatShare(rate),
              ),
          },
        ];
      return [
        {
          layer: name,
          severity: rate >= warn ? ('warning' as const) : rate > info ? ('info' as const) : undefined,
          evidence: { value: rate, limit: rate >= warn ? warn : info },
          message: () =>
            l10n.t(
              'it drops {0} of all values, which leaves little to learn from. Use 0.2 to 0.5.',
              formatShare(rate),
            ),
        },
      ];
    });
  },

  fixes(look, layer, limits) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    if (!typed) return [];
    if (dropsOutput(look, typed)) return removeLayer(look, typed.name);
    const drops = dropsOf(typed).filter(({ rate }) => rate > limits.info);
    return drops.length === 0
      ? []
      : [
          {
            title: l10n.t(
              'Set "{0}" of "{1}" to {2}',
              drops.map(({ attribute }) => attribute).join('", "'),
              typed.name,
              0.3,
            ),
            edit: together(
              drops.map(({ attribute }) => ({
                kind: 'setAttribute' as const,
                layer: typed.name,
                attribute,
                value: 0.3,
              })),
            ),
          },
        ];
  },

  samples: () => ({
    sick: [
      dropping(0.9),
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        logits: { type: 'dense', units: 2 },
        dropped: { type: 'dropout', rate: 0.2 },
      }),
    ],
    healthy: [dropping(0.2)],
    nearMiss: dropping(0.5),
  }),
});

function dropping(rate: number) {
  return chain([2], {
    dense1: { type: 'dense', units: 16 },
    act1: { type: 'relu' },
    dropped: { type: 'dropout', rate },
    logits: { type: 'dense', units: 2 },
  });
}

/** Whether it is the layer that a loss judges, and does nothing else. */
const dropsOutput = (look: NetworkLook, { name, definition }: TypedLayer): boolean =>
  judged(look).has(name) && definition.category === 'regularization';
