/** Check: shows the problems of a network or, if there are none, its size. */
import * as vscode from 'vscode';
import { networkTotal } from '../../engine/graph/summary.ts';
import { bySeverity } from '../../engine/schema/severity.ts';
import { bytesText, counted, countText } from '../../engine/schema/text.ts';
import { type Networks, networkName } from '../networks.ts';
import { showPlace } from '../shown/place.ts';
import { showInformation, showWarning } from '../shown/shown.ts';

export async function checkNetwork(uri: vscode.Uri, networks: Networks): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const analysis = networks.analysis(document);
  const { diagnostics, graph } = analysis;
  const name = networkName(uri);
  if (diagnostics.length === 0) {
    const { parameters, activationBytes } = networkTotal(analysis);
    const message = vscode.l10n.t(
      'No problems found in {0}: {1}, {2}, {3} of activations for one sample.',
      name,
      counted(graph.layers.length, 'layers'),
      counted(parameters, 'parameters', countText(parameters)),
      bytesText(activationBytes),
    );
    void showInformation(message);
    return;
  }
  const [first] = [...diagnostics].sort(bySeverity);
  const count = diagnostics.length;
  const message =
    count === 1
      ? vscode.l10n.t('1 problem found in {0}. {1}', name, first.message)
      : vscode.l10n.t('{0} problems found in {1}. The first: {2}', count, name, first.message);
  const goTo = vscode.l10n.t('Go to Problem');
  const showAll = vscode.l10n.t('Show Problems');
  const chosen = await showWarning(message, goTo, showAll);
  if (chosen === goTo) await showPlace(uri, first.path);
  else if (chosen === showAll) await vscode.commands.executeCommand('workbench.actions.view.problems');
}
