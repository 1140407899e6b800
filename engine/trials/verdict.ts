/** Comparisons in words: whether the finding is cleared, with its numbers, and how the loss changes. */
import * as l10n from '@vscode/l10n';
import { formatAmount } from '../schema/numbers.ts';
import { stepsText } from '../schema/text.ts';
import { formatScore, relativeLoss, scoreLabel } from '../stats/scores.ts';
import type { Comparison } from './compare.ts';
import type { Course } from './course.ts';
import type { Gain } from './gain.ts';
import type { Judged } from './units.ts';

/** "The fix clears the finding. After 300 steps, the test loss is 0.41 instead of 2.30." */
export function verdictOf(comparison: Comparison, after: Course): string {
  if (after.failure !== undefined)
    return l10n.t('With the fix, training fails at step {0}: {1}', after.steps, after.failure);
  const text = `${findingText(comparison)} ${scoreText(comparison, after.steps)}`;
  return comparison.worse && comparison.helps
    ? l10n.t('{0} That is expected: the data made the result look better than it was.', text)
    : text;
}

/** The verdict on a fix beside other fixes of the finding, which do not help. */
export function withOthers(
  verdict: string,
  helps: boolean,
  title: string,
  others: readonly string[],
): string {
  const names = others.join('; ');
  if (!helps)
    return others.length === 0
      ? l10n.t('{0} Repair tries more changes, one after another.', verdict)
      : l10n.t('{0} Nor does this help: {1}. Repair tries more changes, one after another.', verdict, names);
  return others.length === 0 ? verdict : l10n.t('{0}: this does not help. {1}: {2}', names, title, verdict);
}

function findingText({ cleared, eased, evidence }: Comparison): string {
  if (cleared) return l10n.t('The fix clears the finding.');
  const { before, after } = evidence;
  if (!before || !after) return l10n.t('The fix does not clear the finding.');
  const numbers = [after.value, before.value, after.limit].map(formatAmount);
  return eased
    ? l10n.t(
        'The fix brings the finding closer to its limit: {0} instead of {1}, with a limit of {2}.',
        ...numbers,
      )
    : l10n.t('The fix does not clear the finding: {0} instead of {1}, with a limit of {2}.', ...numbers);
}

function scoreText({ judged, worse }: Comparison, steps: number): string {
  if (!judged) {
    const text = l10n.t(
      'The losses with and without it are of different kinds, and have no metric in common, so they are not compared.',
    );
    return worse ? l10n.t('{0} With it, the loss is higher than that of guessing.', text) : text;
  }
  const values = [stepsText(steps), scoreName(judged), ...numbersOf(judged)];
  if (worse) return l10n.t('After {0}, {1} is worse: {2} instead of {3}.', ...values);
  return values[2] === values[3]
    ? l10n.t('After {0}, {1} is {2}, the same as without it.', ...values)
    : l10n.t('After {0}, {1} is {2} instead of {3}.', ...values);
}

/** For a fix without which the network trains as well. */
export const needlessText = (judged: Judged, steps: number): string =>
  l10n.t(
    'It is no longer needed: without it, no error or warning comes back, and after {0}, {1} is {2} instead of {3}.',
    stepsText(steps),
    scoreName(judged),
    ...numbersOf(judged),
  );

/** For a fix that was kept with others that leave an error. */
export const replacedText = (instead: string): string =>
  l10n.t('With the fixes kept so far, an error is left. With these instead, none is left: {0}.', instead);

export const untrainableText = (why: string): string =>
  l10n.t('With the fix, the network cannot be trained: {0}', why);

/** For a change that is clearly better with two seeds. */
export const betterText = (change: string, { judged }: Gain, again: Gain): string =>
  l10n.t(
    'One change makes the network clearly better: {0}. Then {1} is {2} instead of {3}, and with another seed {4} instead of {5}.',
    change,
    scoreName(judged),
    ...numbersOf(judged),
    ...numbersOf(again.judged),
  );

/** For a change without which training fails, and with which it does not, with two seeds. */
export const rescuingText = (change: string, { judged }: Gain, again: Gain): string =>
  l10n.t(
    'One change lets the training succeed: {0}. Then {1} is {2}, and with another seed {3}.',
    change,
    scoreName(judged),
    shown(judged, judged.after),
    shown(again.judged, again.judged.after),
  );

export function notBetterText(gain: Gain | undefined, { failure }: Course): string {
  if (failure !== undefined) return l10n.t('With it, training fails: {0}', failure);
  if (!gain) return l10n.t('The results cannot be compared.');
  const [after, before] = numbersOf(gain.judged);
  // A score of predictions may stay the same while the loss does not.
  if (after === before && gain.losses && numbersOf(gain.losses)[0] !== numbersOf(gain.losses)[1])
    return l10n.t(
      'Not clearly better: {0} is {1} with and without it, {2} is {3} instead of {4}.',
      scoreName(gain.judged),
      after,
      scoreName(gain.losses),
      ...numbersOf(gain.losses),
    );
  return l10n.t(
    'Not clearly better: {0} is {1} instead of {2}.',
    scoreName(gain.judged),
    ...numbersOf(gain.judged),
  );
}

/** For a change that helps, but less than another one, or by a larger change. */
export const lesserText = ({ judged }: Gain): string =>
  l10n.t(
    'Better, but another change is smaller or helps more: {0} is {1} instead of {2}.',
    scoreName(judged),
    ...numbersOf(judged),
  );

/** For a change that is better with one seed, and that was not tried with a second one. */
export const unprovenText = ({ judged }: Gain): string =>
  l10n.t(
    'Better, but not tried with another seed, because many changes were tried before: {0} is {1} instead of {2}.',
    scoreName(judged),
    ...numbersOf(judged),
  );

/** For a change that is better with one of two seeds only. */
export const byChanceText = ({ judged }: Gain, again: Gain): string =>
  l10n.t(
    'Clearly better with one seed only: {0} is {1} instead of {2}, with another seed {3} instead of {4}.',
    scoreName(judged),
    ...numbersOf(judged),
    ...numbersOf(again.judged),
  );

const numbersOf = (judged: Judged): readonly string[] =>
  [judged.after, judged.before].map((value) => shown(judged, value));

const shown = ({ score }: Judged, value: number): string => formatScore(score, value);

function scoreName({ score, split }: Judged): string {
  if (score === relativeLoss)
    return split === 'test'
      ? l10n.t('the test loss relative to that of guessing')
      : l10n.t('the training loss relative to that of guessing');
  if (score === 'loss') return split === 'test' ? l10n.t('the test loss') : l10n.t('the training loss');
  return split === 'test'
    ? l10n.t('the test score ({0})', scoreLabel(score))
    : l10n.t('the training score ({0})', scoreLabel(score));
}
