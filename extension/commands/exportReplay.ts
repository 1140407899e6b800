/** Export Run as HTML: a page that replays a run in any browser, saved where the person says. */
import * as vscode from 'vscode';
import { replayPage } from '../../engine/runs/replayPage.ts';
import { networkName, saveFolderOf } from '../networks.ts';
import { sayNoRun } from '../runsView/noRun.ts';
import type { RunEntry } from '../runsView/runsView.ts';
import { askWhereToSave, showError, showInformation } from '../shown/shown.ts';
import { readRecord } from '../training/readRecord.ts';
import type { RunRecord } from '../training/runRecord.ts';
import type { Runs } from '../training/runs.ts';

/** The run in view. `dist` is the folder of the bundles. */
export const exportReplay = (uri: vscode.Uri, runs: Runs, dist: string): Promise<void> =>
  exportRecord(uri, runs.record(uri), dist);

/** A run on disk. */
export const exportRun = async ({ uri, run }: RunEntry, dist: string): Promise<void> =>
  exportRecord(uri, await readRecord(run).catch(() => undefined), dist);

async function exportRecord(uri: vscode.Uri, record: RunRecord | undefined, dist: string): Promise<void> {
  const name = networkName(uri);
  const recording = await record?.recording();
  if (!record || !recording || recording.steps.length === 0) {
    sayNoRun(uri);
    return;
  }
  const proposed = vscode.Uri.joinPath(saveFolderOf(uri), `${name}-replay.html`);
  const target = await askWhereToSave(proposed, 'html', vscode.l10n.t('Export Run as HTML'));
  if (!target) return;
  const { text, events } = record;
  const translations = vscode.l10n.bundle ?? {};
  try {
    const page = await replayPage(dist, { name, text, recording, events, translations });
    if (page === undefined) throw new Error(vscode.l10n.t('the network that ran cannot be read.'));
    await vscode.workspace.fs.writeFile(target, Buffer.from(page));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void showError(vscode.l10n.t('The run was not exported: {0}', reason));
    return;
  }
  const open = vscode.l10n.t('Open in Browser');
  const message = vscode.l10n.t('The run is in {0}.', vscode.workspace.asRelativePath(target));
  if ((await showInformation(message, open)) === open) await vscode.env.openExternal(target);
}
