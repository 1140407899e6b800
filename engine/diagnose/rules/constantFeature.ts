/** Columns that say nothing, as they never change. */
import * as l10n from '@vscode/l10n';
import { defineFinding } from '../define.ts';
import { chain } from '../samples.ts';

export const constantFeature = defineFinding({
  code: 'data/constantFeature',
  title: 'Features that never change',
  doc: `A feature has the same value in every sample, so it tells samples apart no better than a bias does. Mostly a column that was
read by mistake, or one that is measured in another file only.

Pixels of images are left alone: corners are often always dark.

**What helps:** \`"exclude"\` of the column in the data.`,
  needs: 'data',
  limits: { share: 0.5 },

  find: ({ data }, { share }) =>
    data.inputs.flatMap(({ name, constant, features }) => {
      const part = features === 0 ? 0 : constant.length / features;
      return [
        {
          place: ['training', 'data'],
          severity: part >= share ? ('error' as const) : part > 0 ? ('warning' as const) : undefined,
          evidence: { value: constant.length, limit: 0 },
          message: () =>
            l10n.t(
              '{0} of the {1} features of "{2}" never change (number {3}). Leave them out.',
              constant.length,
              features,
              name,
              constant
                .slice(0, 5)
                .map((feature) => feature + 1)
                .join(', '),
            ),
        },
      ];
    }),

  samples: {
    sick: [table('constant.csv', 3)],
    healthy: [table('iris.csv', 4)],
  },
});

function table(file: string, features: number) {
  return chain(
    [features],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'tanh' }, logits: { type: 'dense', units: 3 } },
    {
      data: {
        type: 'csv',
        file: file === 'iris.csv' ? `examples/data/${file}` : `test/fixtures/faults/data/${file}`,
      },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 30,
    },
  );
}
