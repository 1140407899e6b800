/** A bias that the batch normalization after the layer cancels. */
import * as l10n from '@vscode/l10n';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { readersIn } from '../network.ts';
import { chain } from '../samples.ts';

export const batchNormBias = defineFinding({
  code: 'structure/batchNormBias',
  title: 'Bias before batch normalization',
  doc: `Batch normalization subtracts the mean of each channel, which cancels the bias of the layer before it, and then adds its own
offset. The bias gets no gradient and only costs memory.

**What helps:** \`"useBias": false\` in the layer before.`,
  needs: 'static',
  limits: {},

  find({ analysis: { graph } }) {
    const readers = readersIn(graph);
    return graph.layers
      .filter(({ name, spec: { attributes } }) => {
        const behind = readers.get(name) ?? [];
        return (
          attributes.useBias === true &&
          behind.length > 0 &&
          behind.every(({ definition }) => definition.couplesBatch)
        );
      })
      .map(({ name }) => ({
        layer: name,
        severity: 'info' as const,
        evidence: { value: 1, limit: 0 },
        message: () =>
          l10n.t(
            'the batch normalization after it removes its bias again. Set "useBias": false to save the parameters.',
          ),
      }));
  },

  fixes: (_, layer) =>
    layer === undefined
      ? []
      : [setAttribute(layer, 'useBias', false, l10n.t('Set "useBias" of "{0}" to false', layer))],

  samples: () => ({
    sick: [
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        norm: { type: 'batchNorm' },
        act1: { type: 'relu' },
        logits: { type: 'dense', units: 2 },
      }),
    ],
    healthy: [
      chain([2], {
        dense1: { type: 'dense', units: 16, useBias: false },
        norm: { type: 'batchNorm' },
        act1: { type: 'relu' },
        logits: { type: 'dense', units: 2 },
      }),
    ],
    // Layer normalization keeps the bias of a unit.
    nearMiss: chain([2], {
      dense1: { type: 'dense', units: 16 },
      norm: { type: 'layerNorm' },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    }),
  }),
});
