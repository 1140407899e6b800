/** A softmax as a hidden activation: its outputs compete and are tiny. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { changeType } from '../fixes.ts';
import { hasWeights, readersIn, sharesOut, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const hiddenSoftmax = defineFinding({
  code: 'structure/hiddenSoftmax',
  title: 'Softmax between layers',
  doc: `A softmax is used as a hidden activation. Its outputs add up to 1, so each of n units gives about 1/n, one unit can only
rise when others fall, and almost no gradient passes. A softmax that weights other values, as in attention, is not reported.

**What helps:** ReLU or tanh.`,
  needs: 'static',
  limits: {},

  find({ analysis: { graph } }) {
    const readers = readersIn(graph);
    return graph.layers
      .filter((layer) => {
        const behind = readers.get(layer.name) ?? [];
        return (
          sharesOut(layer) &&
          widthOf(layer) > 1 &&
          behind.length > 0 &&
          behind.every((reader) => mixes(graph, reader))
        );
      })
      .map((layer) => ({
        layer: layer.name,
        severity: 'warning' as const,
        evidence: { value: 1, limit: 0 },
        message: () =>
          l10n.t(
            'its {0} outputs add up to 1, so they are small and hardly any gradient passes. Use relu or tanh between layers.',
            widthOf(layer),
          ),
      }));
  },

  fixes: (look, layer) => (layer === undefined ? [] : changeType(look, layer, 'relu')),

  samples: () => ({
    sick: [
      small('softmax'),
      // Shares times shares weight nothing.
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'softmax' },
        dense2: { type: 'dense', units: 16, from: 'data' },
        act2: { type: 'softmax' },
        both: { type: 'multiply', from: ['act1', 'act2'] },
        logits: { type: 'dense', units: 2 },
      }),
    ],
    // The softmax weights other values.
    nearMiss: chain([2], {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'softmax' },
      dense2: { type: 'multiply', from: ['dense1', 'act1'] },
      act2: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    }),
    healthy: [
      chain(
        [2],
        {
          dense1: { type: 'dense', units: 16 },
          act1: { type: 'relu' },
          scores: { type: 'dense', units: 2 },
          probabilities: { type: 'logSoftmax' },
        },
        { loss: { type: 'negativeLogLikelihood', from: 'probabilities' } },
      ),
    ],
  }),
});

/** Whether a layer is linear with weights, or leads to such a layer through others that only rearrange or drop values, or join shares. */
const mixes = (graph: TypedGraph, layer: TypedLayer): boolean => {
  const { category, linear } = layer.definition;
  const passesOn = category === 'shape' || category === 'pooling' || category === 'regularization';
  if (!passesOn && !joinsShares(graph, layer)) return linear === true && hasWeights(layer);
  const behind = readersIn(graph).get(layer.name) ?? [];
  return behind.length > 0 && behind.every((reader) => mixes(graph, reader));
};

/** Whether all that it joins is shares. Beside other values, shares are weights, as in attention. */
const joinsShares = ({ layers }: TypedGraph, { definition, from }: TypedLayer): boolean =>
  definition.category === 'merge' &&
  from.every((ref) => layers.some((layer) => layer.name === ref.layer && sharesOut(layer)));
