/**
 * Whether VS Code keeps people from editing a network. Edits by an extension are not refused for a file that is read-only by a setting:
 * they would change the text in the editor, and be lost when it is closed.
 */
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isNetwork } from './networks.ts';

/** The owner may write. */
const writable = 0o200;

export async function isReadOnly(document: vscode.TextDocument): Promise<boolean> {
  const { uri } = document;
  if (!isNetwork(uri)) return true;
  if (uri.scheme === 'untitled') return false;
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  const files = vscode.workspace.getConfiguration('files', uri);
  if (isListed(document, files.get('readonlyInclude')) && !isListed(document, files.get('readonlyExclude')))
    return true;
  try {
    const { permissions } = await vscode.workspace.fs.stat(uri);
    if (permissions === vscode.FilePermission.Readonly) return true;
    return (
      uri.scheme === 'file' &&
      files.get('readonlyFromPermissions') === true &&
      ((await stat(uri.fsPath)).mode & writable) === 0
    );
  } catch {
    return false;
  }
}

/** Globs are of the whole path, or of the path in the workspace. */
function isListed(document: vscode.TextDocument, globs: { readonly [glob: string]: boolean } | undefined) {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return Object.entries(globs ?? {}).some(([glob, on]) => {
    if (on !== true) return false;
    const patterns = folder ? [glob, new vscode.RelativePattern(folder, glob)] : [glob];
    return patterns.some((pattern) => vscode.languages.match({ pattern }, document) > 0);
  });
}

/** Calls back when a setting that makes files read-only has changed. */
export const onDidChangeReadOnly = (listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    const settings = ['readonlyInclude', 'readonlyExclude', 'readonlyFromPermissions'];
    if (settings.some((name) => event.affectsConfiguration(`files.${name}`))) listener();
  });
