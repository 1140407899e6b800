/** Names that the data of a network may use: files beside it, and columns of a table. Completion and the graph editor offer them. */
import * as vscode from 'vscode';
import { columnNames } from '../engine/language/columnNames.ts';
import { folderOf } from './networks.ts';

/** The most entries of a folder that are offered. */
const mostEntries = 500;

export interface DataEntry {
  /** Relative to the network; that of a folder ends in a slash. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** Files and folders in the folder that a path leads to, as far as it is typed. None in an untrusted folder. */
export async function dataEntries(network: vscode.Uri, typed: string): Promise<DataEntry[]> {
  const folder = folderOf(network);
  if (!folder || !vscode.workspace.isTrusted) return [];
  const parent = typed.slice(0, typed.lastIndexOf('/') + 1);
  const entries = await vscode.workspace.fs
    .readDirectory(vscode.Uri.joinPath(folder, parent))
    .then(undefined, () => []);
  return entries.slice(0, mostEntries).flatMap(([name, type]) => {
    if (name.startsWith('.')) return [];
    const isFolder = (type & vscode.FileType.Directory) !== 0;
    return { path: `${parent}${name}${isFolder ? '/' : ''}`, isFolder };
  });
}

/** The columns of a table that a network names. `written`: how the data says that it is written. None in an untrusted folder, or where files are not on this machine. */
export async function dataColumns(
  network: vscode.Uri,
  file: string,
  written: { readonly [name: string]: unknown },
): Promise<readonly string[]> {
  const folder = folderOf(network);
  if (folder?.scheme !== 'file' || !vscode.workspace.isTrusted) return [];
  return (await columnNames(folder.fsPath, file, written)).slice(0, mostEntries);
}
