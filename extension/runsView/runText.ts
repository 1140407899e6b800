/** A run on disk as lists show it: when it began, how it ended, and its result. */
import * as vscode from 'vscode';
import { finishedText, verdictOf } from '../../engine/protocol/verdict.ts';
import type { RunSummary } from '../../engine/runs/reader.ts';
import { counted, countText } from '../../engine/schema/text.ts';
import { type Standing, scoresText } from '../../engine/stats/scores.ts';

export interface RunText {
  readonly when: string;
  /** A short form: only the time if the run began today. */
  readonly shortly: string;
  /** Scores of the weights that it saved, or the reason why there are none. */
  readonly result: string;
  /** How it ended, and after which part of the planned epochs. */
  readonly progress: string;
  readonly icon: string;
  readonly color: string | undefined;
}

interface Look {
  readonly icon: string;
  readonly color?: string;
  readonly ended: () => string;
}

const looks: { readonly [state in RunSummary['state']]: Look } = {
  finished: { icon: 'pass', color: 'testing.iconPassed', ended: () => finishedText('better') },
  stopped: { icon: 'debug-stop', ended: () => vscode.l10n.t('Stopped') },
  failed: { icon: 'error', color: 'problemsErrorIcon.foreground', ended: () => vscode.l10n.t('Failed') },
  'cut off': {
    icon: 'debug-disconnect',
    color: 'problemsWarningIcon.foreground',
    ended: () => vscode.l10n.t('Cut off'),
  },
  running: { icon: 'sync', ended: () => vscode.l10n.t('Training now') },
};

/** It has finished, but its predictions are no better than guesses. */
const doubtful = (standing: Standing): Look => ({
  icon: 'warning',
  color: 'problemsWarningIcon.foreground',
  ended: () => finishedText(standing),
});

export function runText(run: RunSummary): RunText {
  const { plan, result, state } = run;
  const { scores, standing = 'better' } = result ? verdictOf(result, plan?.baseline) : {};
  const { icon, color, ended } =
    state === 'finished' && standing !== 'better' ? doubtful(standing) : looks[state];
  const epochs = plan
    ? vscode.l10n.t(
        '{0} of {1}',
        countText(run.epoch),
        counted(plan.epochs, 'epochs', countText(plan.epochs)),
      )
    : vscode.l10n.t('step {0}', countText(run.step));
  const begin = beginOf(run);
  const isToday = begin.toDateString() === new Date().toDateString();
  const { language } = vscode.env;
  return {
    when: begin.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' }),
    shortly: isToday
      ? begin.toLocaleTimeString(language, { timeStyle: 'medium' })
      : begin.toLocaleString(language, { dateStyle: 'short', timeStyle: 'short' }),
    result: scores ? scoresText(scores) : (run.end?.message ?? vscode.l10n.t('no result')),
    progress: `${ended()} · ${epochs}`,
    icon,
    color,
  };
}

/** If the manifest cannot be read, the time of the last event is used. */
function beginOf({ manifest, heard }: RunSummary): Date {
  const started = new Date(manifest?.started ?? Number.NaN);
  return Number.isNaN(started.getTime()) ? heard : started;
}
