/** Tells the person how a run ended, once. */
import * as vscode from 'vscode';
import type { End } from '../../engine/protocol/training.ts';
import { scoresText } from '../../engine/stats/scores.ts';
import { showPlace } from '../language/place.ts';
import { networkName } from '../networks.ts';
import type { Session } from './session.ts';

export async function report(session: Session, end: End, log: vscode.LogOutputChannel): Promise<void> {
  const name = networkName(session.uri);
  log.info(`${name}: ${end.reason} at step ${end.step}${end.message ? `: ${end.message}` : ''}`);
  if (end.reason === 'failed') await reportFailure(session, name, end, log);
  else if (end.reason === 'finished') await reportResult(session, name);
}

async function reportFailure(
  session: Session,
  name: string,
  end: End,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const openText = vscode.l10n.t('Open Text');
  const showLog = vscode.l10n.t('Show Log');
  // Notifications turn [text](address) into a link, but what a network says is only text.
  const message = `${name}: ${end.message ?? vscode.l10n.t('the run failed.')}`.replaceAll('](', '] (');
  const chosen = await vscode.window.showErrorMessage(message, openText, showLog);
  if (chosen === openText) await showPlace(session.uri, end.path ?? []);
  else if (chosen === showLog) log.show();
}

async function reportResult(session: Session, name: string): Promise<void> {
  const evaluation = session.history.last('evaluation');
  if (evaluation) {
    const figures = scoresText(evaluation.test);
    await vscode.window.showInformationMessage(
      evaluation.split === 'train'
        ? vscode.l10n.t(
            '{0} on its {1} training samples, for there are none to test on: {2}',
            name,
            evaluation.samples,
            figures,
          )
        : vscode.l10n.t('{0} on {1} test samples: {2}', name, evaluation.samples, figures),
    );
    return;
  }
  const epoch = session.history.last('epoch');
  const wanted = vscode.workspace
    .getConfiguration('netloom.training', session.uri)
    .get('notifyWhenFinished', true);
  if (!epoch || !wanted) return;
  const scores = epoch.test ?? epoch.train;
  const figures = scoresText(scores);
  await vscode.window.showInformationMessage(
    epoch.test
      ? vscode.l10n.t('{0} is trained. On test samples: {1}', name, figures)
      : vscode.l10n.t('{0} is trained. On training samples: {1}', name, figures),
  );
}
