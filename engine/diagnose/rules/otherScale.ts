/** Test data that is on another scale than the training data. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding, type NetworkSample } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { inputLayerOf } from '../network.ts';
import { chain } from '../samples.ts';

export const otherScale = defineFinding({
  code: 'data/otherScale',
  title: 'Test data has another scale',
  doc: `Most test values of a feature are outside of the range of its training values: the two were measured in different units, or only one of them was
scaled. A network knows nothing about such inputs, so its test scores say nothing.

Missing or different preprocessing of the data that a network is used on is one of the faults that
[Humbatova et al., 2020](https://doi.org/10.1145/3377811.3380395) found in real projects.

The range counts a tenth wider to both sides; for sequences and images, where all values are taken together, half as wide again, since a series that
grows continues. There, the means of samples are compared, too: a negative of a picture has the same range.

**What helps:** the same unit and the same scaling in both tables. A part of the training table can serve as test data until then.

Limits: half of the test values.`,
  needs: 'data',
  measures: () => l10n.t('Share of test values out of range'),
  limits: { outside: 0.5 },

  find(look, { outside }) {
    return look.data.inputs.flatMap((field, index) => {
      const { displaced, columns } = field;
      const layer = inputLayerOf(look, index);
      if (!displaced || !layer || Math.min(look.trainSamples, look.testSamples) < fewestSamples) return [];
      const { feature, share, train, test, isMean } = displaced;
      return [
        {
          layer: layer.name,
          severity: share > outside ? ('warning' as const) : undefined,
          evidence: { value: share, limit: outside },
          message: () =>
            isMean
              ? l10n.t(
                  'the means of {0} of the test samples are far outside of the range of those of training samples ({1} to {2}): they range from {3} to {4}, as in negatives of pictures. Prepare both in the same way.',
                  formatShare(share),
                  ...[...train, ...test].map(formatNumber),
                )
              : feature === undefined
                ? l10n.t(
                    '{0} of the test values are far outside of the range of the training values ({1} to {2}): they range from {3} to {4}. Scale both in the same way.',
                    formatShare(share),
                    ...[...train, ...test].map(formatNumber),
                  )
                : l10n.t(
                    '{0} of the test values of column {1} are far outside of the range of the training values ({2} to {3}): they range from {4} to {5}. Use the same unit and scaling in both tables.',
                    formatShare(share),
                    `"${columns?.[feature] ?? feature + 1}"`,
                    ...[...train, ...test].map(formatNumber),
                  ),
        },
      ];
    });
  },

  fixes({ analysis }) {
    const { testFile } = analysis.spec.training?.data.attributes ?? {};
    return testFile ? [setTraining(['data', 'testFile'], undefined, l10n.t('Remove "{0}"', 'testFile'))] : [];
  },

  samples: () => ({
    sick: [tested('sizes-in-millimetres.csv')],
    nearMiss: tested('sizes-nearly-in-range.csv'),
    healthy: [tested('sizes-test.csv')],
  }),
});

/** With fewer samples of either kind, most test values can be outside by chance. */
const fewestSamples = 10;

/** A table of sizes in metres, and this one as its test data. */
const tested = (testFile: string): NetworkSample =>
  chain(
    [2],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, logits: { type: 'dense', units: 2 } },
    {
      data: {
        type: 'csv',
        file: 'test/fixtures/faults/data/sizes.csv',
        testFile: `test/fixtures/faults/data/${testFile}`,
      },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 8,
    },
  );
