/** A training in which no parameter may change. */
import * as l10n from '@vscode/l10n';
import { defineFinding } from '../define.ts';
import { judged, leadingTo } from '../network.ts';
import { small } from '../samples.ts';

export const nothingTrains = defineFinding({
  code: 'structure/nothingTrains',
  title: 'Nothing can learn',
  doc: `Every parameter that a loss depends on is frozen, or there are none. The loss will stay what it is.

**What helps:** \`"trainable": true\` for the layers that are to learn, which is the default, or a layer with weights.`,
  needs: 'static',
  limits: {},

  find(look) {
    const { graph, spec } = look.analysis;
    const reached = leadingTo(graph, judged(look));
    const count = reached.filter(
      ({ spec: layer, inferred }) =>
        layer.common.trainable && Object.keys(inferred.parameters ?? {}).length > 0,
    ).length;
    if (!spec.training || reached.length === 0) return [];
    return [
      {
        place: ['training', 'loss'],
        severity: count === 0 ? 'error' : undefined,
        evidence: { value: count, limit: 1 },
        message: () =>
          l10n.t(
            'the loss depends on no parameter that may change, so nothing can be learned. Add a layer with weights, or remove "trainable": false.',
          ),
      },
    ];
  },

  fixes({ analysis: { graph } }) {
    const frozen = graph.layers.filter(({ spec }) => !spec.common.trainable).map(({ name }) => name);
    if (frozen.length === 0) return [];
    return [
      {
        title: l10n.t('Let all layers learn'),
        edit: {
          kind: 'several',
          edits: frozen.map((layer) => ({
            kind: 'setAttribute',
            layer,
            attribute: 'trainable',
            value: undefined,
          })),
        },
      },
    ];
  },

  samples: {
    sick: [frozen(['dense1', 'dense2', 'logits'])],
    healthy: [frozen(['dense1', 'dense2'])],
  },
});

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
