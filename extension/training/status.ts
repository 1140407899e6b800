/**
 * Items in the status bar. During a run, one shows the progress and, when clicked, the network; another one stops the run. During a
 * replay, an item says so.
 */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import { countText } from '../../engine/schema/text.ts';
import { networkName } from '../networks.ts';
import { StatusItem } from '../shown/shown.ts';
import { isInView } from '../shown/tabs.ts';
import { progressText, runTitle } from './progress.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';

export class RunStatus {
  readonly #item = new StatusItem('netloom.run', vscode.l10n.t('Network Training'), 0);
  readonly #stop = new StatusItem('netloom.stop', vscode.l10n.t('Stop Network Training'), -1);
  readonly #listeners: vscode.Disposable[];

  constructor(readonly runs: Runs) {
    this.#listeners = [
      runs.onDidChangeState(() => {
        this.#showProgress();
        this.#showStop();
      }),
      runs.onDidReceive(({ event }) => {
        if (event.event === 'step') this.#showProgress();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of [...this.#listeners, this.#item, this.#stop]) disposable.dispose();
  }

  #showProgress(): void {
    const { running } = this.runs;
    const [first] = running;
    if (!first) {
      this.#item.hide();
      return;
    }
    this.#item.show({
      icon: 'sync~spin',
      text: running.length === 1 ? runText(first) : vscode.l10n.t('{0} networks', running.length),
      tooltip: running.map((run) => `${runTitle(run)}: ${progressText(run)}`),
      command: commandId('revealRun'),
    });
  }

  /** Set only when runs start or end, because a command that is replaced during a click does not receive the click. */
  #showStop(): void {
    const { running } = this.runs;
    const [first] = running;
    if (!first) {
      this.#stop.hide();
      return;
    }
    const label =
      running.length === 1 ? vscode.l10n.t('Stop {0}', networkName(first.uri)) : vscode.l10n.t('Stop a run');
    this.#stop.show({ icon: 'debug-stop', tooltip: [label], command: stopCommand(running) });
  }
}

/** The action of the second item: stops the only run, or asks which one to stop. */
export function stopCommand(running: readonly Pick<Run, 'uri'>[]): vscode.Command {
  return {
    command: commandId('stop'),
    title: vscode.l10n.t('Stop'),
    ...(running.length === 1 ? { arguments: [running[0].uri] } : {}),
  };
}

function runText(run: Run): string {
  const name = networkName(run.uri);
  return run.state.state === 'stopping'
    ? vscode.l10n.t('{0} is stopping', name)
    : `${name} ${Math.round(run.progress * 100)} %`;
}

/** Text editors have no other place that shows that statistics are of an earlier step. A click ends the replay. */
export class ReplayStatus {
  /** For the Command Palette and the when-clauses of commands. */
  static readonly context = 'netloom.replaying';
  readonly #item = new StatusItem('netloom.replay', vscode.l10n.t('Replay of a Network Run'), -2);
  readonly #listeners: readonly vscode.Disposable[];

  constructor(readonly runs: Runs) {
    const show = () => this.#show();
    const { onDidChangeTabs, onDidChangeTabGroups } = vscode.window.tabGroups;
    this.#listeners = [runs.onDidReplay(show), onDidChangeTabs(show), onDidChangeTabGroups(show)];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const all = this.runs.replayed;
    void vscode.commands.executeCommand('setContext', ReplayStatus.context, all.length > 0);
    // Beside another network it would seem to belong to that.
    const replayed = all.filter(isInView);
    const [first] = replayed;
    if (!first) {
      this.#item.hide();
      return;
    }
    this.#item.show({
      icon: 'history',
      text: replayed.length === 1 ? this.#placeOf(first) : vscode.l10n.t('{0} replays', replayed.length),
      tooltip: [
        vscode.l10n.t(
          'Statistics of an earlier run or an earlier step are shown. Click to return to the newest ones.',
        ),
      ],
      command: commandId('endReplay'),
    });
  }

  #placeOf(uri: vscode.Uri): string {
    const name = networkName(uri);
    const step = this.runs.moment(uri)?.step;
    return step === undefined
      ? vscode.l10n.t('{0}: earlier run', name)
      : vscode.l10n.t('{0}: step {1}', name, countText(step));
  }
}
