/** The status-bar item: there only while something runs; a click shows what does. */
import * as vscode from 'vscode';
import { networkName } from '../networks.ts';
import { progressText } from './progress.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export class RunStatus {
  readonly #item = vscode.window.createStatusBarItem('netloom.run', vscode.StatusBarAlignment.Left);
  readonly #listeners: vscode.Disposable[];

  constructor(readonly sessions: Sessions) {
    this.#item.name = vscode.l10n.t('Network Training');
    this.#item.command = 'netloom.revealRun';
    this.#listeners = [
      sessions.onDidChangeState(() => this.#show()),
      sessions.onDidReceive(({ event }) => {
        if (event.event === 'step') this.#show();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of [...this.#listeners, this.#item]) disposable.dispose();
  }

  #show(): void {
    const { running } = this.sessions;
    if (running.length === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(sync~spin) ${running.length === 1 ? runText(running[0]) : vscode.l10n.t('{0} networks', running.length)}`;
    this.#item.tooltip = running
      .map((session) => `${networkName(session.uri)}: ${progressText(session)}`)
      .join('\n');
    this.#item.show();
  }
}

function runText(session: Session): string {
  const name = networkName(session.uri);
  return session.state.state === 'stopping'
    ? vscode.l10n.t('{0} is stopping', name)
    : `${name} ${Math.round(session.progress * 100)} %`;
}
