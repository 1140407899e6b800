/** The runs of this window: at most one at a time for each network, and the results of its last run while it is open. */
import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import type { RunTask } from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import type { Moment, Recording } from '../../engine/replay/recording.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import { findingLimits } from '../findingLimits.ts';
import { isNetwork, networkName, placeOf } from '../networks.ts';
import { onSettings, readSetting } from '../settings.ts';
import type { Log } from '../shown/log.ts';
import { showError } from '../shown/shown.ts';
import type { EngineFiles } from './engine.ts';
import { memoryLimitFor } from './limits.ts';
import { Run, type RunJob } from './run.ts';
import type { RunPlaces } from './runPlaces.ts';
import type { RunRecord } from './runRecord.ts';
import { threadsFor } from './threads.ts';

/** A reading of a recorded run: the last one up to a step, or a number of readings after it. */
export interface Place {
  readonly step: number;
  readonly move?: number | undefined;
}

/** An earlier moment that is shown instead of the newest state of a network's run. */
interface Replayed {
  readonly moment: Moment;
  /** The run as it was then. */
  readonly record: RunRecord;
  readonly of: { readonly record: RunRecord; readonly recording: Recording };
}

export interface RunEvent {
  readonly run: Run;
  readonly event: TrainingEvent;
}

/** The files of a network's runs on their way to its new name. */
interface Move {
  readonly to: string;
  readonly done: Promise<void>;
}

const isRenaming = (from: vscode.Uri, to: vscode.Uri): boolean => isNetwork(from) && isNetwork(to);

export class Runs {
  readonly #runs = new Map<string, Run>();
  /** Earlier runs, until the network runs again. */
  readonly #earlier = new Map<string, RunRecord>();
  /** Earlier runs that the person has opened, by network. */
  readonly #opened = new Map<string, RunRecord>();
  readonly #replayed = new Map<string, Replayed>();
  /** The last request to replay, by network. An earlier request that takes longer is dropped. */
  readonly #asked = new Map<string, object | undefined>();
  readonly #moved = new vscode.EventEmitter<vscode.Uri>();
  readonly #started = new vscode.EventEmitter<Run>();
  readonly #stateChanged = new vscode.EventEmitter<Run>();
  readonly #received = new vscode.EventEmitter<RunEvent>();
  readonly #restored = new vscode.EventEmitter<vscode.Uri>();
  readonly #filesChanged = new vscode.EventEmitter<vscode.Uri>();
  /** Where unsaved networks have just been saved, until VS Code closes the unsaved documents. */
  readonly #savedAs = new Map<string, vscode.Uri>();
  /** Files that are being renamed: VS Code closes and opens their documents meanwhile. */
  readonly #renaming = new Set<string>();
  readonly #moving = new Set<Move>();
  readonly #listeners: readonly vscode.Disposable[];

