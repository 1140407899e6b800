/** Vectors of symbols that start so large that everything behind them saturates. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { targetOf } from '../../initializers/define.ts';
import { initializers } from '../../initializers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { normalizesInput } from '../network.ts';
import { chain } from '../samples.ts';

export const wideEmbedding = defineFinding({
  code: 'init/mismatch',
  title: 'Vectors of symbols start too large',
  doc: `The vectors of an embedding are the inputs of the layers behind it. Like any input, they should have a size of about 1. Much larger ones
saturate the gates and activations that read them, and training takes long to shrink them, since each step changes the rows of few symbols only.

A normalization right behind the embedding makes their size unimportant.

**What helps:** the default, numbers up to 0.05, or a deviation of up to 1.

Limits: numbers of about 4; PyTorch starts with a deviation of 1, Keras with 0.03.`,
  needs: 'static',
  measures: () => l10n.t('Size of the vectors'),
  limits: { size: 4 },

  find: ({ analysis: { graph } }, { size: most }) =>
    graph.layers
      .filter(({ definition, name }) => definition.indexLimit !== undefined && !normalizesInput(graph, name))
      .map((layer) => {
        const size = sizeOf(layer);
        return {
          layer: layer.name,
          severity: size > most ? ('warning' as const) : undefined,
          evidence: { value: size, limit: most },
          message: () =>
            l10n.t(
              'its vectors start with numbers of about {0}, so the layers that read them saturate. Use numbers below 1.',
              formatNumber(size),
            ),
        };
      }),

  fixes: (_, layer) =>
    layer === undefined
      ? []
      : [
          setAttribute(
            layer,
            'kernelInitializer',
            undefined,
            l10n.t('Use the default initializer in "{0}"', layer),
          ),
        ],

  samples: () => ({
    sick: [reading(20)],
    nearMiss: reading(3.5),
    healthy: [reading(1)],
  }),
});

/** The size of the numbers in a lookup table, as a root mean square. */
function sizeOf({ inferred }: TypedLayer): number {
  const [table] = Object.values(inferred.parameters ?? {});
  if (!table) return 0;
  const { type, attributes } = table.initializer;
  const { std, mean } = initializers.get(type).spread(attributes, targetOf(table));
  return Math.hypot(std, mean);
}

/** Predicts the next character from vectors with this deviation. */
function reading(std: number) {
  return chain(
    [16],
    {
      letters: {
        type: 'embedding',
        vocabularySize: 8,
        units: 12,
        kernelInitializer: { type: 'normal', std },
      },
      memory: { type: 'simpleRnn', hiddenSize: 16, returnSequences: true },
      next: { type: 'dense', units: 8 },
    },
    {
      data: { type: 'brackets', target: 'next', sequenceLength: 16, samples: 200, testSamples: 40 },
      epochs: 2,
    },
  );
}
