/** A bias that the batch normalization after the layer cancels. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { setAttribute, together } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { readersIn } from '../network.ts';
import { chain } from '../samples.ts';

/** In more layers than this, it is one finding: a deep network would have nothing else in its list of problems. */
const mostApart = 3;

export const batchNormBias = defineFinding({
  code: 'structure/batchNormBias',
  title: 'Bias before batch normalization',
  doc: `Batch normalization subtracts the mean of each channel, which cancels the bias of the layer before it, and then adds its own
offset. The bias gets no gradient and only costs memory.

**What helps:** \`"useBias": false\` in the layer before.`,
  needs: 'static',
  limits: {},

  find(look) {
    const found = needlessBiases(look);
    const shown = found.length > mostApart ? found.slice(0, 1) : found;
    return shown.map(({ name }) => ({
      layer: name,
      severity: 'info' as const,
      evidence: { value: found.length, limit: 0 },
      message: () =>
        shown.length < found.length
          ? l10n.t(
              'the batch normalization after it removes its bias again. The same is true of {0} other layers. Set "useBias": false in all of them to save the parameters.',
              found.length - 1,
            )
          : l10n.t(
              'the batch normalization after it removes its bias again. Set "useBias": false to save the parameters.',
            ),
    }));
  },

  fixes(look, layer) {
    const found = needlessBiases(look);
    if (layer === undefined) return [];
    if (found.length <= mostApart)
      return [setAttribute(layer, 'useBias', false, l10n.t('Set "useBias" of "{0}" to false', layer))];
    return [
      {
        title: l10n.t('Set "useBias" to false in {0} layers', found.length),
        edit: together(found.map(({ name }) => setAttribute(name, 'useBias', false, '').edit)),
      },
    ];
  },

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
      // The biases of its gates decide what it remembers.
      chain([2], {
        steps: { type: 'reshape', shape: [2, 1] },
        memory: { type: 'lstm', hiddenSize: 8 },
        norm: { type: 'batchNorm' },
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

/** The layers whose biases batch normalization removes; of the uses of a block, whose layers are written once, the first one. */
function needlessBiases({ analysis: { graph } }: NetworkLook): readonly TypedLayer[] {
  const readers = readersIn(graph);
  const places = new Map<string, TypedLayer>();
  for (const layer of graph.layers) {
    const behind = readers.get(layer.name) ?? [];
    const isRemoved = behind.length > 0 && behind.every(({ definition }) => definition.couplesBatch);
    const place = layer.spec.path.join('\n');
    // Elsewhere than in a weighted sum, as in gates, a bias does more than shift the output.
    const isShift = layer.definition.linear && layer.spec.attributes.useBias === true;
    if (isShift && isRemoved && !places.has(place)) places.set(place, layer);
  }
  return [...places.values()];
}
