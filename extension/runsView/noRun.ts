/** Says why there is no run of a network to replay or to export. */
import * as vscode from 'vscode';
import { networkName } from '../networks.ts';
import { showInformation } from '../shown/shown.ts';
import { askForTrust } from '../shown/trust.ts';

export function sayNoRun(uri: vscode.Uri): void {
  // There may be runs of a stranger, which are not read.
  if (!vscode.workspace.isTrusted)
    void askForTrust(vscode.l10n.t('Runs are read in a trusted workspace only.'));
  else void showInformation(vscode.l10n.t('{0} has no run to replay yet. Train it first.', networkName(uri)));
}
