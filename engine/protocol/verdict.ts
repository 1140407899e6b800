/** The verdict on a training that has finished, the same in every view: the scores of its weights, and whether they beat guessing. */
import * as l10n from '@vscode/l10n';
import { type Standing, standingOf } from '../stats/scores.ts';
import type { EventOfKind, Scores } from './events.ts';

type Epoch = Pick<EventOfKind<'epoch'>, 'epoch' | 'train' | 'test'>;

export interface Verdict {
  /** On test samples, or on training samples if there are no others. */
  readonly scores: Scores;
  readonly standing: Standing;
}

/** The epoch whose weights a run has saved: the last one, unless those of an earlier one were restored. */
export const savedEpoch = <E extends Epoch>(
  epochs: readonly E[],
  restored: number | undefined,
): E | undefined =>
  (restored === undefined ? undefined : epochs.find(({ epoch }) => epoch === restored)) ?? epochs.at(-1);

/** Beside `baseline`, the scores of predictions that ignore the input: the most frequent class, or the mean. */
export function verdictOf(
  { train, test }: Pick<Epoch, 'train' | 'test'>,
  baseline: Scores | undefined,
): Verdict {
  const scores = test ?? train;
  return { scores, standing: baseline ? standingOf(scores, baseline) : 'better' };
}

const texts: { readonly [standing in Standing]: () => string } = {
  better: () => l10n.t('Finished'),
  guess: () => l10n.t('Finished, no better than guessing'),
  highLoss: () => l10n.t('Finished, loss above that of guessing'),
};

export const finishedText = (standing: Standing): string => texts[standing]();
