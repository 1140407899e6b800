/** Choose Sample for Details: chooses the sample whose feature maps and attention maps the running and later trainings show. */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import { settingId } from '../../engine/protocol/settings.ts';
import { networkName } from '../networks.ts';
import { readSetting } from '../settings.ts';
import { askNumber, showInformation } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';

export async function chooseSample(uri: vscode.Uri, runs: Runs): Promise<void> {
  const plan = runs.record(uri)?.last('plan');
  const most = plan && (plan.testSamples || plan.trainSamples);
  const sample = await askNumber({
    title: vscode.l10n.t('Choose Sample for Details'),
    prompt: most
      ? vscode.l10n.t('The number of a sample, from 1 to {0}. The training shows its maps.', most)
      : vscode.l10n.t('The number of a sample, from 1. The training shows its maps.'),
    value: readSetting('statistics.sample', uri),
    most: most ?? Number.MAX_SAFE_INTEGER,
  });
  if (sample === undefined) return;
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace
    .getConfiguration(undefined, uri)
    .update(settingId('statistics.sample'), sample, target);
  const run = runs.get(uri);
  if (run?.running && run.job.task === 'train') {
    const shown = vscode.l10n.t(
      'The training of {0} shows sample {1} in detail from its next measurement on.',
      networkName(uri),
      sample,
    );
    await showInformation(shown);
    return;
  }
  const train = vscode.l10n.t('Train Now');
  const message = vscode.l10n.t(
    'The next training of {0} shows sample {1} in detail.',
    networkName(uri),
    sample,
  );
  if ((await showInformation(message, train)) === train)
    await vscode.commands.executeCommand(commandId('train'), uri);
}