  readonly onDidStart = this.#started.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidReceive = this.#received.event;
  /** Fires when another moment of a network's run is shown, or its newest state again. */
  readonly onDidReplay = this.#moved.event;
  /** Fires when another record is in view: that of an earlier run, or of the last one again. */
  readonly onDidRestore = this.#restored.event;
  /** Fires when runs of a network have been moved or removed on disk. */
  readonly onDidChangeFiles = this.#filesChanged.event;

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
      vscode.workspace.onWillRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files)
          if (isRenaming(oldUri, newUri)) this.#renaming.add(oldUri.toString());
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) if (isRenaming(oldUri, newUri)) this.#follow(oldUri, newUri);
      }),
      onSettings(['statistics.sample'], () => {
        for (const run of this.running) run.chooseSample(readSetting('statistics.sample', run.uri));
      }),
    ];
  }

  /** The current run of a network, or the last one. */
  get(uri: vscode.Uri): Run | undefined {
    return this.#runs.get(uri.toString());
  }

  /** The events of a network's last run, in this window or an earlier one. */
  last(uri: vscode.Uri): RunRecord | undefined {
    return this.get(uri)?.record ?? this.#earlier.get(uri.toString());
  }

  /** The record of the run in view: the last one, unless the person has opened an earlier one. */
  record(uri: vscode.Uri): RunRecord | undefined {
    return this.opened(uri) ?? this.last(uri);
  }

  /** The earlier run that the person has opened. */
  opened(uri: vscode.Uri): RunRecord | undefined {
    return this.#opened.get(uri.toString());
  }

  /** The run as shown in views: at an earlier moment during a replay. */
  shown(uri: vscode.Uri): RunRecord | undefined {
    return this.#replayed.get(uri.toString())?.record ?? this.record(uri);
  }

  /** The moment that is shown; undefined for the newest state. */
  moment(uri: vscode.Uri): Moment | undefined {
    return this.#replayed.get(uri.toString())?.moment;
  }

  /** Networks of which an earlier run is shown, or an earlier moment of the last one. */
  get replayed(): readonly vscode.Uri[] {
    return [...new Set([...this.#replayed.keys(), ...this.#opened.keys()])].map((key) =>
      vscode.Uri.parse(key),
    );
  }

  /** Shows a run instead of the last one, until the network runs again or the person returns to the last one. */
  open(uri: vscode.Uri, record: RunRecord): void {
    if (record.folder !== undefined && record.folder === this.last(uri)?.folder) this.endReplay(uri);
    else this.#show(uri, record);
  }

  #show(uri: vscode.Uri, record: RunRecord | undefined): void {
    const key = uri.toString();
    this.#asked.delete(key);
    this.#replayed.delete(key);
    if (record) this.#opened.set(key, record);
    else this.#opened.delete(key);
    this.#restored.fire(uri);
    this.#moved.fire(uri);
  }

  /**
   * Shows an earlier moment of a network's run, or without a place its newest state. Writes nothing and does not affect the run.
   */
  async replay(uri: vscode.Uri, place?: Place): Promise<void> {
    const key = uri.toString();
    this.#asked.set(key, place);
    if (!place) {
      if (this.#replayed.delete(key)) this.#moved.fire(uri);
      return;
    }
    const record = this.record(uri);
    const recording = await record?.recording();
    // Another run may have started meanwhile, or the person may have requested something else.
    if (!record || !recording || this.record(uri) !== record || this.#asked.get(key) !== place) return;
    if (this.#replay(uri, place, { record, recording })) this.#moved.fire(uri);
  }

  #replay(uri: vscode.Uri, { step, move = 0 }: Place, of: Replayed['of']): boolean {
    const moment = of.recording.at(step, { move, end: this.moment(uri)?.last });
    if (moment) this.#replayed.set(uri.toString(), { moment, record: of.record.at(moment), of });
    return moment !== undefined;
  }

  /** Returns to the newest state of a network's last run. */
  endReplay(uri: vscode.Uri): void {
    if (this.opened(uri)) this.#show(uri, undefined);
    else void this.replay(uri);
  }

  endReplays(): void {
    for (const uri of this.replayed) this.endReplay(uri);
  }

  /** Makes the records of a network follow a change of its text. Returns those in which names have changed. */
  follow(uri: vscode.Uri, before: NetworkSpec | undefined, now: NetworkSpec): readonly RunRecord[] {
    const all = new Set([this.last(uri), this.opened(uri)].filter((record) => record !== undefined));
    const renamed = [...all].filter((record) => record.follow(before, now));
    if (renamed.length === 0) return renamed;
    const replayed = this.#replayed.get(uri.toString());
    if (replayed) this.#replay(uri, replayed.moment, replayed.of);
    this.#restored.fire(uri);
    return renamed;
  }

  /** Gives a network that has not run in this window the record of an earlier run. Returns whether the record is used. */
  restore(uri: vscode.Uri, record: RunRecord): boolean {
    if (this.get(uri)) return false;
    this.#earlier.set(uri.toString(), record);
    if (!this.opened(uri)) void this.replay(uri);
    this.#restored.fire(uri);
    return true;
  }

  /** Removes the files of an ended run with `remove`, and its record. Throws the errors of `remove`. */
  async remove(uri: vscode.Uri, folder: string, remove: () => Promise<void>): Promise<void> {
    await remove();
    const key = uri.toString();
    if (this.opened(uri)?.folder === folder) this.#show(uri, undefined);
    if (this.last(uri)?.folder === folder && !this.get(uri)?.running) {
      this.get(uri)?.dispose();
      this.#runs.delete(key);
      this.#earlier.delete(key);
      this.#show(uri, undefined);
    }
    this.#filesChanged.fire(uri);
  }

  get running(): Run[] {
    return [...this.#runs.values()].filter((run) => run.running);
  }

  /** Resolves when the last run of a network, if it has ended, has written its files. Only then is its folder known. */
  async written(uri: vscode.Uri): Promise<void> {
    const run = this.get(uri);
    if (!run?.running) await run?.gone;
  }

  /** Resolves when the files of a network's runs have been moved. */
  async settled(uri: vscode.Uri): Promise<void> {
    const moves = [...this.#moving].filter(({ to }) => to === uri.toString());
    await Promise.all(moves.map(({ done }) => done));
  }

  /** Starts a run on the document's current text, or returns the one that is already running. */
  start(document: vscode.TextDocument, task: RunTask, startFrom?: Job['startFrom']): Run {
    const current = this.get(document.uri);
    if (current?.running) return current;
    current?.dispose();
    const last = this.last(document.uri);
    const job = {
      ...this.#jobOf(document, task),
      ...(startFrom ? { startFrom } : {}),
      ...(last?.folder === undefined
        ? {}
        : { renamed: { folder: last.folder, layers: last.names.renamedLayers } }),
    };
    const run = new Run(document.uri, job, this.engineFiles, this.log, {
      record: last,
      gone: current?.gone,
    });
    this.log.info(`${task} ${document.uri.toString(true)}`);
    this.#runs.set(document.uri.toString(), run);
    this.endReplay(document.uri);
    run.onDidChangeState(() => this.#announce(run));
    run.onDidReceive((event) => this.#received.fire({ run, event }));
    this.#started.fire(run);
    this.#announce(run);
    return run;
  }

  async stop(uri: vscode.Uri): Promise<void> {
    await this.get(uri)?.stop();
  }

  /** Call it when the window closes. Resolves when no run is active, all files are written, and all of them have been moved. */
  async stopAll(): Promise<void> {
    for (const run of this.running) void run.stop(true);
    await Promise.all([...this.#runs.values()].map((run) => run.gone));
    await Promise.all([...this.#moving].map(({ done }) => done));
  }

  dispose(): void {
    for (const run of this.#runs.values()) run.dispose();
    for (const disposable of [
      this.#started,
      this.#stateChanged,
      this.#received,
      this.#moved,
      this.#restored,
      this.#filesChanged,
      ...this.#listeners,
    ])
      disposable.dispose();
  }

  #announce(run: Run): void {
    this.#stateChanged.fire(run);
    // When-clauses compare with `resourcePath`: on a remote the window knows a file by another URI than this host does, but by the
    // same path. If a path can be written in two ways, one of them is that of the window.
    const running = this.running.flatMap(({ uri }) => [uri.fsPath, uri.path]);
    void vscode.commands.executeCommand(
      'setContext',
      'netloom.running',
      running.length > 0 ? running : undefined,
    );
    const open = vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === run.uri.toString());
    if (!run.running && !open) this.#forget(run.uri);
  }

  /** VS Code writes the text of an unsaved network to a file, opens that, and closes the unsaved document. */
  #noticeFirstSave(document: vscode.TextDocument): void {
    if (!isNetwork(document.uri) || document.uri.scheme === 'untitled') return;
    for (const unsaved of vscode.workspace.textDocuments)
      if (unsaved.uri.scheme === 'untitled' && this.record(unsaved.uri))
        if (unsaved.getText() === document.getText()) this.#savedAs.set(unsaved.uri.toString(), document.uri);
  }

  #leave(uri: vscode.Uri): void {
    const savedAs = this.#savedAs.get(uri.toString());
    this.#savedAs.delete(uri.toString());
    const run = this.get(uri);
    if (savedAs) this.#move(uri, savedAs);
    else if (this.#renaming.has(uri.toString())) return;
    else if (!run?.running) this.#forget(uri);
    // The person has discarded the network. Nobody could use the result.
    else if (uri.scheme === 'untitled') void run.stop();
  }

  /** Moves the runs of a network that was renamed or moved. */
  #follow(from: vscode.Uri, to: vscode.Uri): void {
    this.#renaming.delete(from.toString());
    this.#move(from, to);
  }

  /** A network that was moved keeps the events of its run, and gets the files of its runs when the run has ended. */
  #move(from: vscode.Uri, to: vscode.Uri): void {
    const [run, earlier] = [this.get(from), this.#earlier.get(from.toString())];
    this.#runs.delete(from.toString());
    this.#earlier.delete(from.toString());
    this.endReplay(from);
    this.get(to)?.dispose();
    if (run) {
      run.moveTo(to);
      this.#runs.set(to.toString(), run);
    } else if (earlier) this.#earlier.set(to.toString(), earlier);
    // Its files may still be on their way to the name that it had until now.
    const done = Promise.all([run?.gone, this.settled(from)])
      .then(() => this.places.move(from, to))
      .then((folders) => {
        const record = run?.record ?? earlier;
        const folder = record?.folder === undefined ? undefined : folders.get(record.folder);
        if (folder !== undefined) record?.moveTo(folder);
      })
      .catch((error: Error) => this.#reportLoss(to, error))
      .finally(() => {
        this.#moving.delete(move);
        this.#filesChanged.fire(to);
      });
    const move: Move = { to: to.toString(), done };
    this.#moving.add(move);
    this.#restored.fire(to);
    if (run) this.#announce(run);
  }

  #reportLoss(uri: vscode.Uri, { message }: Error): void {
    const name = networkName(uri);
    void showError(vscode.l10n.t('The runs of {0} could not be moved beside its file. {1}', name, message));
  }

  #forget(uri: vscode.Uri): void {
    const run = this.get(uri);
    run?.dispose();
    this.#runs.delete(uri.toString());
    this.#earlier.delete(uri.toString());
    this.endReplay(uri);
    void Promise.resolve(run?.gone)
      .then(() => this.places.discard(uri))
      .catch((error) => this.log.warn(String(error)));
  }

  /** Data paths are relative to the network's file; the files of a run go to `.netloom/runs/` beside it. */
  #jobOf(document: vscode.TextDocument, task: RunTask): RunJob {
    const { uri } = document;
    const place = placeOf(uri);
    const taken = this.running.reduce((sum, { job }) => sum + (job.threads ?? 1), 0);
    return {
      task,
      text: document.getText(),
      folder: place?.folder ?? vscode.Uri.joinPath(uri, '..').fsPath,
      memoryLimit: memoryLimitFor(uri),
      limits: findingLimits(uri),
      sample: readSetting('statistics.sample', uri),
      threads: threadsFor(readSetting('training.threads', uri), availableParallelism(), taken),
      wide: readSetting('training.wideVectors', uri),
      ...(place ? { network: place.network } : { output: this.places.unsavedFolder(uri) }),
    };
  }
}
