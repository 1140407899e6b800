/** Train, Check and Evaluate above the "training" section, Stop during a run, and Add Training if there is no such section. */
import * as vscode from 'vscode';
import { type CommandName, commandId } from '../../engine/protocol/commands.ts';
import { type Networks, toRange } from '../networks.ts';
import { onSettings, readSetting } from '../settings.ts';
import { codeLens } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';

export class TrainingLenses implements vscode.CodeLensProvider {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: readonly vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {
    this.#listeners = [
      this.#changed,
      runs.onDidChangeState(() => this.#changed.fire()),
      onSettings(['codeLens'], () => this.#changed.fire()),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!readSetting('codeLens', document)) return [];
    const network = this.networks.network(document);
    if (!network?.root) return [];
    const training = network.source.property(network.root, 'training');
    const key = (training ?? network.source.property(network.root, 'layers'))?.children?.[0];
    if (!key) return [];
    const range = toRange(document, { start: key.offset, end: key.offset + key.length });
    const lens = (icon: string, name: CommandName, title: string, help: string) =>
      codeLens(range, { icon, title, help }, commandId(name), document.uri);
    const check = lens(
      'checklist',
      'check',
      vscode.l10n.t('Check'),
      vscode.l10n.t('Check for problems, and show the size of the network'),
    );
    if (!training)
      return [
        lens(
          'add',
          'addTraining',
          vscode.l10n.t('Add Training'),
          vscode.l10n.t('Add a "training" section with data, loss and optimizer'),
        ),
        check,
      ];
    if (this.runs.get(document.uri)?.running)
      return [
        lens('debug-stop', 'stop', vscode.l10n.t('Stop'), vscode.l10n.t('Stop the run and keep its weights')),
        check,
      ];
    return [
      lens(
        'play',
        'train',
        vscode.l10n.t('Train'),
        vscode.l10n.t('Train the network with the settings of this section'),
      ),
      check,
      lens(
        'beaker',
        'evaluate',
        vscode.l10n.t('Evaluate'),
        vscode.l10n.t('Evaluate the weights of the last run on the test data'),
      ),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}
