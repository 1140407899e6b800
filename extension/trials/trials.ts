/**
 * Fixes on trial, at most one trial at a time for each network. They are trained in a separate engine, shown beside the graph, and
 * written only if the person keeps them.
 */
import * as vscode from 'vscode';
import type { TrialState } from '../../engine/protocol/editor.ts';
import { isTrialResult, type TrainingEvent, type TrialResult } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import type { NamedFinding } from '../../engine/protocol/findings.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { applySpecEdit } from '../edits.ts';
import { findingLimits } from '../findingLimits.ts';
import { networkName, placeOf } from '../networks.ts';
import type { Log } from '../shown/log.ts';
import { showError, showInformation } from '../shown/shown.ts';
import { isGraphInView, isOpen, networksIn } from '../shown/tabs.ts';
import { ask } from '../training/ask.ts';
import type { EngineFiles } from '../training/engine.ts';
import { memoryLimitFor } from '../training/limits.ts';

/** What to try: the fix of one finding, several fixes one after another, or usual choices, each alone. */
export type Wanted =
  | ({ readonly task: 'try' } & NamedFinding)
  | { readonly task: 'repair' }
  | { readonly task: 'compare' };

interface Trial {
  /** The text that is tried. */
  readonly text: string;
  state: TrialState;
  result?: TrialResult;
  readonly source: vscode.CancellationTokenSource;
}

export class Trials {
  readonly #trials = new Map<string, Trial>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #listeners: readonly vscode.Disposable[];

  /** Fires when the state of a network's trial has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(
    readonly engineFiles: EngineFiles,
    readonly log: Log,
    /** Brings the graph of a network into view, where trials are shown. */
    readonly show: (uri: vscode.Uri) => Thenable<unknown>,
  ) {
    this.#listeners = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#compareText(document);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.discard(uri)),
      // VS Code may keep a document for minutes after its last tab was closed.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const uri of networksIn(closed)) if (!isOpen(uri)) this.discard(uri);
      }),
    ];
  }

  state(uri: vscode.Uri): TrialState {
    return this.#trials.get(uri.toString())?.state ?? { state: 'none' };
  }

  /** Tries the current text, and resolves with the result; undefined if it was cancelled or cannot be tried. */
  async start(document: vscode.TextDocument, wanted: Wanted): Promise<TrialResult | undefined> {
    const { uri } = document;
    this.discard(uri);
    const trial: Trial = {
      text: document.getText(),
      state: { state: 'running', task: wanted.task, doing: vscode.l10n.t('Preparing'), step: 0 },
      source: new vscode.CancellationTokenSource(),
    };
    this.#trials.set(uri.toString(), trial);
    this.#changed.fire(uri);
    if (!isGraphInView(uri)) await this.show(uri);
    const { token } = trial.source;
    const onEvent = (event: TrainingEvent) => this.#receive(uri, trial, event);
    const end = await ask(this.engineFiles, jobOf(uri, trial.text, wanted), token, onEvent, this.log);
    trial.source.dispose();
    if (this.#trials.get(uri.toString()) !== trial) return undefined;
    if (!trial.result) {
      this.discard(uri);
      // Errors in our own code contain a place in that code, which belongs in the log.
      if (end.reason === 'failed') {
        this.log.error(end.message ?? '');
        void showError(`${networkName(uri)}: ${end.message?.split('\n', 1)[0] ?? ''}`);
      }
      return undefined;
    }
    trial.state = { state: 'done', event: writeEvent(trial.result), stale: false };
    this.#compareText(document);
    this.#changed.fire(uri);
    if (!isGraphInView(uri)) void this.#announce(uri, trial.result);
    return trial.result;
  }

  /** Applies the edit of a trial to the text that was tried, as one undo step. Returns whether it was applied. */
  async keep(uri: vscode.Uri): Promise<boolean> {
    const trial = this.#trials.get(uri.toString());
    const fix = trial?.result?.fix;
    if (trial?.state.state !== 'done' || trial.state.stale || !fix) return false;
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== trial.text) return false;
    const before = trial.state;
    // The edit of the trial itself must not make the trial stale.
    trial.state = { state: 'kept' };
    const outcome = await applySpecEdit(document, document.version, fix.edit);
    if (outcome.result !== 'applied') trial.state = before;
    if (outcome.result === 'refused') void showError(`${networkName(uri)}: ${outcome.message}`);
    this.#changed.fire(uri);
    return outcome.result === 'applied';
  }

  /** Ends a running trial, and discards its result. */
  discard(uri: vscode.Uri): void {
    const trial = this.#trials.get(uri.toString());
    if (!trial) return;
    this.#trials.delete(uri.toString());
    trial.source.cancel();
    this.#changed.fire(uri);
  }

  /** A training has started: what is shown is no longer the run before the fix that was kept. */
  noteTraining(uri: vscode.Uri): void {
    if (this.state(uri).state === 'kept') this.discard(uri);
  }

  dispose(): void {
    for (const { source } of this.#trials.values()) source.cancel();
    this.#trials.clear();
    for (const listener of [this.#changed, ...this.#listeners]) listener.dispose();
  }

  #receive(uri: vscode.Uri, trial: Trial, event: TrainingEvent): void {
    if (isTrialResult(event)) trial.result = event;
    if (event.event !== 'progress' || trial.state.state !== 'running') return;
    const { doing, step, steps } = event;
    trial.state = { ...trial.state, doing, step, ...(steps === undefined ? {} : { steps }) };
    this.#changed.fire(uri);
  }

  /** The numbers of a trial hold for the text that was tried. The offer to train after Keep ends when the edit is undone. */
  #compareText(document: vscode.TextDocument): void {
    const trial = this.#trials.get(document.uri.toString());
    if (!trial) return;
    const { state } = trial;
    const isOther = document.getText() !== trial.text;
    if (state.state === 'done' && state.stale !== isOther) {
      trial.state = { ...state, stale: isOther };
      this.#changed.fire(document.uri);
    }
    if (state.state === 'kept' && !isOther) this.discard(document.uri);
  }

  async #announce(uri: vscode.Uri, { verdict }: TrialResult): Promise<void> {
    const show = vscode.l10n.t('Show');
    if ((await showInformation(`${networkName(uri)}: ${verdict}`, show)) === show) await this.show(uri);
  }
}

function jobOf(uri: vscode.Uri, text: string, wanted: Wanted): Job {
  const { task, code, layers } = { code: undefined, layers: undefined, ...wanted };
  return {
    task,
    ...(code === undefined ? {} : { code }),
    ...(layers === undefined ? {} : { layers }),
    text,
    folder: placeOf(uri)?.folder ?? vscode.Uri.joinPath(uri, '..').fsPath,
    memoryLimit: memoryLimitFor(uri),
    limits: findingLimits(uri),
    threads: 1,
  };
}
