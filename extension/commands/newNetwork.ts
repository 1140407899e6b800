/** New Network: an unsaved file from a template, shown as a graph. Nothing is written to disk until the person saves. */
import * as vscode from 'vscode';
import type { Template } from '../../engine/templates/define.ts';
import { templates } from '../../engine/templates/registry.ts';
import { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import { networkSuffix } from '../networks.ts';
import { choose } from '../shown/shown.ts';
import type { RunPlaces } from '../training/runPlaces.ts';
import { achieve } from './achievements.ts';

export async function newNetwork(places: RunPlaces): Promise<void> {
  const choices = templates.map((template) => ({
    ...template.describe(),
    icon: template.icon,
    value: template,
  }));
  const chosen = await choose(choices, {
    title: vscode.l10n.t('New Network'),
    placeHolder: vscode.l10n.t('Select what to start from. All networks but the empty one have data.'),
  });
  if (chosen) await openTemplate(chosen, places);
}

export async function openTemplate(
  { type, text }: Pick<Template, 'type' | 'text'>,
  places: RunPlaces,
): Promise<vscode.Uri> {
  const uri = await freeUri(type);
  // A window that crashed may have left files of another network with the same name.
  await places.discard(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, document.positionAt(0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.commands.executeCommand('vscode.openWith', uri, GraphEditorProvider.viewType);
  void achieve('createdNetwork');
  return uri;
}

/** A file in the workspace, where data paths resolve; without a workspace, a file that asks for its location when saved. */
async function freeUri(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  for (let count = 1; ; count++) {
    const file = `${name}${count === 1 ? '' : count}${networkSuffix}`;
    const path = folder ? vscode.Uri.joinPath(folder, file).path : file;
    const uri = vscode.Uri.from({ scheme: 'untitled', path });
    const taken = folder && (await exists(vscode.Uri.joinPath(folder, file)));
    if (
      !taken &&
      !vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())
    )
      return uri;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
