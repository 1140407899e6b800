/** The runs of this window: at most one at a time for each network, and the last one's results while it is open. */
import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import type { RunTask } from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { isNetwork, networkName, placeOf } from '../networks.ts';
import type { Log } from '../shown/log.ts';
import { showError } from '../shown/shown.ts';
import type { EngineFiles } from './engine.ts';
import type { RunHistory } from './history.ts';
import { memoryLimitFor } from './limits.ts';
import type { RunPlaces } from './runPlaces.ts';
import { type RunJob, Session } from './session.ts';
import { threadsFor } from './threads.ts';

export interface SessionEvent {
  readonly session: Session;
  readonly event: TrainingEvent;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** Runs of before the network was opened, until it runs again. */
  readonly #earlier = new Map<string, RunHistory>();
  readonly #started = new vscode.EventEmitter<Session>();
  readonly #stateChanged = new vscode.EventEmitter<Session>();
  readonly #received = new vscode.EventEmitter<SessionEvent>();
  readonly #restored = new vscode.EventEmitter<vscode.Uri>();
  /** Where networks that were never saved have just been saved, until VS Code closes what was not saved. */
  readonly #savedAs = new Map<string, vscode.Uri>();
  /** Files on their way to another place, by the network that they are now of. */
  readonly #moving = new Map<string, Promise<void>>();
  readonly #listeners: readonly vscode.Disposable[];

  readonly onDidStart = this.#started.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidReceive = this.#received.event;
  /** What an earlier run told is there again. */
  readonly onDidRestore = this.#restored.event;

  constructor(
    readonly engineFiles: EngineFiles,
    readonly places: RunPlaces,
    readonly log: Log,
  ) {
    this.#listeners = [
      vscode.workspace.onDidSaveTextDocument((document) => this.#noticeFirstSave(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (isNetwork(uri)) this.#leave(uri);
      }),
    ];
  }

  /** The run of a network that is going on, or the last one. */
  get(uri: vscode.Uri): Session | undefined {
    return this.#sessions.get(uri.toString());
  }

  /** What a network's last run has told, be it of this window or an earlier one. */
  history(uri: vscode.Uri): RunHistory | undefined {
    return this.get(uri)?.history ?? this.#earlier.get(uri.toString());
  }

  /** Gives a network that has not run in this window the history of an earlier run. Answers whether it took it. */
  restore(uri: vscode.Uri, history: RunHistory): boolean {
    if (this.get(uri)) return false;
    this.#earlier.set(uri.toString(), history);
    this.#restored.fire(uri);
    return true;
  }

  get running(): Session[] {
    return [...this.#sessions.values()].filter((session) => session.running);
  }

  /** Resolves when the files of a network's runs are where they belong. */
  async settled(uri: vscode.Uri): Promise<void> {
    await this.#moving.get(uri.toString());
  }

  /** Starts a run on the document's text as it is now; gives the one that is going on, if one is. */
  start(document: vscode.TextDocument, task: RunTask): Session {
    const current = this.get(document.uri);
    if (current?.running) return current;
    current?.dispose();
    const session = new Session(document.uri, this.#jobOf(document, task), this.engineFiles, this.log, {
      history: this.history(document.uri),
      gone: current?.gone,
    });
    this.log.info(`${task} ${document.uri.toString(true)}`);
    this.#sessions.set(document.uri.toString(), session);
    session.onDidChangeState(() => this.#announce(session));
    session.onDidReceive((event) => this.#received.fire({ session, event }));
    this.#started.fire(session);
    this.#announce(session);
    return session;
  }

  async stop(uri: vscode.Uri): Promise<void> {
    await this.get(uri)?.stop();
  }

  /** Resolves when no run goes on, what they leave is written, and the files of all are where they belong. */
  async stopAll(): Promise<void> {
    for (const session of this.running) void session.stop();
    await Promise.all([...this.#sessions.values()].map((session) => session.gone));
    await Promise.all(this.#moving.values());
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    for (const disposable of [
      this.#started,
      this.#stateChanged,
      this.#received,
      this.#restored,
      ...this.#listeners,
    ])
      disposable.dispose();
  }

  #announce(session: Session): void {
    this.#stateChanged.fire(session);
    // When-clauses compare with `resourcePath`: on a remote the window knows a file by another URI than this host
    // does, but by the same path. Where a path is written in two ways, the window's is one of them.
    const running = this.running.flatMap(({ uri }) => [uri.fsPath, uri.path]);
    void vscode.commands.executeCommand(
      'setContext',
      'netloom.running',
      running.length > 0 ? running : undefined,
    );
    const open = vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === session.uri.toString());
    if (!session.running && !open) this.#forget(session.uri);
  }

  /** VS Code writes the text of an unsaved network to a file, opens that, and closes what was not saved. */
  #noticeFirstSave(document: vscode.TextDocument): void {
    if (!isNetwork(document.uri) || document.uri.scheme === 'untitled') return;
    for (const unsaved of vscode.workspace.textDocuments)
      if (unsaved.uri.scheme === 'untitled' && this.history(unsaved.uri))
        if (unsaved.getText() === document.getText()) this.#savedAs.set(unsaved.uri.toString(), document.uri);
  }

  #leave(uri: vscode.Uri): void {
    const savedAs = this.#savedAs.get(uri.toString());
    this.#savedAs.delete(uri.toString());
    if (savedAs) this.#move(uri, savedAs);
    else if (!this.get(uri)?.running) this.#forget(uri);
  }

  /** A network that was saved for the first time takes along what its run has told, and its files once that has ended. */
  #move(from: vscode.Uri, to: vscode.Uri): void {
    const [session, earlier] = [this.get(from), this.#earlier.get(from.toString())];
    this.#sessions.delete(from.toString());
    this.#earlier.delete(from.toString());
    this.get(to)?.dispose();
    if (session) {
      session.moveTo(to);
      this.#sessions.set(to.toString(), session);
    } else if (earlier) this.#earlier.set(to.toString(), earlier);
    const moved = Promise.resolve(session?.gone)
      .then(() => this.places.move(from, to))
      .catch((error: Error) => this.#reportLoss(to, error))
      .finally(() => this.#moving.delete(to.toString()));
    this.#moving.set(to.toString(), moved);
    this.#restored.fire(to);
    if (session) this.#announce(session);
  }

  #reportLoss(uri: vscode.Uri, { message }: Error): void {
    const name = networkName(uri);
    void showError(
      vscode.l10n.t('The weights of {0} could not be moved beside its file. {1}', name, message),
    );
  }

  #forget(uri: vscode.Uri): void {
    const session = this.get(uri);
    session?.dispose();
    this.#sessions.delete(uri.toString());
    this.#earlier.delete(uri.toString());
    void Promise.resolve(session?.gone)
      .then(() => this.places.discard(uri))
      .catch((error) => this.log.warn(String(error)));
  }

  /** Data paths are relative to the network's file; the files of a run go to `.netloom/runs/` beside it. */
  #jobOf(document: vscode.TextDocument, task: RunTask): RunJob {
    const { uri } = document;
    const place = placeOf(uri);
    const settings = vscode.workspace.getConfiguration('netloom.training', uri);
    const taken = this.running.reduce((sum, { job }) => sum + (job.threads ?? 1), 0);
    return {
      task,
      text: document.getText(),
      folder: place?.folder ?? vscode.Uri.joinPath(uri, '..').fsPath,
      memoryLimit: memoryLimitFor(uri),
      threads: threadsFor(settings.get('threads', 0), availableParallelism(), taken),
      ...(place ? { network: place.network } : { output: this.places.unsavedFolder(uri) }),
    };
  }
}
