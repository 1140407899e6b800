/** Shows a run on disk instead of the last one, and removes or reveals its files. */
import path from 'node:path';
import * as vscode from 'vscode';
import { mayRemove, removeRun } from '../../engine/runs/moving.ts';
import type { RunSummary } from '../../engine/runs/reader.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { networkName, placeOf } from '../networks.ts';
import { askForConsent, choose, showError, showInformation } from '../shown/shown.ts';
import { isGraphInView } from '../shown/tabs.ts';
import { readRecord } from '../training/readRecord.ts';
import type { Runs } from '../training/runs.ts';
import { namedRun } from './namedRun.ts';
import { sayNoRun } from './noRun.ts';
import { runText } from './runText.ts';

/** The most runs that are listed. */
const mostRuns = 200;

/** The runs of a network, newest first; none if they cannot be read. */
export async function listRuns(uri: vscode.Uri, runs: Runs): Promise<RunSummary[]> {
  if (!vscode.workspace.isTrusted) return [];
  const found = await runs.places.all(uri, mostRuns).catch(() => []);
  const followed = [runs.opened(uri), runs.last(uri)];
  return found.map((run) => {
    // Only records of these two follow renamings. Layers of other runs that have the same names have been renamed with them.
    const record = followed.find((one) => one?.folder === run.folder) ?? runs.last(uri);
    return record ? namedRun(run, record.names) : run;
  });
}

/** `openGraph` shows the graph of the network, whose training panel has the slider. */
export async function openRun(
  uri: vscode.Uri,
  summary: RunSummary,
  runs: Runs,
  openGraph: (uri: vscode.Uri) => Thenable<unknown>,
): Promise<void> {
  // The run that this window is training is shown from its events.
  const isOurs = summary.state === 'running' && runs.get(uri)?.running;
  const record = isOurs ? undefined : await readRecord(summary).catch(report);
  if (isOurs) runs.endReplay(uri);
  else if (record) runs.open(uri, record);
  else return void showInformation(vscode.l10n.t('This run cannot be read: its files are gone or damaged.'));
  if (!isGraphInView(uri)) await openGraph(uri);
}

/** Asks which run to show. */
export async function chooseRun(uri: vscode.Uri, runs: Runs): Promise<RunSummary | undefined> {
  const found = await listRuns(uri, runs);
  const name = networkName(uri);
  if (found.length === 0) {
    sayNoRun(uri);
    return undefined;
  }
  const shown = runs.record(uri)?.folder;
  return choose(
    found.map((run) => {
      const { when, result, progress, icon } = runText(run);
      const isShown = run.folder === shown;
      return {
        label: result,
        icon,
        description: isShown ? vscode.l10n.t('{0} · shown now', when) : when,
        detail: progress,
        value: run,
      };
    }),
    {
      title: vscode.l10n.t('Runs of {0}', name),
      placeHolder: vscode.l10n.t('Select a run to show in graph and text'),
    },
  );
}

export const revealRunFolder = ({ folder }: RunSummary): Thenable<unknown> =>
  vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));

/**
 * Deletes runs of one network, after asking once. The files go to the trash if there is one; otherwise the person decides whether
 * they are deleted permanently. While one of them is still being written, none is deleted, and an error says why.
 */
export async function deleteRuns(uri: vscode.Uri, chosen: readonly RunSummary[], runs: Runs): Promise<void> {
  const place = placeOf(uri);
  if (!place) return;
  const idOf = ({ folder }: RunSummary) => path.basename(folder);
  try {
    const removable: RunSummary[] = [];
    for (const run of chosen) if (await mayRemove(place, idOf(run))) removable.push(run);
    const [first] = removable;
    if (!first) return;
    const what = removable.length === 1 ? nameOf(first) : severalOf(uri, removable.length);
    const move = vscode.l10n.t('Move to Trash');
    const question = vscode.l10n.t('Move {0} to the trash, with all weights and logs?', what);
    if (!(await askForConsent(question, move))) return;
    const refused: RunSummary[] = [];
    for (const run of removable) {
      const trash = async () =>
        vscode.workspace.fs.delete(vscode.Uri.file(run.folder), { recursive: true, useTrash: true });
      await runs.remove(uri, run.folder, trash).catch(() => refused.push(run));
    }
    const [left] = refused;
    if (!left) return;
    const whatIsLeft = refused.length === 1 ? nameOf(left) : severalOf(uri, refused.length);
    const forGood = vscode.l10n.t('Delete Permanently');
    const again = vscode.l10n.t(
      'Nothing can be moved to the trash here. Delete {0} permanently, with all weights and logs?',
      whatIsLeft,
    );
    if (!(await askForConsent(again, forGood))) return;
    for (const run of refused) await runs.remove(uri, run.folder, () => removeRun(place, idOf(run)));
  } catch (error) {
    report(error);
  }
}

function nameOf(run: RunSummary): string {
  const { when, result } = runText(run);
  return vscode.l10n.t('the run of {0} ({1})', when, result);
}

const severalOf = (uri: vscode.Uri, count: number): string =>
  vscode.l10n.t('{0} runs of {1}', count, networkName(uri));

function report(error: unknown): undefined {
  const reason = error instanceof ProblemError || error instanceof Error ? error.message : String(error);
  void showError(reason);
  return undefined;
}
