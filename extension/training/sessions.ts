/** The runs of this window: at most one at a time for each network, and the last one's results while it is open. */
import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { isNetwork, placeOf } from '../networks.ts';
import type { EngineFiles } from './engine.ts';
import type { RunHistory } from './history.ts';
import { Session } from './session.ts';
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
  readonly #closing: vscode.Disposable;

  readonly onDidStart = this.#started.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidReceive = this.#received.event;
  /** What an earlier run told is there again. */
  readonly onDidRestore = this.#restored.event;

  constructor(
    readonly engineFiles: EngineFiles,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.#closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (isNetwork(uri) && !this.get(uri)?.running) this.#forget(uri);
    });
  }

  /** The run of a network that is going on, or the last one. */
  get(uri: vscode.Uri): Session | undefined {
    return this.#sessions.get(uri.toString());
  }

  /** What a network's last run has told, be it of this window or an earlier one. */
  history(uri: vscode.Uri): RunHistory | undefined {
    return this.get(uri)?.history ?? this.#earlier.get(uri.toString());
  }

  /** Gives a network that has not run in this window the history of an earlier run. */
  restore(uri: vscode.Uri, history: RunHistory): void {
    if (this.get(uri)) return;
    this.#earlier.set(uri.toString(), history);
    this.#restored.fire(uri);
  }

  get running(): Session[] {
    return [...this.#sessions.values()].filter((session) => session.running);
  }

  /** Starts a run on the document's text as it is now; gives the one that is going on, if one is. */
  start(document: vscode.TextDocument, task: Job['task']): Session {
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

  /** Resolves when no run goes on and what they leave is written. */
  async stopAll(): Promise<void> {
    for (const session of this.running) void session.stop();
    await Promise.all([...this.#sessions.values()].map((session) => session.gone));
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    for (const disposable of [
      this.#started,
      this.#stateChanged,
      this.#received,
      this.#restored,
      this.#closing,
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

  #forget(uri: vscode.Uri): void {
    this.get(uri)?.dispose();
    this.#sessions.delete(uri.toString());
    this.#earlier.delete(uri.toString());
  }

  /** Data paths are relative to the network's file; the files of a run go to `.netloom/runs/` beside it. */
  #jobOf(document: vscode.TextDocument, task: Job['task']): Job {
    const { uri } = document;
    const place = placeOf(uri);
    const settings = vscode.workspace.getConfiguration('netloom.training', uri);
    const taken = this.running.reduce((sum, { job }) => sum + (job.threads ?? 1), 0);
    return {
      task,
      text: document.getText(),
      folder: place?.folder ?? vscode.Uri.joinPath(uri, '..').fsPath,
      memoryLimit: settings.get('memoryLimit', 2048) * 2 ** 20,
      threads: threadsFor(settings.get('threads', 0), availableParallelism(), taken),
      ...(place ? { network: place.network } : {}),
    };
  }
}
