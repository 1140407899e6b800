/** Completion in the text of a network, and of paths of data files. */
import * as vscode from 'vscode';
import { type Completion, completionsAt } from '../../engine/language/completion.ts';
import { pathBefore } from '../../engine/language/links.ts';
import type { NetworkText } from '../../engine/language/networkText.ts';
import { literal } from '../../engine/language/snippet.ts';
import { folderOf, type Networks, toRange } from '../networks.ts';
import { completion } from '../shown/shown.ts';

const kinds = {
  folder: vscode.CompletionItemKind.Folder,
  file: vscode.CompletionItemKind.File,
  key: vscode.CompletionItemKind.Property,
  kind: vscode.CompletionItemKind.Class,
  value: vscode.CompletionItemKind.Value,
  layer: vscode.CompletionItemKind.Reference,
} as const satisfies Record<Offered['icon'], vscode.CompletionItemKind>;

type Offered = Omit<Completion, 'icon'> & { readonly icon: Completion['icon'] | 'file' | 'folder' };

/** The most entries of a folder that are offered. */
const mostEntries = 500;

export class NetworkCompletionProvider implements vscode.CompletionItemProvider {
  static readonly triggers = ['"', ':', '/'];

  constructor(readonly networks: Networks) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const network = this.networks.network(document);
    if (!network) return undefined;
    const offset = document.offsetAt(position);
    const found = completionsAt(network, offset);
    const files = found.length === 0 ? await filesAt(document, network, offset) : [];
    const offered: readonly Offered[] = [...found, ...files];
    return offered.map(({ label, range, icon, goesOn = false, ...rest }, order) =>
      completion({
        ...rest,
        label,
        range: toRange(document, range),
        kind: kinds[icon],
        // Includes the quote that may already have been typed.
        filter: network.text[range.start] === '"' ? `"${label.replace(/^"|"$/g, '')}"` : label,
        order,
        goesOn,
      }),
    );
  }
}

/** Files and folders beside the network, for a path of a data file. */
async function filesAt(
  document: vscode.TextDocument,
  network: NetworkText,
  offset: number,
): Promise<Offered[]> {
  const found = pathBefore(network, offset);
  const folder = folderOf(document.uri);
  if (!found || !folder || !vscode.workspace.isTrusted) return [];
  const { range } = found;
  const parent = found.path.slice(0, found.path.lastIndexOf('/') + 1);
  const entries = await vscode.workspace.fs
    .readDirectory(vscode.Uri.joinPath(folder, parent))
    .then(undefined, () => []);
  return entries.slice(0, mostEntries).flatMap(([name, type]) => {
    if (name.startsWith('.')) return [];
    const isFolder = (type & vscode.FileType.Directory) !== 0;
    const path = `${parent}${name}${isFolder ? '/' : ''}`;
    const insert = literal(JSON.stringify(path));
    return { label: path, detail: '', insert, range, icon: isFolder ? 'folder' : 'file' } as const;
  });
}
