/** Train and Evaluate: starts a run, or shows why it cannot start. */
import * as vscode from 'vscode';
import type { RunTask } from '../../engine/protocol/editor.ts';
import { showOpenGraph } from '../editor/showGraph.ts';
import { isNetwork, type Networks, networkName } from '../networks.ts';
import type { PreflightTests } from '../preflight/preflightTests.ts';
import { showPlace } from '../shown/place.ts';
import { showError, showWarning } from '../shown/shown.ts';
import { askForTrust } from '../shown/trust.ts';
import { weightsToKeep } from '../training/keptWeights.ts';
import { reasonNotToRun } from '../training/mayRun.ts';
import type { Runs } from '../training/runs.ts';
import { addTraining } from './addTraining.ts';

/** Returns when the run has started, or when a message says why it cannot. Does not wait for an answer. */
export async function runNetwork(
  uri: vscode.Uri,
  task: RunTask,
  networks: Networks,
  runs: Runs,
): Promise<void> {
  const document = await trainable(uri, networks);
  if (!document) return;
  if (task === 'evaluate') await runs.written(uri);
  await runs.settled(uri);
  await showOpenGraph(uri);
  runs.start(document, task);
}

/** Trains with the weights of the last run of this window in all layers that have not changed since. */
export async function continueTraining(uri: vscode.Uri, networks: Networks, runs: Runs): Promise<void> {
  const document = await trainable(uri, networks);
  if (!document) return;
  await runs.written(uri);
  await runs.settled(uri);
  const startFrom = weightsToKeep(runs.last(uri), document.getText());
  if (startFrom) runs.start(document, 'train', startFrom);
  else
    void showWarning(
      vscode.l10n.t(
        '{0}: there are no weights to continue with. A run of this window must have saved some, and a layer must be as it was then.',
        networkName(uri),
      ),
    );
}

/** Runs the pre-flight checks of a network, or shows why they cannot run. */
export const runPreflight = async (uri: vscode.Uri, networks: Networks, preflights: PreflightTests) =>
  (await trainable(uri, networks)) && preflights.runAll(uri);

/** The document of a network that can be trained; otherwise shows why it cannot. */
export async function trainable(
  uri: vscode.Uri,
  networks: Networks,
): Promise<vscode.TextDocument | undefined> {
  if (!isNetwork(uri)) return undefined;
  const reason = reasonNotToRun(uri);
  if (reason !== undefined) {
    void (vscode.workspace.isTrusted ? showError(reason) : askForTrust(reason));
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (networks.analysis(document).trainable) return document;
  void showProblems(document, networks);
  return undefined;
}

/** Shows the first problem, with a button that shows all of them. */
async function showProblems(document: vscode.TextDocument, networks: Networks): Promise<void> {
  const { diagnostics } = networks.analysis(document);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const name = networkName(document.uri);
  const message = first
    ? vscode.l10n.t('{0} cannot run yet. {1}', name, first.message)
    : vscode.l10n.t('{0} has no "training" section. Add one with data, loss and optimizer.', name);
  const openText = vscode.l10n.t('Open Text');
  const openProblems = vscode.l10n.t('Show Problems');
  const add = vscode.l10n.t('Add It');
  const chosen = await showError(message, ...(first ? [openText, openProblems] : [add, openText]));
  if (chosen === openProblems) await vscode.commands.executeCommand('workbench.actions.view.problems');
  else if (chosen === add) await addTraining(document.uri, networks);
  else if (chosen === openText) await showPlace(document.uri, first?.path ?? []);
}
