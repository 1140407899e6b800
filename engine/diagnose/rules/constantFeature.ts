/** Columns that never change and so carry no information. */
import * as l10n from '@vscode/l10n';
import { defineFinding, type Sighting } from '../define.ts';
import { dropFeatures } from '../fixes.ts';
import { inputLayerOf, isLookedUp } from '../network.ts';
import { chain } from '../samples.ts';

export const constantFeature = defineFinding({
  code: 'data/constantFeature',
  title: 'Features that never change',
  doc: `A feature has the same value in every sample, so it cannot tell samples apart. It is usually a column that was
read by mistake, or one that is only measured in another file.

Image pixels are not checked, because corners are often always dark. Sequences of zeros and ones, such as the keys of a piano, are reported as
information only: some keys never sound. Where a table holds pixels or other counts, a few constant
columns among many are reported as information only.

**What helps:** exclude the column with \`"exclude"\` in the data.

Limits: a warning from one feature in ten, an error from half of the features.`,
  needs: 'data',
  measures: () => l10n.t('Share of features that never change'),
  limits: { warn: 0.1, error: 0.5 },

  find: (look, { warn, error }) =>
    look.data.inputs.flatMap(({ name, shape, constant, features, columns, isFlags }, index): Sighting[] => {
      const layer = inputLayerOf(look, index);
      if (features === 0 || (layer && isLookedUp(look.analysis.graph, layer.name))) return [];
      const part = constant.length / features;
      // Of the keys of a piano or the words of a vocabulary, some never occur.
      const isSparse = shape.length > 1 && isFlags;
      return [
        {
          place: ['training', 'data'],
          severity:
            part === 0 ? undefined : isSparse || part < warn ? 'info' : part >= error ? 'error' : 'warning',
          evidence: { value: part, limit: part >= error ? error : warn },
          message: () => {
            const shown = constant.slice(0, 5).map((feature) => columns?.[feature] ?? feature + 1);
            return constant.length === 1
              ? l10n.t('one feature of "{0}" never changes ({1}). Remove it.', name, shown[0])
              : l10n.t(
                  '{0} of the {1} features of "{2}" never change ({3}). Remove them.',
                  constant.length,
                  features,
                  name,
                  shown.join(', '),
                );
          },
        },
      ];
    }),

  fixes: (look) => {
    const index = look.data.inputs.findIndex(({ constant, features }) => features > 0 && constant.length > 0);
    return index < 0 ? [] : dropFeatures(look, index, look.data.inputs[index].constant);
  },

  samples: () => ({
    sick: [table('constant.csv', 3)],
    nearMiss: table('one-constant-in-twelve.csv', 12),
    healthy: [table('iris.csv', 4)],
  }),
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
