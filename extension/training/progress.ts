/** The notification of a run: where it stands, how good it is, and a button to cancel. */
import * as vscode from 'vscode';
import { networkName } from '../networks.ts';
import { scoresText } from './figures.ts';
import type { Session } from './session.ts';

export async function showProgress(session: Session): Promise<void> {
  const name = networkName(session.uri);
  const title =
    session.job.task === 'train'
      ? vscode.l10n.t('Training {0}', name)
      : vscode.l10n.t('Evaluating {0}', name);
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => void session.stop());
      let shown = 0;
      const listener = session.onDidReceive(({ event }) => {
        if (event !== 'step') return;
        const done = session.progress * 100;
        progress.report({ message: progressText(session), increment: done - shown });
        shown = done;
      });
      await session.ended;
      listener.dispose();
    },
  );
}

/** "epoch 1/3 · loss 0.31 · accuracy 91.2 %", of the last step told. */
export function progressText(session: Session): string {
  const plan = session.history.last('plan');
  const step = session.history.last('step');
  if (!plan || !step) return vscode.l10n.t('preparing');
  return `${vscode.l10n.t('epoch {0}/{1}', step.epoch, plan.epochs)} · ${scoresText(step.loss, step.metrics)}`;
}
