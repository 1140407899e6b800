/** A data file that is dropped or pasted into the text becomes the training data of the network. */
import * as vscode from 'vscode';
import { editsForFiles } from '../../engine/language/dataFiles.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import { folderOf, type Networks, toWorkspaceEdit } from '../networks.ts';
import { dropEdit, pasteEdit } from '../shown/shown.ts';

const uriList = 'text/uri-list';
const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('netloom', 'data');

/** The most files that are read; a dataset has at most four. */
const mostFiles = 16;

interface Change {
  readonly title: string;
  readonly edit: vscode.WorkspaceEdit;
}

export class DataFileDrop implements vscode.DocumentDropEditProvider, vscode.DocumentPasteEditProvider {
  static readonly dropMetadata: vscode.DocumentDropEditProviderMetadata = {
    dropMimeTypes: [uriList],
    providedDropEditKinds: [kind],
  };
  static readonly pasteMetadata: vscode.DocumentPasteProviderMetadata = {
    pasteMimeTypes: [uriList],
    providedPasteEditKinds: [kind],
  };

  constructor(readonly networks: Networks) {}

  async provideDocumentDropEdits(
    document: vscode.TextDocument,
    _position: vscode.Position,
    data: vscode.DataTransfer,
  ): Promise<vscode.DocumentDropEdit[]> {
    return (await this.#changes(document, data)).map(({ title, edit }) => dropEdit(title, kind, edit));
  }

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    _ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): Promise<vscode.DocumentPasteEdit[]> {
    return (await this.#changes(document, data)).map(({ title, edit }) => pasteEdit(title, kind, edit));
  }

  async #changes(document: vscode.TextDocument, data: vscode.DataTransfer): Promise<Change[]> {
    const network = this.networks.network(document);
    const list = await data.get(uriList)?.asString();
    const folder = folderOf(document.uri);
    if (!network || !list || !folder) return [];
    const paths = urisOf(list).map((uri) => pathFrom(folder, uri));
    if (!paths.every((path) => path !== undefined)) return [];
    return editsForFiles(paths, network).flatMap(({ title, edit }) => {
      const outcome = applyEdit(network.text, edit);
      return 'problem' in outcome ? [] : [{ title, edit: toWorkspaceEdit(document, outcome.changes) }];
    });
  }
}

/** RFC 2483: one address per line, and comments after "#". */
const urisOf = (list: string): vscode.Uri[] =>
  list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, mostFiles)
    .map((line) => vscode.Uri.parse(line));

/** The path as a network contains it: relative to its folder, with forward slashes; undefined for a file outside its folder. */
function pathFrom(folder: vscode.Uri, file: vscode.Uri): string | undefined {
  if (file.authority !== folder.authority || !['file', folder.scheme].includes(file.scheme)) return undefined;
  const from = folder.path.split('/').filter(Boolean);
  const to = file.path.split('/').filter(Boolean);
  const shared = from.findIndex((part, index) => part !== to[index]);
  const common = shared < 0 ? from.length : shared;
  // No relative path leads to another drive of Windows.
  if (common === 0 && /^[a-z]:$/i.test(to[0] ?? '')) return to.join('/');
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}
