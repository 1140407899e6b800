/** A loss that counts nothing, although layers learn from it alone. */
import * as l10n from '@vscode/l10n';
import { defineFinding, type Sighting } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { hasWeights, judged, leadingTo } from '../network.ts';
import { twoOutputs } from '../samples.ts';

export const weightlessLoss = defineFinding({
  code: 'output/unused',
  title: 'A loss without weight',
  doc: `One of several losses has a weight of 0, and layers lead to it and to no other loss. They get no gradient, so they keep the random weights that they start with, and so
do the predictions of this output.

A loss without weight is not reported where all layers before it learn from another one: then it only measures.

**What helps:** a weight above 0; without the loss, its layers can be removed.`,
  needs: 'static',
  limits: {},

  find(look) {
    const { graph, spec } = look.analysis;
    const learning = new Set(leadingTo(graph, judged(look)).map(({ name }) => name));
    return (spec.training?.losses ?? []).flatMap(({ from, weight }, index): Sighting[] => {
      const idle = leadingTo(graph, new Set([from.layer])).filter(
        (layer) => hasWeights(layer) && layer.spec.common.trainable && !learning.has(layer.name),
      );
      return [
        {
          layer: from.layer,
          place: ['training', 'loss', index],
          severity: weight === 0 && learning.size > 0 && idle.length > 0 ? 'warning' : undefined,
          evidence: { value: weight, limit: 0 },
          message: () =>
            l10n.t(
              'the weight of its loss is 0, so the layers that lead only to it never learn. Give the loss a weight.',
            ),
        },
      ];
    });
  },

  fixes: ({ analysis: { spec } }, layer) =>
    (spec.training?.losses ?? []).flatMap(({ from, weight }, index) =>
      from.layer === layer && weight === 0
        ? [
            setTraining(
              ['loss', index, 'weight'],
              undefined,
              l10n.t('Set "weight" of the loss of "{0}" to 1', layer),
            ),
          ]
        : [],
    ),

  samples: () => ({ sick: [twoOutputs(0)], nearMiss: twoOutputs(0.01), healthy: [twoOutputs(1)] }),
});
