/** Information that leaks: a feature that reveals the target, or test samples that are also in the training data. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import type { DataSummary, FieldSummary } from '../data.ts';
import { defineFinding, type Sighting } from '../define.ts';
import type { RevealingFeature } from '../features.ts';
import { dropFeatures, setTraining } from '../fixes.ts';
import { passageSteps } from '../passages.ts';
import { chain, table } from '../samples.ts';

export const leak = defineFinding({
  code: 'data/leak',
  title: 'The answer leaks',
  doc: `A feature follows the target so closely that it is the target under another name: an identifier, a label in numbers, a value that is
only known afterwards. Or test samples are also training samples. Scores are then far better than on new data.

**What helps:** exclude the column with \`"exclude"\`; keep copies of a sample in the same split.

Windows of a text are cut at any character, so a copied page seldom gives equal samples. There, passages of ${passageSteps} steps are compared:
a text that was joined from files with the same pages is reported. A text that repeats itself anyway, such as a table, is not.

Samples that were measured again, rounded, or changed a little are copies, too. A table with three measured columns or more whose test samples are far
nearer to a training sample than to the next ones is information.

A number that every sample of one class has more of than any of the other, such as a refund that is paid for what is to be predicted, leaks too,
where no other column says half as much. Where most columns reveal the target, none is reported: that is what the data are like.

A column that numbers the samples also leaks where the classes are sorted by it, and so does a column that is filled in for one of two
classes only, or one of a few codes, each of which belongs to one class.

Limits: a feature of which the target explains 99.5 % of the variance; a column of a few codes, such as yes and no, that avoid 98 % of the mistakes
of guessing, since some codes are entered wrongly; row numbers along which the classes change a tenth as often as at random, and other numbers along which they change a fiftieth as often; one test sample in
ten that is a training sample, or nearly one (nearer than 3 % of the distance to the tenth nearest one), or has a passage of the training text.`,
  needs: 'data',
  flattersLoss: true,
  limits: { share: 0.995, codes: 0.98, order: 0.9, divided: 0.98, copies: 0.1 },

  find({ data }, limits) {
    const { passages } = data;
    if (passages !== undefined) return [sharedPassages(passages, limits.copies)];
    const telltales = data.inputs.flatMap((field) => telltalesIn(field, limits));
    const revealing = telltales.map((telltale) => sightingOf(telltale, telltale.limit, telltale.message));
    return [...revealing, ...copiesIn(data, limits.copies)];
  },

  fixes(look, _, limits) {
    const hasTestFile = Boolean(look.analysis.spec.training?.data.attributes.testFile);
    const isOwn = hasTestFile && areCopied(look.data, limits.copies);
    const columns = look.data.inputs.flatMap((field, index) => {
      const found = telltalesIn(field, limits).filter(({ share, limit }) => share > limit);
      return dropFeatures(look, index, [...new Set(found.map(({ feature }) => feature))]);
    });
    return [...columns, ...(isOwn ? ownTestPart() : [])];
  },

  samples: () => ({
    sick: [
      table('leak.csv', 3),
      table('filled-for-one-class.csv', 3),
      reading('pages-with-copies.txt'),
      table('department-by-state.csv', 3),
      table('refund-among-inputs.csv', 4),
      table('every-row-four-times.csv', 3),
      table('measured-twice.csv', 3),
    ],
    nearMiss: table('nearly-the-answer.csv', 3),
    healthy: [
      table('balanced.csv', 2),
      table('few-values-repeat.csv', 3),
      table('classes-apart.csv', 3),
      reading('pages.txt'),
    ],
  }),
});

/** Predicts the next character. */
function reading(file: string) {
  return chain(
    [60],
    { letters: { type: 'embedding', vocabularySize: 25, units: 16 }, next: { type: 'dense', units: 25 } },
    {
      data: {
        type: 'text',
        file: `test/fixtures/faults/data/${file}`,
        sequenceLength: 60,
        testFraction: 0.2,
      },
      optimizer: { type: 'adam', learningRate: 0.02 },
      epochs: 20,
    },
  );
}

/** With fewer training samples, it is not known how often they repeat. */
const fewestSamples = 20;

/** If samples of a few values repeat anyway, a test sample that is also a training sample means nothing. Measured numbers do not. */
const areCopied = ({ samples, leaked = 0, repeated, isDiverse }: DataSummary, copies: number): boolean =>
  samples >= fewestSamples && leaked > copies && (isDiverse || leaked > 2 * repeated);

/** A column that is filled in for one class only; one that explains the target anyway is reported as that. */
const isMarked = ({ marking, revealing }: FieldSummary, share: number): boolean =>
  marking !== undefined && !(revealing?.feature === marking && revealing.share > share);

