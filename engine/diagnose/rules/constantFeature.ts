/** Columns that never change, and so carry no information or leave nothing to predict. */
import * as l10n from '@vscode/l10n';
import type { TargetSummary } from '../data.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { dropFeatures } from '../fixes.ts';
import type { DataLook } from '../look.ts';
import { inputLayerOf, isLookedUp } from '../network.ts';
import { chain } from '../samples.ts';

export const constantFeature = defineFinding({
  code: 'data/constantFeature',
  title: 'Columns that never change',
  doc: `A feature has the same value in every sample, so it cannot tell samples apart. It is usually a column that was
read by mistake, or one that is only measured in another file. If the value to predict never changes, there is nothing to learn, which is an error. (Samples
that all belong to one class are reported as \`data/imbalanced\`.)

Image pixels are not checked, because corners are often always dark. Sequences of zeros and ones, such as the keys of a piano, are reported as
information only: some keys never sound. Where a table holds pixels or other counts, a few constant
columns among many are reported as information only.

**What helps:** exclude the column with \`"exclude"\` in the data; predict another column.

Limits: a warning from one feature in ten, an error from half of the features.`,
  needs: 'data',
  measures: () => l10n.t('Share of the features, or of the target, that never changes'),
  limits: { warn: 0.1, error: 0.5 },

  find: (look, { warn, error }) => [
    ...constantTargets(look).map(
      ({ name }): Sighting => ({
        place: ['training', 'data'],
        severity: 'error',
        evidence: { value: 1, limit: error },
        message: () =>
          l10n.t(
            'the target "{0}" is the same in all samples, so there is nothing to learn. Choose another target, or look for the column that was meant.',
            name,
          ),
      }),
    ),
    ...look.data.inputs.flatMap(
      ({ name, shape, constant, features, columns, isFlags }, index): Sighting[] => {
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
      },
    ),
  ],

  fixes: (look) => {
    // Only a person knows what should be predicted.
    if (constantTargets(look).length > 0) return [];
    const index = look.data.inputs.findIndex(({ constant, features }) => features > 0 && constant.length > 0);
    return index < 0 ? [] : dropFeatures(look, index, look.data.inputs[index].constant);
  },

  samples: () => ({
    sick: [table('constant.csv', 3), predicting('closed', 'price')],
    nearMiss: table('one-constant-in-twelve.csv', 12),
    healthy: [table('iris.csv', 4), predicting('price', 'closed')],
  }),
});

/** A single sample does not show whether a target changes. */
const constantTargets = ({ trainSamples, data: { targets } }: DataLook): readonly TargetSummary[] =>
  trainSamples > 1 ? targets.filter(({ neverChanges }) => neverChanges) : [];

/** A regression of one column of a table, without the other one. */
const predicting = (target: string, exclude: string) =>
  chain(
    [3],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'tanh' }, value: { type: 'dense', units: 1 } },
    {
      data: {
        type: 'csv',
        file: 'test/fixtures/faults/data/one-target-never-changes.csv',
        target,
        exclude: [exclude],
        task: 'regression',
      },
      loss: { type: 'meanSquaredError', from: 'value' },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 30,
    },
  );

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
