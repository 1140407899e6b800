/** Puts an edit into a document: the smallest change of its text, as one undo step. */
import * as vscode from 'vscode';
import type { EditResult } from '../engine/protocol/editor.ts';
import { applyEdit } from '../engine/spec/edit.ts';
import type { SpecEdit } from '../engine/spec/specEdit.ts';
import { toWorkspaceEdit } from './networks.ts';
import { isReadOnly } from './readOnly.ts';

export async function applySpecEdit(
  document: vscode.TextDocument,
  revision: number,
  edit: SpecEdit,
): Promise<EditResult> {
  if (await isReadOnly(document))
    return { result: 'refused', message: vscode.l10n.t('The file is read-only, so it was not changed.') };
  if (document.isClosed || document.version !== revision) return { result: 'stale' };
  const outcome = applyEdit(document.getText(), edit);
  if ('problem' in outcome) return { result: 'refused', message: outcome.problem };
  const { changes } = outcome;
  // VS Code refuses an edit without changes.
  if (changes.length === 0 || (await vscode.workspace.applyEdit(toWorkspaceEdit(document, changes))))
    return { result: 'applied', revision: document.version };
  return {
    result: 'refused',
    message: vscode.l10n.t('The text could not be changed. Is the file read-only?'),
  };
}
