/** Edits by path: replacing, removing or renaming what is at a path of the document. */
import * as l10n from '@vscode/l10n';
import type { Json, Path } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TextChange } from './document.ts';
import type { DocumentText } from './documentText.ts';
import { print } from './print.ts';
import type { Node } from './syntax.ts';
import { removeItems, renameProperty } from './textItems.ts';

/** Replaces the value at a path. Throws ProblemError if the path is not there. */
export function replaceAt(document: DocumentText, path: Path, value: Json): void {
  document.apply(document.replace(nodeAt(document, path), print(value)));
}

/** Removes the property or the list entry at a path. Throws ProblemError if the path is not there. */
export function removeAt(document: DocumentText, path: Path): void {
  const { parent, index } = placeOf(document, path);
  document.apply(removeItems(document.text, parent, new Set([index])));
}

/** Renames the last key of a path. Throws ProblemError if the path is not there, or the object has the new key already. */
export function renameKey(document: DocumentText, path: Path, newName: string): void {
  const { parent } = placeOf(document, path);
  if (parent.type !== 'object') throw gone();
  if (document.source.property(parent, newName))
    throw new ProblemError('edit/refused', l10n.t('There is already a "{0}" here.', newName));
  document.apply(renameProperty(document.text, parent, String(path.at(-1)), newName));
}

/** Checks that changes fit this text: in order, separate, and within it. */
export function correctedText(text: string, changes: readonly TextChange[]): readonly TextChange[] {
  let end = 0;
  for (const { offset, length } of changes) {
    if (offset < end || offset + length > text.length) throw gone();
    end = offset + length;
  }
  return changes;
}

const gone = (): ProblemError =>
  new ProblemError('edit/refused', l10n.t('The text has changed in the meantime: this is no longer there.'));

function nodeAt(document: DocumentText, path: Path): Node {
  const node = document.source.node(path);
  if (!node) throw gone();
  return node;
}

/** The object or list that contains the end of a path, and the key or index in it. */
function placeOf(document: DocumentText, path: Path): { readonly parent: Node; readonly index: number } {
  const last = path.at(-1);
  const parent = nodeAt(document, path.slice(0, -1));
  const children = parent.children ?? [];
  const index =
    typeof last === 'number'
      ? last
      : children.findIndex((property) => property.children?.[0].value === last && parent.type === 'object');
  if (index < 0 || index >= children.length || (typeof last === 'number') !== (parent.type === 'array'))
    throw gone();
  return { parent, index };
}
