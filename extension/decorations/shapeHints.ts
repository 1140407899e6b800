/** Output shape and number of parameters after the line of each layer, as inlay hints, unless statistics are there. */
import * as vscode from 'vscode';
import { hintsIn } from '../../engine/language/hints.ts';
import type { Networks } from '../networks.ts';
import { onSettings, readSetting } from '../settings.ts';
import { inlayHint } from '../shown/shown.ts';
import type { StatsDecorations } from './statsDecorations.ts';

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
      onSettings(['inlayHints.shapes', 'inlayHints.parameters'], () => this.#changed.fire()),
    ];
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const network = this.networks.network(document);
    if (!network || this.statistics.standBehind(document)) return [];
    const wanted = {
      shapes: readSetting('inlayHints.shapes', document),
      parameters: readSetting('inlayHints.parameters', document),
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
