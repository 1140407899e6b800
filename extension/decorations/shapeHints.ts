/** Output shape and number of parameters after the line of each layer, as inlay hints, unless statistics are there. */
import * as vscode from 'vscode';
import { hintsIn } from '../../engine/language/hints.ts';
import type { Networks } from '../networks.ts';
import { inlayHint } from '../shown/shown.ts';
import type { StatsDecorations } from './statsDecorations.ts';

const settings = {
  shapes: 'netloom.inlayHints.shapes',
  parameters: 'netloom.inlayHints.parameters',
} as const;

export class ShapeHints implements vscode.InlayHintsProvider {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: readonly vscode.Disposable[];
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(
    readonly networks: Networks,
    readonly statistics: Pick<StatsDecorations, 'standBehind' | 'onDidMove'>,
  ) {
    this.#listeners = [
      this.#changed,
      statistics.onDidMove(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (Object.values(settings).some((setting) => change.affectsConfiguration(setting)))
          this.#changed.fire();
      }),
    ];
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const network = this.networks.network(document);
    if (!network || this.statistics.standBehind(document)) return [];
    const configuration = vscode.workspace.getConfiguration(undefined, document);
    const wanted = {
      shapes: configuration.get(settings.shapes, true),
      parameters: configuration.get(settings.parameters, true),
    };
    const part = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    // Read from the current text: positions in an earlier text would be wrong.
    return hintsIn(network.text, this.networks.analysis(document), part, wanted).map(
      ({ offset, label, facts }) => inlayHint(document.positionAt(offset), label, facts),
    );
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}
