/** Places in a network's text, and in the data files that it names. */
import * as vscode from 'vscode';
import type { Path } from '../../engine/schema/attributes.ts';
import { Source } from '../../engine/spec/source.ts';
import { readSyntax } from '../../engine/spec/syntax.ts';
import { folderOf, toRange } from '../networks.ts';
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

/** Shows a row of a data file, counted from 1. False if there is no such file. */
export async function showRow(uri: vscode.Uri, row: { file: string; number: number }): Promise<boolean> {
  const folder = folderOf(uri);
  const file = folder && fileOf(folder, row.file);
  if (!file || !(await isFile(file))) return false;
  const start = new vscode.Position(Math.max(0, row.number - 1), 0);
  await vscode.window.showTextDocument(file, {
    viewColumn: columnOf(uri, 'text'),
    preview: false,
    selection: new vscode.Range(start, start.translate(1, 0)),
  });
  return true;
}

/** A file that a network or a log names; none on another computer, to which Windows would sign in. Has the URI scheme of the network's folder, whatever the path looks like. */
export function fileOf(folder: vscode.Uri, path: string): vscode.Uri | undefined {
  if (path.includes('\0') || /^[\\/]{2}/.test(path)) return undefined;
  const isAbsolute = /^([\\/]|[a-z]:[\\/])/i.test(path);
  if (!isAbsolute) return vscode.Uri.joinPath(folder, path);
  return folder.scheme === 'file' ? vscode.Uri.file(path) : folder.with({ path });
}

export const isFile = (uri: vscode.Uri): Thenable<boolean> =>
  vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  );

/** Shows the text in this group of editors, with the cursor where the range starts. */
export const showStart = (
  document: vscode.TextDocument,
  { start }: vscode.Range,
  viewColumn: vscode.ViewColumn | undefined,
): Thenable<vscode.TextEditor> =>
  vscode.window.showTextDocument(document, {
    selection: new vscode.Range(start, start),
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