/** A column of codes that is not reported for another reason. */
const isOnlyCoded = (field: FieldSummary, share: number): boolean =>
  !(field.revealing?.feature === field.coded?.feature && (field.revealing?.share ?? 0) > share) &&
  !(isMarked(field, share) && field.marking === field.coded?.feature);

/** A column that divides the classes and is not reported for another reason. */
const isOnlyDividing = (field: FieldSummary, share: number): boolean => {
  const { revealing, ordering, marking, coded, dividing } = field;
  const others = [
    ...(revealing && revealing.share > share ? [revealing] : []),
    ...[ordering, coded].filter((one) => one !== undefined),
  ];
  return (
    !others.some(({ feature }) => feature === dividing?.feature) &&
    !(isMarked(field, share) && marking === dividing?.feature)
  );
};

/** A column that may reveal the target, and does where its share exceeds the limit. */
interface Telltale extends RevealingFeature {
  readonly limit: number;
  /** `part`: its share, as text. */
  readonly message: (part: string) => string;
}

/** The columns of a field that may reveal the target, each for one reason. */
function telltalesIn(
  field: FieldSummary,
  { share, codes, order, divided }: { readonly [limit in 'share' | 'codes' | 'order' | 'divided']: number },
): readonly Telltale[] {
  const { revealing, ordering, marking, coded, dividing } = field;
  const nameOf = ({ feature }: RevealingFeature) => `"${field.columns?.[feature] ?? feature + 1}"`;
  const telltale = (
    found: RevealingFeature | undefined | false,
    limit: number,
    message: (column: string, part: string) => string,
  ): readonly Telltale[] =>
    found ? [{ ...found, limit, message: (part) => message(nameOf(found), part) }] : [];
  return [
    ...telltale(revealing, share, (column, part) =>
      l10n.t(
        'column {0} reveals the target: it explains {1} of it. If it is not known before the target is, remove it.',
        column,
        part,
      ),
    ),
    ...telltale(
      marking !== undefined && isMarked(field, share) && { feature: marking, share: 1 },
      0,
      (column) =>
        l10n.t(
          'column {0} has one value in all samples of one class and never in the other, so it reveals the class. If it is filled in only when the class is known, remove it.',
          column,
        ),
    ),
    ...telltale(isOnlyCoded(field, share) && coded, codes, (column, part) =>
      l10n.t(
        'the codes in column {0} avoid {1} of the mistakes of guessing the class, so they reveal it. If they are entered after the class is known, remove the column.',
        column,
        part,
      ),
    ),
    ...telltale(isOnlyDividing(field, share) && dividing, divided, (column) =>
      l10n.t(
        'column {0} alone divides the classes at a limit, and no other column says half as much about them. If it is not known before the class is, remove it.',
        column,
      ),
    ),
    ...telltale(ordering, order, (column) =>
      l10n.t(
        'column {0} numbers the samples, and the classes are sorted by it, so it reveals them. Remove it.',
        column,
      ),
    ),
  ];
}

const sharedPassages = (passages: number, limit: number): Sighting =>
  sightingOf({ share: passages }, limit, (part) =>
    l10n.t(
      '{0} of the test samples have a passage of {1} steps that is also in the training text, so the test score says little about new text. Remove the copies.',
      part,
      passageSteps,
    ),
  );

/** Test samples that are training samples, or nearly so. */
function copiesIn(data: DataSummary, limit: number): readonly Sighting[] {
  const { leaked, nearCopies = 0 } = data;
  if (leaked === undefined) return [];
  const isCopied = areCopied(data, limit);
  const place = ['training', 'data'];
  const near: Sighting = {
    place,
    severity: 'info',
    evidence: { value: nearCopies, limit },
    message: () =>
      l10n.t(
        '{0} of the test samples differ from a training sample by next to nothing, so the test score may say little about new data. Keep samples of one origin in the same part.',
        formatShare(nearCopies),
      ),
  };
  const same: Sighting = {
    place,
    severity: isCopied ? 'warning' : undefined,
    evidence: { value: leaked, limit },
    message: () =>
      l10n.t(
        '{0} of the test samples are also training samples, so the test score says little about new data. Separate them.',
        formatShare(leaked),
      ),
  };
  return nearCopies > limit && !isCopied ? [near, same] : [same];
}

/** A test on a part of the training table, where the test table is a part of it. */
const ownTestPart = () => [setTraining(['data', 'testFile'], undefined, l10n.t('Remove "{0}"', 'testFile'))];

function sightingOf(
  { share }: Pick<RevealingFeature, 'share'>,
  limit: number,
  message: (share: string) => string,
): Sighting {
  return {
    place: ['training', 'data'],
    severity: share > limit ? 'warning' : undefined,
    evidence: { value: share, limit },
    message: () => message(formatShare(share)),
  };
}
