/** Applies the gestures of a graph to the document, one after another. */
import * as vscode from 'vscode';
import type { EditResult } from '../../engine/protocol/editor.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { applySpecEdit } from '../edits.ts';

/** The most pending gestures; a person does not cause more. */
const mostWaiting = 64;

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
