/** Links from paths to data files. A path in a repository opens an existing file and nothing else. */
import * as vscode from 'vscode';
import { filePaths } from '../../engine/language/links.ts';
import { folderOf, type Networks, toRange } from '../networks.ts';
import { fileOf, isFile } from '../shown/place.ts';
import { documentLink } from '../shown/shown.ts';

/** Keeps the path that a link shows. */
type DataLink = vscode.DocumentLink & { readonly file?: vscode.Uri };

export class DataFileLinks implements vscode.DocumentLinkProvider<DataLink> {
  constructor(readonly networks: Networks) {}

  /** There are no links in an untrusted folder, because checking whether a file exists reads more than the document. */
  async provideDocumentLinks(document: vscode.TextDocument): Promise<DataLink[]> {
    const network = this.networks.network(document);
    const folder = folderOf(document.uri);
    if (!network || !folder || !vscode.workspace.isTrusted) return [];
    const links = filePaths(network).map(async ({ path, range }): Promise<DataLink[]> => {
      const file = fileOf(folder, path);
      if (!file || !(await isFile(file))) return [];
      const link = documentLink(toRange(document, range), vscode.l10n.t('Open the data file'));
      return [Object.assign(link, { file })];
    });
    return (await Promise.all(links)).flat();
  }

  resolveDocumentLink(link: DataLink): DataLink {
    if (link.file) link.target = link.file;
    return link;
  }
}
