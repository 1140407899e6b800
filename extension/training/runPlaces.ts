/**
 * The places of run files. For a network on disk, they are beside it. For a network that was never saved, they are in the
 * extension's storage, and the first save moves its last run beside the file.
 */
import { createHash } from 'node:crypto';
import { cp, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { nodeFs } from '../../engine/runs/fs.ts';
import { pathOf } from '../../engine/runs/layout.ts';
import { systemLife } from '../../engine/runs/life.ts';
import { moveRuns } from '../../engine/runs/moving.ts';
import { allRuns, describeRun, newestRun, type RunSummary } from '../../engine/runs/reader.ts';
import { makeRunFolder } from '../../engine/runs/target.ts';
import { placeOf } from '../networks.ts';

export class RunPlaces {
  /** `storage` is a folder of this extension for this workspace. */
  constructor(readonly storage: vscode.Uri) {}

  /** The folder for runs of a network that was never saved. */
  unsavedFolder(uri: vscode.Uri): string {
    // Windows without a folder share one storage, so the name alone would not distinguish their networks.
    const window = vscode.workspace.workspaceFolders ? '' : vscode.env.sessionId;
    const name = createHash('sha256').update(`${window} ${uri}`).digest('hex').slice(0, 32);
    return vscode.Uri.joinPath(this.storage, 'unsaved', name).fsPath;
  }

  /** The newest run of a network; undefined if there is none. Throws ProblemError. */
  newest(uri: vscode.Uri): Promise<RunSummary | undefined> {
    const place = placeOf(uri);
    return place ? newestRun(place.folder, place.network) : describeRun(this.unsavedFolder(uri));
  }

  /** Up to `most` runs of a network, newest first. Throws ProblemError. */
  async all(uri: vscode.Uri, most: number): Promise<RunSummary[]> {
    const place = placeOf(uri);
    if (place) return allRuns(place.folder, place.network, most);
    const only = await describeRun(this.unsavedFolder(uri));
    return only ? [only] : [];
  }

  /**
   * Moves the runs of a network that got another name, or the last run of one that was never saved, which becomes the newest
   * of the saved network. Returns the new folders by the earlier ones. Throws ProblemError or the system's error.
   */
  async move(from: vscode.Uri, to: vscode.Uri): Promise<ReadonlyMap<string, string>> {
    const [earlier, target] = [placeOf(from), placeOf(to)];
    if (!target) return new Map();
    if (earlier) return moveRuns(earlier, target);
    const source = this.unsavedFolder(from);
    if (!(await describeRun(source))) return new Map();
    const { place } = await makeRunFolder(nodeFs, target, systemLife);
    // The two may be on different disks, where a folder cannot be renamed.
    await cp(source, pathOf(place), { recursive: true });
    await rm(source, { recursive: true });
    return new Map([[source, pathOf(place)]]);
  }

  /** Removes the files of a network that was never saved. */
  async discard(uri: vscode.Uri): Promise<void> {
    if (uri.scheme === 'untitled') await rm(this.unsavedFolder(uri), { recursive: true, force: true });
  }
}
