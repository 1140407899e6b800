/** Applies a gesture to the document: the smallest change of its text, as one undo step. */
import * as vscode from 'vscode';
import type { EditResult } from '../../engine/protocol/editor.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { toWorkspaceEdit } from '../networks.ts';

/** A person does not cause more pending gestures than this. */
const mostWaiting = 64;

export async function applySpecEdit(
  document: vscode.TextDocument,
  revision: number,
  edit: SpecEdit,
): Promise<EditResult> {
  if (document.isClosed || document.version !== revision) return { result: 'stale' };
  const outcome = applyEdit(document.getText(), edit);
  if ('problem' in outcome) return { result: 'refused', message: outcome.problem };
  if (await vscode.workspace.applyEdit(toWorkspaceEdit(document, outcome.changes)))
    return { result: 'applied' };
  return {
    result: 'refused',
    message: vscode.l10n.t('The text could not be changed. Is the file read-only?'),
  };
}

/** Runs one task at a time for a document, in the order of the requests. */
export class EditQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Resolves when everything requested so far is done. */
  get idle(): Promise<unknown> {
    return this.#last;
  }

  async apply(document: vscode.TextDocument, revision: number, edit: SpecEdit): Promise<EditResult> {
    if (this.#waiting >= mostWaiting)
      return { result: 'refused', message: vscode.l10n.t('Too many changes at once. Wait a moment.') };
    this.#waiting++;
    const result = this.#last.then(() => applySpecEdit(document, revision, edit));
    this.#last = result.then(
      () => this.#waiting--,
      () => this.#waiting--,
    );
    return result;
  }
}
