/** Completion in the text of a network, of paths of data files, and of columns of tables. */
import * as vscode from 'vscode';
import { type Completion, completionsAt } from '../../engine/language/completion.ts';
import { pathBefore, tableAt } from '../../engine/language/links.ts';
import type { NetworkText } from '../../engine/language/networkText.ts';
import { literal } from '../../engine/language/snippet.ts';
import { dataColumns, dataEntries } from '../dataNames.ts';
import { type Networks, toRange } from '../networks.ts';
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
    const names = found.length === 0 ? await dataNamesAt(document.uri, network, offset) : [];
    const offered: readonly Offered[] = [...found, ...names];
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

/** Files and folders beside the network, for a path of a data file; columns of its table, for the name of one. */
async function dataNamesAt(uri: vscode.Uri, network: NetworkText, offset: number): Promise<Offered[]> {
  const file = pathBefore(network, offset);
  if (file)
    return (await dataEntries(uri, file.path)).map(({ path, isFolder }) => ({
      label: path,
      detail: '',
      insert: literal(JSON.stringify(path)),
      range: file.range,
      icon: isFolder ? 'folder' : 'file',
    }));
  const table = tableAt(network, offset);
  if (!table) return [];
  return (await dataColumns(uri, table.path, table.written)).map((name) => ({
    label: name,
    detail: vscode.l10n.t('column of {0}', table.path),
    insert: literal(JSON.stringify(name)),
    range: table.range,
    icon: 'value',
  }));
}
