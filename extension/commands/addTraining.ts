/** Write Training Section: adds a section with which the network can be trained. */
import * as vscode from 'vscode';
import { startTraining } from '../../engine/graph/fixes/training.ts';
import { applySpecEdit } from '../edits.ts';
import { type Networks, networkName } from '../networks.ts';
import { showPlace } from '../shown/place.ts';
import { showWarning } from '../shown/shown.ts';

export async function addTraining(uri: vscode.Uri, networks: Networks): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const analysis = networks.analysis(document);
  const fix = analysis.spec.training ? undefined : startTraining(analysis);
  const name = networkName(uri);
  if (!fix) {
    void showWarning(
      analysis.spec.training
        ? vscode.l10n.t('{0} has a section "training" already.', name)
        : vscode.l10n.t('{0} has no layer yet whose output could be trained. Add layers first.', name),
    );
    return;
  }
  const outcome = await applySpecEdit(document, document.version, fix.edit);
  if (outcome.result === 'refused') void showWarning(outcome.message);
  else await showPlace(uri, ['training']);
}
