/** Registers the language features. */
import * as vscode from 'vscode';
import { type Networks, networkSelector } from '../networks.ts';
import type { Jumps } from '../shown/jumps.ts';
import type { Runs } from '../training/runs.ts';
import { TrainingLenses } from './codeLens.ts';
import { NetworkCompletionProvider } from './completion.ts';
import { DataFileDrop } from './dataDrop.ts';
import type { Diagnostics } from './diagnostics.ts';
import { NetworkHoverProvider } from './hover.ts';
import { LayerPaste } from './layerPaste.ts';
import { NetworkFoldingProvider, NetworkFormatter } from './layout.ts';
import { DataFileLinks } from './links.ts';
import { LayerNameProvider } from './names.ts';
import { QuickFixes } from './quickFixes.ts';
import { NetworkSymbolProvider } from './symbols.ts';

export function registerLanguage(
  networks: Networks,
  runs: Runs,
  problems: Diagnostics,
  jumps: Jumps,
): vscode.Disposable {
  const names = new LayerNameProvider(networks, jumps);
  const formatter = new NetworkFormatter(networks);
  const lenses = new TrainingLenses(networks, runs);
  const files = new DataFileDrop(networks);
  const selector = networkSelector;
  const completion = new NetworkCompletionProvider(networks);
  return vscode.Disposable.from(
    lenses,
    vscode.languages.registerCompletionItemProvider(
      selector,
      completion,
      ...NetworkCompletionProvider.triggers,
    ),
    vscode.languages.registerHoverProvider(selector, new NetworkHoverProvider(networks, runs)),
    vscode.languages.registerDocumentSymbolProvider(selector, new NetworkSymbolProvider(networks), {
      label: vscode.l10n.t('Network Layers'),
    }),
    vscode.languages.registerDefinitionProvider(selector, names),
    vscode.languages.registerReferenceProvider(selector, names),
    vscode.languages.registerDocumentHighlightProvider(selector, names),
    vscode.languages.registerRenameProvider(selector, names),
    vscode.languages.registerDocumentLinkProvider(selector, new DataFileLinks(networks)),
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerFoldingRangeProvider(selector, new NetworkFoldingProvider(networks)),
    vscode.languages.registerDocumentFormattingEditProvider(selector, formatter),
    vscode.languages.registerDocumentRangeFormattingEditProvider(selector, formatter),
    vscode.languages.registerCodeActionsProvider(
      selector,
      new QuickFixes(networks, problems),
      QuickFixes.metadata,
    ),
    vscode.languages.registerDocumentDropEditProvider(selector, files, DataFileDrop.dropMetadata),
    vscode.languages.registerDocumentPasteEditProvider(selector, files, DataFileDrop.pasteMetadata),
    vscode.languages.registerDocumentPasteEditProvider(selector, new LayerPaste(), LayerPaste.metadata),
  );
}
