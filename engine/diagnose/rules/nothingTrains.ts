/** A training in which no parameter may change. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import type { TrainingSpec } from '../../spec/document.ts';
import { defineFinding } from '../define.ts';
import { setTraining, unfreezeAll } from '../fixes.ts';
import { judged, leadingTo } from '../network.ts';
import { small } from '../samples.ts';

export const nothingTrains = defineFinding({
  code: 'structure/nothingTrains',
  title: 'Nothing can learn',
  doc: `Every parameter that a loss depends on is frozen, or there are none; or the learning rate or the weight of the loss is 0. The loss will not
change.

**What helps:** \`"trainable": true\` (the default) for the layers that should learn, or a layer with weights.`,
  needs: 'static',
  limits: {},

  find(look) {
    const { graph, spec } = look.analysis;
    const reached = leadingTo(graph, judged(look));
    const parameters = reached.filter(
      ({ spec: layer, inferred }) =>
        layer.common.trainable && Object.keys(inferred.parameters ?? {}).length > 0,
    ).length;
    if (!spec.training) return [];
    const { optimizer } = spec.training;
    const hasNoRate = optimizer.attributes.learningRate === 0;
    const count = hasNoRate ? 0 : parameters;
    return [
      {
        place: ['training', ...(hasNoRate ? ['optimizer', 'learningRate'] : ['loss'])],
        severity: count === 0 ? 'error' : undefined,
        evidence: { value: count, limit: 1 },
        message: () =>
          hasNoRate
            ? l10n.t(
                'the learning rate is 0, so no update changes anything. Set it to the default, {0}.',
                usualRate(optimizer),
              )
            : isUnjudged(spec.training!)
              ? l10n.t('no loss has a weight above 0, so nothing can be learned. Remove "weight": 0.')
              : l10n.t(
                  'the loss depends on no trainable parameter, so nothing can be learned. Add a layer with weights, or remove "trainable": false.',
                ),
      },
    ];
  },

  fixes(look) {
    const { spec, lossesAreListed } = look.analysis;
    const { training } = spec;
    if (training?.optimizer.attributes.learningRate === 0) {
      const usual = usualRate(training.optimizer);
      return [
        setTraining(['optimizer', 'learningRate'], usual, l10n.t('Set "{0}" to {1}', 'learningRate', usual)),
      ];
    }
    if (training && isUnjudged(training))
      return [
        setTraining(
          ['loss', ...(lossesAreListed ? [0] : []), 'weight'],
          undefined,
          l10n.t('Set "{0}" of the loss to {1}', 'weight', 1),
        ),
      ];
    return unfreezeAll(look);
  },

  samples: () => ({
    sick: [
      frozen(['dense1', 'dense2', 'logits']),
      small('relu', { optimizer: { type: 'adam', learningRate: 0 } }),
      small('relu', { loss: { type: 'softmaxCrossEntropy', from: 'logits', weight: 0 } }),
    ],
    nearMiss: frozen(['dense1', 'dense2']),
    healthy: [frozen(['dense1'])],
  }),
});

const isUnjudged = ({ losses }: TrainingSpec): boolean => losses.every(({ weight }) => weight === 0);

/** The optimizer's default learning rate. */
const usualRate = ({ type }: TrainingSpec['optimizer']): number =>
  Number(optimizers.get(type).attributes.learningRate?.default ?? 0.01);

function frozen(names: readonly string[]) {
  const network = small('relu');
  const layers = network.layers as { [name: string]: object };
  return {
    ...network,
    layers: Object.fromEntries(
      Object.entries(layers).map(([name, layer]) => [
        name,
        names.includes(name) ? { ...layer, trainable: false } : layer,
      ]),
    ) as never,
  };
}
