/**
 * Where the files of a network's runs are: beside a network that is on disk; for one that was never saved, in the
 * extension's own storage, from where they follow it to the place where it is saved.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { outputFolder } from '../networks.ts';

export class RunPlaces {
  /** `storage` is a folder of this extension for this workspace. */
  constructor(readonly storage: vscode.Uri) {}

  folderOf(uri: vscode.Uri): string | undefined {
    if (uri.scheme !== 'untitled') return outputFolder(uri);
    // Windows without a folder share one storage, so the name alone would not keep their networks apart.
    const window = vscode.workspace.workspaceFolders ? '' : vscode.env.sessionId;
    const name = createHash('sha256').update(`${window} ${uri}`).digest('hex').slice(0, 32);
    return vscode.Uri.joinPath(this.storage, 'unsaved', name).fsPath;
  }

  /** The files of a network's runs go where those of `to` belong. Nothing happens when there are none. */
  async move(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const [source, target] = [this.folderOf(from), this.folderOf(to)];
    if (source === undefined || target === undefined || !(await exists(source))) return;
    await mkdir(path.dirname(target), { recursive: true });
    // The two may be on different disks, where a folder cannot be renamed.
    await cp(source, target, { recursive: true });
    await rm(source, { recursive: true });
  }

  /** What was kept for a network that was never saved. */
  async discard(uri: vscode.Uri): Promise<void> {
    const folder = this.folderOf(uri);
    if (uri.scheme === 'untitled' && folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch {
    return false;
  }
}
