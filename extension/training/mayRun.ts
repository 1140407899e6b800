/** Whether a network may run: a run reads data files, so its folder must be trusted and on disk. */
import * as vscode from 'vscode';
import { networkName } from '../networks.ts';

/** The reason why nothing runs for a network; undefined if it may run. */
export function reasonNotToRun(uri: vscode.Uri): string | undefined {
  if (!vscode.workspace.isTrusted)
    return vscode.l10n.t(
      'Training, evaluation and checks read data files, so they need a trusted workspace.',
    );
  if (!['file', 'untitled'].includes(uri.scheme))
    return vscode.l10n.t('{0} is not on disk. Save a copy in a folder and train that.', networkName(uri));
  return undefined;
}
