/** Tells the person how a run ended, once, also when that was before the network was opened. */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import type { End } from '../../engine/protocol/training.ts';
import { scoresText } from '../../engine/stats/scores.ts';
import { networkName } from '../networks.ts';
import type { Log } from '../shown/log.ts';
import { showPlace } from '../shown/place.ts';
import { showError, showInformation, showWarning } from '../shown/shown.ts';
import { isGraphInView } from '../shown/tabs.ts';
import type { RunHistory } from './history.ts';
import type { Session } from './session.ts';

export async function report(session: Session, end: End, log: Log): Promise<void> {
  const name = networkName(session.uri);
  log.info(`${name}: ${end.reason} at step ${end.step}${end.message ? `: ${end.message}` : ''}`);
  if (end.reason === 'failed') await reportFailure(session, name, end, log);
  else if (end.reason === 'finished') await reportResult(session, name);
}

/** Of a run that came to no end because its window was closed or reloaded, or its machine went down. */
export async function reportCutOff(uri: vscode.Uri, history: RunHistory, log: Log): Promise<void> {
  const name = networkName(uri);
  const [plan, step, epoch] = [history.last('plan'), history.last('step'), history.last('epoch')];
  const place = vscode.l10n.t(
    '{0}: the last run was cut off at epoch {1} of {2}.',
    name,
    step?.epoch ?? 0,
    plan?.epochs ?? 0,
  );
  const kept = epoch
    ? vscode.l10n.t('The weights of epoch {0} are kept.', epoch.epoch)
    : vscode.l10n.t('It completed no epoch, so it kept no weights.');
  log.warn(`${place} ${kept}`);
  const train = vscode.l10n.t('Train Again');
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await showWarning(`${place} ${kept}`, train, showLog);
  if (chosen === train) await vscode.commands.executeCommand(commandId('train'), uri);
  else if (chosen === showLog) log.show();
}

async function reportFailure(session: Session, name: string, end: End, log: Log): Promise<void> {
  const openText = vscode.l10n.t('Open Text');
  const showLog = vscode.l10n.t('Show Log');
  const train = vscode.l10n.t('Train');
  // Notifications turn [text](address) into a link, but what a network says is only text.
  const message = `${name}: ${end.message ?? vscode.l10n.t('the run failed.')}`.replaceAll('](', '] (');
  const needsWeights = end.code?.startsWith('weights/') ?? false;
  const chosen = await showError(message, needsWeights ? train : openText, showLog);
  if (chosen === train) await vscode.commands.executeCommand(commandId('train'), session.uri);
  else if (chosen === openText) await showPlace(session.uri, end.path ?? []);
  else if (chosen === showLog) log.show();
}

async function reportResult(session: Session, name: string): Promise<void> {
  // The training panel of a graph in view says the same, and a notification would lie over its charts.
  if (vscode.window.state.focused && isGraphInView(session.uri)) return;
  const evaluation = session.history.last('evaluation');
  if (evaluation) {
    const figures = scoresText(evaluation.test);
    await showInformation(
      evaluation.split === 'train'
        ? vscode.l10n.t(
            '{0} on its {1} training samples, as there are no test samples: {2}',
            name,
            evaluation.samples,
            figures,
          )
        : vscode.l10n.t('{0} on {1} test samples: {2}', name, evaluation.samples, figures),
    );
    return;
  }
  const { history } = session;
  const restored = history.last('end')?.restoredEpoch;
  // Scores of the weights that are kept, which with early stopping are not those of the last epoch.
  const epoch =
    history.events.find((event) => event.event === 'epoch' && event.epoch === restored) ??
    history.last('epoch');
  const wanted = vscode.workspace
    .getConfiguration('netloom.training', session.uri)
    .get('notifyWhenFinished', true);
  if (epoch?.event !== 'epoch' || !wanted) return;
  const scores = epoch.test ?? epoch.train;
  const figures = scoresText(scores);
  const result = epoch.test
    ? vscode.l10n.t('{0} is trained. On test samples: {1}', name, figures)
    : vscode.l10n.t('{0} is trained. On training samples: {1}', name, figures);
  const best =
    restored === undefined ? '' : `. ${vscode.l10n.t('The weights of epoch {0} were restored.', restored)}`;
  await showInformation(`${result}${best}`);
}
