/** What cannot be done in a workspace that is not trusted, with a button that leads to the question of trust. */
import * as vscode from 'vscode';
import { showWarning } from './shown.ts';

export async function askForTrust(reason: string): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  if ((await showWarning(reason, manage)) === manage)
    await vscode.commands.executeCommand('workbench.trust.manage');
}
