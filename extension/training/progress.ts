/** The notification of a run: its progress, its scores, and a cancel button. */
import * as vscode from 'vscode';
import { scoresText } from '../../engine/stats/scores.ts';
import { networkName } from '../networks.ts';
import { showProgressWhile } from '../shown/shown.ts';
import { isInView } from '../shown/tabs.ts';
import type { Run } from './run.ts';

/**
 * Shown only while no editor shows the network: such an editor has the statistics and a Stop button, and a notification
 * would cover its curves.
 */
export async function showProgress(run: Run): Promise<void> {
  if (isInView(run.uri)) return;
  await showProgressWhile(runTitle(run), async (report, token) => {
    token.onCancellationRequested(() => void run.stop());
    let shown = 0;
    const listener = run.onDidReceive(({ event }) => {
      if (event !== 'step') return;
      const done = run.progress * 100;
      report(progressText(run), done - shown);
      shown = done;
    });
    const seen = comesIntoView(run.uri);
    await Promise.race([run.ended, seen.promise]);
    seen.dispose();
    listener.dispose();
  });
}

function comesIntoView(uri: vscode.Uri): { readonly promise: Promise<void>; dispose(): void } {
  const listeners: vscode.Disposable[] = [];
  const promise = new Promise<void>((resolve) => {
    const look = () => {
      if (isInView(uri)) resolve();
    };
    listeners.push(
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.window.tabGroups.onDidChangeTabGroups(look),
    );
  });
  return { promise, dispose: () => vscode.Disposable.from(...listeners).dispose() };
}

/** "Training lenet". */
export function runTitle({ uri, job }: Pick<Run, 'uri' | 'job'>): string {
  const name = networkName(uri);
  return job.task === 'train' ? vscode.l10n.t('Training {0}', name) : vscode.l10n.t('Evaluating {0}', name);
}

/** "epoch 1/3 · Loss 0.31 · Accuracy 91.20 %", of the last step reported. */
export function progressText(run: Run): string {
  const plan = run.record.last('plan');
  const step = run.record.last('step');
  if (!plan || !step) return vscode.l10n.t('preparing');
  return `${vscode.l10n.t('epoch {0}/{1}', step.epoch, plan.epochs)} · ${scoresText({ loss: step.loss, ...step.metrics })}`;
}
