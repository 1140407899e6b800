/** Names of layers as symbols: finds the definition and the uses, and renames a layer everywhere. */
import * as vscode from 'vscode';
import { occurrenceAt, placesOf, renamingOf } from '../../engine/language/layerNames.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import { type Networks, toRange, toWorkspaceEdit } from '../networks.ts';
import type { Jumps } from '../shown/jumps.ts';
import { refusal } from '../shown/shown.ts';

export class LayerNameProvider
  implements
    vscode.DefinitionProvider,
    vscode.ReferenceProvider,
    vscode.DocumentHighlightProvider,
    vscode.RenameProvider
{
  constructor(
    readonly networks: Networks,
    readonly jumps: Jumps,
  ) {}

  provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.LocationLink[] | undefined {
    const network = this.networks.network(document);
    const used = network && occurrenceAt(network, document.offsetAt(position));
    if (!used) return undefined;
    const definitions = placesOf(network, used).filter(({ role }) => role === 'definition');
    if (definitions.length === 1)
      this.jumps.offer(document.uri, position, toRange(document, definitions[0].range));
    return definitions.map(({ range, whole }) => ({
      originSelectionRange: toRange(document, used.range),
      targetUri: document.uri,
      targetRange: toRange(document, whole ?? range),
      targetSelectionRange: toRange(document, range),
    }));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): vscode.Location[] {
    const ranges = this.#places(document, position)
      .filter(({ role }) => role === 'reference' || includeDeclaration)
      .map(({ range }) => toRange(document, range));
    // VS Code goes to a single other place at once.
    const others = ranges.filter((range) => !range.contains(position));
    if (others.length === 1) this.jumps.offer(document.uri, position, others[0]);
    return ranges.map((range) => new vscode.Location(document.uri, range));
  }

  provideDocumentHighlights(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.DocumentHighlight[] {
    return this.#places(document, position).map(({ range, role }) => ({
      range: toRange(document, range),
      kind: role === 'definition' ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read,
    }));
  }

  prepareRename(document: vscode.TextDocument, position: vscode.Position): vscode.Range {
    const network = this.networks.network(document);
    const found = network && occurrenceAt(network, document.offsetAt(position));
    const isDefined = found && placesOf(network, found).some(({ role }) => role === 'definition');
    if (!isDefined)
      throw refusal(
        vscode.l10n.t('Only layers and blocks can be renamed. Put the cursor on the name of one.'),
      );
    return toRange(document, found.range);
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit | undefined {
    const network = this.networks.network(document);
    const found = network && occurrenceAt(network, document.offsetAt(position));
    if (!found) return undefined;
    const outcome = applyEdit(document.getText(), renamingOf(found, newName));
    if ('problem' in outcome) throw refusal(outcome.problem);
    return toWorkspaceEdit(document, outcome.changes);
  }

  #places(document: vscode.TextDocument, position: vscode.Position) {
    const network = this.networks.network(document);
    const found = network && occurrenceAt(network, document.offsetAt(position));
    return found ? placesOf(network, found) : [];
  }
}
