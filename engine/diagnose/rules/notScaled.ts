/** Inputs or targets whose scale does not suit the usual weights and learning rates. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { insertAfter, setTraining } from '../fixes.ts';
import { inputLayerOf, isLookedUp, normalizesInput } from '../network.ts';
import { chain } from '../samples.ts';

export const notScaled = defineFinding({
  code: 'data/notScaled',
  title: 'Data is not scaled',
  doc: `Initial weights suit inputs with a mean near 0 and a standard deviation near 1. With inputs far from that, outputs of the first layer
saturate or explode, and the gradients of its weights are too large by the same factor. Regression targets far from that range
make the loss and all gradients large in the same way.

This is not reported where the first layer is a normalization, or where inputs are indices of an embedding.

**What helps:** \`"normalize": "standardize"\` in the data, dividing pixels by 255, or a batch normalization after the input.

Limits: UMLAUT and DeepDiagnosis warn outside −1 to 1. Values up to 10 train well in most networks, so we warn above that.`,
  needs: 'data',
  limits: { large: 10, small: 0.01, target: 30 },

  find(look, { large, small, target }) {
    const { analysis, data } = look;
    return [
      ...data.inputs.flatMap((field, index) => {
        const layer = inputLayerOf(look, index);
        if (!layer || isLookedUp(analysis.graph, layer.name) || normalizesInput(analysis.graph, layer.name))
          return [];
        const reach = Math.max(Math.abs(field.min), Math.abs(field.max));
        const typical = Math.hypot(field.mean, field.std);
        const tooLarge = reach > large && typical > large / 3;
        const tooSmall = typical < small && typical > 0;
        return [
          {
            layer: layer.name,
            severity: tooLarge || tooSmall ? ('warning' as const) : undefined,
            evidence: tooSmall ? { value: typical, limit: small } : { value: reach, limit: large },
            message: () =>
              l10n.t(
                'the data ranges from {0} to {1}, with a mean of {2} and a standard deviation of {3}. Networks learn poorly from inputs on such a scale. Normalize them.',
                formatNumber(field.min),
                formatNumber(field.max),
                formatNumber(field.mean),
                formatNumber(field.std),
              ),
          },
        ];
      }),
      ...data.targets.flatMap((field) =>
        field.type === 'int'
          ? []
          : [
              {
                place: ['training', 'data'],
                severity: Math.hypot(field.mean, field.std) > target ? ('warning' as const) : undefined,
                evidence: { value: Math.hypot(field.mean, field.std), limit: target },
                message: () =>
                  l10n.t(
                    'the targets "{0}" have a mean of {1} and a standard deviation of {2}, so the loss and all gradients are very large. Scale them.',
                    field.name,
                    formatNumber(field.mean),
                    formatNumber(field.std),
                  ),
              },
            ],
      ),
    ];
  },

  fixes(look, layer) {
    const { training } = look.analysis.spec;
    const settings = training?.data.attributes ?? {};
    if (layer === undefined)
      return settings.scaleTarget === false
        ? [setTraining(['data', 'scaleTarget'], true, l10n.t('Standardize the target'))]
        : [];
    return [
      ...(settings.normalize === 'none'
        ? [setTraining(['data', 'normalize'], 'standardize', l10n.t('Standardize the data'))]
        : []),
      ...insertAfter(look, layer, 'batchNorm'),
    ];
  },

  samples: () => ({
    sick: [
      table('none'),
      chain(
        [4],
        { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, price: { type: 'dense', units: 1 } },
        {
          data: { type: 'csv', file: 'test/fixtures/faults/data/prices.csv', task: 'regression' },
          loss: { type: 'meanSquaredError', from: 'price' },
          optimizer: { type: 'adam', learningRate: 0.01 },
        },
      ),
    ],
    nearMiss: table('none', 'nearly-unscaled.csv'),
    healthy: [table('standardize')],
  }),
});

function table(normalize: string, file = 'unscaled.csv') {
  return chain(
    [3],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'tanh' }, logits: { type: 'dense', units: 2 } },
    {
      data: { type: 'csv', file: `test/fixtures/faults/data/${file}`, normalize },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 20,
      epochs: 5,
    },
  );
}
