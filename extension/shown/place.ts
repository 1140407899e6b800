/** Finds the place of a path of the document in its text. */
import * as vscode from 'vscode';
import type { Path } from '../../engine/schema/attributes.ts';
import { Source } from '../../engine/spec/source.ts';
import { readSyntax } from '../../engine/spec/syntax.ts';
import { toRange } from '../networks.ts';
import { columnOf } from './tabs.ts';

export function rangeOfPath(document: vscode.TextDocument, path: Path): vscode.Range {
  return toRange(document, new Source(readSyntax(document.getText()).root).range(path, 'value'));
}

/** Shows the text where it is open already, otherwise beside the graph, and selects the place. */
export async function showPlace(uri: vscode.Uri, path: Path): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const place = path.length > 0 ? { selection: rangeOfPath(document, path) } : {};
  await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri, 'text'),
    preview: false,
    ...place,
  });
}
