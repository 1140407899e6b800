/** A few values so far from all others that they decide the scale. */
import * as l10n from '@vscode/l10n';
import { losses as lossTypes } from '../../losses/registry.ts';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { type SpecFix, setLoss, setTraining, together } from '../fixes.ts';
import type { DataLook } from '../look.ts';
import { inputLayerOf, targetsFor } from '../network.ts';
import type { Outlying } from '../outliers.ts';
import { table } from '../samples.ts';

export const outliers = defineFinding({
  code: 'data/outliers',
  title: 'A few values are far from all others',
  doc: `A few values of a column lie far from all others, with nothing in between: a code for missing values such as −9999, a number without
its decimal point, a sum that overflowed. They decide the mean and the standard deviation, so scaling makes all other values nearly equal,
and the network cannot tell those apart. In a target, a squared error follows these few samples alone.

Columns with a long tail are not reported: they have values in between. Outliers are at most a tenth of the values, but a single value at an end
that looks like a code, such as 999 or a number below zero among amounts, may be up to half of them.

**What helps:** correct or remove these rows; list the code of missing values in \`"missing"\`, which fills in the mean of the column; huber or meanAbsoluteError for targets.

Limits: values six times as far from the middle eight tenths as these are wide, one of them ten times, none between three and six times, and a width of less than half of
the standard deviation. A normal distribution has a width of 2.56 standard deviations.`,
  needs: 'data',
  limits: { width: 0.5 },

  find(look, { width }) {
    return [
      ...look.data.inputs.flatMap((field, index): Sighting[] => {
        const layer = inputLayerOf(look, index);
        const found = field.outlying.filter((one) => one.width < width);
        if (!layer || found.length === 0) return [];
        const [worst] = found.toSorted((one, other) => one.width - other.width);
        return [
          {
            place: ['training', 'data'],
            severity: 'warning',
            evidence: { value: worst.width, limit: width },
            message: () =>
              l10n.t(
                '{0} of the values of column {1} are as far out as {2}, while most lie between {3} and {4}. They decide its scale, so the network hardly sees the others. Correct them, or fill them in if they mean a missing value.',
                formatShare(worst.share),
                `"${field.columns?.[worst.feature] ?? worst.feature + 1}"`,
                ...rangeOf(worst),
              ),
          },
        ];
      }),
      ...squared(look).flatMap(({ name, outlying }): Sighting[] =>
        outlying && outlying.width < width
          ? [
              {
                place: ['training', 'loss'],
                severity: 'warning',
                evidence: { value: outlying.width, limit: width },
                message: () =>
                  l10n.t(
                    '{0} of the targets "{1}" are as far out as {2}, while most lie between {3} and {4}. A squared error follows these few samples alone. Correct them, or use huber.',
                    formatShare(outlying.share),
                    name,
                    ...rangeOf(outlying),
                  ),
              },
            ]
          : [],
      ),
    ];
  },

  fixes(look, _, { width }) {
    const codes = look.data.inputs.flatMap(({ outlying }) =>
      outlying.filter((one) => one.width < width).flatMap((one) => one.codes),
    );
    const isScaled = look.analysis.spec.training?.data.attributes.scaleTarget === true;
    const robust = squared(look).flatMap(({ index, outlying }) =>
      outlying && outlying.width < width
        ? setLoss(look, index, 'huber').map(({ title, edit }) => ({
            title,
            edit: together([
              edit,
              ...(isScaled
                ? [
                    setTraining(['data', 'scaleTarget'], undefined, l10n.t('Do not standardize the target'))
                      .edit,
                  ]
                : []),
            ]),
          }))
        : [],
    );
    return [...fillIn(look, [...new Set(codes)].map(String)), ...robust];
  },

  samples: () => ({
    sick: [table('missing-as-9999.csv', 2)],
    nearMiss: table('few-far-values.csv', 2),
    healthy: [table('balanced.csv', 2), table('long-tail.csv', 2)],
  }),
});

/** Lists codes as missing values, where the dataset fills those in. */
function fillIn({ analysis: { spec } }: DataLook, codes: readonly string[]): SpecFix[] {
  const listed = spec.training?.data.attributes.missing;
  if (!Array.isArray(listed) || codes.length === 0) return [];
  const title = l10n.t('Treat {0} as missing', codes.join(', '));
  return [setTraining(['data', 'missing'], [...listed, ...codes], title)];
}

const rangeOf = ({ farthest, low, high }: Outlying): string[] => [farthest, low, high].map(formatNumber);

/** The targets of losses in which a large error weighs more than in proportion. */
const squared = (look: DataLook) =>
  (look.analysis.spec.training?.losses ?? []).flatMap((loss, index) => {
    const target = targetsFor(look, loss, index);
    return target && lossTypes.get(loss.type).squares ? [{ index, ...target }] : [];
  });
