/** Export Graph: saves a picture of the whole network where the person chooses, or copies its Mermaid text to the clipboard. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { PictureFormat } from '../../engine/protocol/picture.ts';
import type { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import { networkName, networkSuffix, saveFolderOf } from '../networks.ts';
import { askWhereToSave, type Choice, choose, showError, showInformation } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';

interface Wish {
  readonly format: PictureFormat;
  readonly dark: boolean;
  /** Copies to the clipboard instead of writing a file. */
  readonly copied?: true;
}

const extensions: { readonly [F in PictureFormat]: string } = { svg: 'svg', png: 'png', mermaid: 'mmd' };

export async function exportGraph(uri: vscode.Uri, graphs: GraphEditorProvider, runs: Runs): Promise<void> {
  const wish = await choose(wishes(), {
    title: vscode.l10n.t('Export Graph'),
    placeHolder: vscode.l10n.t('Select a format. The picture shows the whole network.'),
  });
  const statistics = wish && (await withStatistics(uri, runs));
  if (!wish || statistics === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  try {
    const { format, dark, copied } = wish;
    const picture = await graphs.picture(document, { format, dark, statistics });
    if (copied) {
      await vscode.env.clipboard.writeText(picture);
      void showInformation(vscode.l10n.t('{0} was copied as Mermaid text.', networkName(uri)));
    } else await save(uri, format, Buffer.from(picture, format === 'png' ? 'base64' : 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void showError(vscode.l10n.t('The graph was not exported: {0}', reason));
  }
}

/** Of the labels that match what is typed, VS Code lists the shortest first: "PNG" selects the light picture. */
const wishes = (): readonly Choice<Wish>[] => [
  {
    label: 'SVG',
    description: vscode.l10n.t('drawing for print and web pages'),
    icon: 'file-media',
    value: { format: 'svg', dark: false },
  },
  {
    label: vscode.l10n.t('SVG, dark'),
    description: vscode.l10n.t('on a dark background'),
    icon: 'file-media',
    value: { format: 'svg', dark: true },
  },
  {
    label: 'PNG',
    description: vscode.l10n.t('pixels, three times as many as on the screen'),
    icon: 'device-camera',
    value: { format: 'png', dark: false },
  },
  {
    label: vscode.l10n.t('PNG, dark'),
    description: vscode.l10n.t('on a dark background'),
    icon: 'device-camera',
    value: { format: 'png', dark: true },
  },
  {
    label: vscode.l10n.t('Mermaid, copied'),
    description: vscode.l10n.t('text for Markdown, on the clipboard'),
    icon: 'clippy',
    value: { format: 'mermaid', dark: false, copied: true },
  },
  {
    label: vscode.l10n.t('Mermaid, as a file'),
    description: vscode.l10n.t('text that GitHub and others draw'),
    icon: 'markdown',
    value: { format: 'mermaid', dark: false },
  },
];

/** Asks only if a run has statistics. */
async function withStatistics(uri: vscode.Uri, runs: Runs): Promise<boolean | undefined> {
  const measured = runs.record(uri)?.events.some(({ event }) => event === 'stats') === true;
  if (!measured) return false;
  return choose(
    [
      {
        label: vscode.l10n.t('With statistics'),
        description: vscode.l10n.t('of the last run'),
        icon: 'graph',
        value: true,
      },
      {
        label: vscode.l10n.t('Without statistics'),
        description: vscode.l10n.t('parameters and operations of each layer instead'),
        icon: 'circle-slash',
        value: false,
      },
    ],
    { title: vscode.l10n.t('Export Graph'), placeHolder: vscode.l10n.t('Select what the cards show') },
  );
}

async function save(uri: vscode.Uri, format: PictureFormat, content: Uint8Array): Promise<void> {
  const ending = extensions[format];
  const name = path.posix.basename(uri.path, networkSuffix);
  const proposed = vscode.Uri.joinPath(saveFolderOf(uri), `${name}.${ending}`);
  const target = await askWhereToSave(proposed, ending, vscode.l10n.t('Export Graph'));
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t('The graph is in {0}.', vscode.workspace.asRelativePath(target));
  if ((await showInformation(message, open)) === open)
    await vscode.commands.executeCommand('vscode.open', target);
}
