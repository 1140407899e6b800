/** Dropout that leaves little to learn from, or that drops the output itself. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { removeLayer, setAttribute } from '../fixes.ts';
import { judged } from '../network.ts';
import { chain } from '../samples.ts';

export const dropoutTooHigh = defineFinding({
  code: 'structure/dropoutTooHigh',
  title: 'Too much dropout',
  doc: `Dropout sets more than half of the values to 0, so each step trains a small part of the network and learning is slow and noisy.
Or it drops scores or values that the loss compares, so some predictions are 0 at random.

**What helps:** a rate of 0.2 to 0.5; no dropout after the output layer.

Limits: [UMLAUT](https://doi.org/10.1145/3411764.3445538) warns above 0.5; 0.2 to 0.3 is common.`,
  needs: 'static',
  limits: { info: 0.5, warn: 0.7 },

  find(look, { info, warn }) {
    const ends = judged(look);
    return look.analysis.graph.layers.flatMap(({ name, definition, spec }) => {
      const rate = definition.dropShare === undefined ? 0 : Number(spec.attributes[definition.dropShare]);
      if (!(rate > 0)) return [];
      if (ends.has(name))
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

  fixes(look, layer) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    if (!typed) return [];
    if (judged(look).has(typed.name)) return removeLayer(look, typed.name);
    const attribute = typed.definition.dropShare;
    return attribute === undefined
      ? []
      : [
          setAttribute(
            typed.name,
            attribute,
            0.3,
            l10n.t('Set "{0}" of "{1}" to {2}', attribute, typed.name, 0.3),
          ),
        ];
  },

  samples: {
    sick: [
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        dropped: { type: 'dropout', rate: 0.9 },
        logits: { type: 'dense', units: 2 },
      }),
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        logits: { type: 'dense', units: 2 },
        dropped: { type: 'dropout', rate: 0.2 },
      }),
    ],
    healthy: [
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        dropped: { type: 'dropout', rate: 0.5 },
        logits: { type: 'dense', units: 2 },
      }),
    ],
  },
});
