/**
 * The files of a current run. A run beside a network writes into its own new folder. A run in a folder that a person
 * named keeps its files under temporary names until it has weights, so that a run that fails early leaves the files of
 * an earlier one unchanged. A failed write never ends a run: it is reported as a warning, tried again with the next
 * save, and reported again at the end.
 */

import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { TrainingEvent } from '../protocol/events.ts';
import { readEvent } from '../protocol/eventText.ts';
import { ProblemError } from '../schema/problem.ts';
import { version } from '../version.ts';
import { explain } from './errors.ts';
import { RunFolder } from './folder.ts';
import { codeOf, type Fs, nameOfHeld, nodeFs } from './fs.ts';
import { type Place, pathOf, runFiles, runsOf } from './layout.ts';
import { type Life, systemLife } from './life.ts';
import { Lock } from './lock.ts';
import { RunLog } from './log.ts';
import { encodeManifest, hashOf, type Manifest } from './manifest.ts';
import { networkNameOf, runIdAt } from './names.ts';
import { hasWeights, readManifest } from './reader.ts';
import { makeRunFolder, type RunTarget, removeMade } from './target.ts';

type End = Extract<TrainingEvent, { event: 'end' }>;
type Warning = Extract<TrainingEvent, { event: 'warning' }>;

/** The subject of a run's files. */
export interface RunAbout {
  readonly target: RunTarget;
  /** The network's file name. */
  readonly network: string;
  /** The spec with which the run was started. */
  readonly text: string;
  readonly seed: number;
}

/** Everything that another thread of the process needs to finish the files of a run whose thread has ended. Plain data. */
export interface Handover extends RunAbout {
  readonly token: string;
  readonly started: string;
  readonly place: Place | undefined;
  /** Folders that the run created, outermost first. */
  readonly made: readonly string[];
}

export interface RunWriterHost {
  /** Called once when something could not be written, and again when it could. The event is already in the log. */
  warn(event: Warning): void;
  readonly fs?: Fs;
  readonly life?: Life;
  /** Bytes of the log. */
  readonly logLimit?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/** After a save the run continues for this many times the duration of the save, so that saving takes a tenth of the time. */
const saveRest = 9;

type Part = 'weights' | 'log';

/** Something that could not be written, in words. */
type Troubles = Map<Part, string>;

export class RunWriter {
  readonly #about: RunAbout;
  readonly #host: RunWriterHost;
  readonly #fs: Fs;
  readonly #life: Life;
  readonly #token: string;
  readonly #started: string;
  readonly #now: () => number;
  readonly #troubles: Troubles = new Map();
  #place: Place | undefined;
  /** The open files; undefined if the folder could not be created, or has been removed. */
  #open: { readonly folder: RunFolder; readonly lock: Lock; readonly log: RunLog } | undefined;
  /** Folders that this run created, outermost first. */
  #made: readonly string[] = [];
  /** Whether the files have their final names. */
  #isPublished = false;
  #hasWeights = false;
  /** Whether the run has reported more than its plan. */
  #isEventful = false;
  /** The earliest time of the next save, so that saving does not take too much time. */
  #nextSave = Number.NEGATIVE_INFINITY;
  /** Weights whose save failed. */
  #unsaved: Uint8Array | undefined;
  #plan: TrainingEvent | undefined;
  #epoch = 0;
  #step = 0;

  private constructor(about: RunAbout, host: RunWriterHost, token: string, started: string) {
    this.#about = about;
    this.#host = host;
    this.#fs = host.fs ?? nodeFs;
    this.#life = host.life ?? systemLife;
    this.#token = token;
    this.#started = started;
    this.#now = host.now ?? (() => performance.now());
  }

  /**
   * Call it when nothing else can prevent the run. Throws ProblemError if a run must not write there: through a link, or into a
   * folder that another run uses. If the disk is not writable, it only warns.
   */
  static async begin(about: RunAbout, host: RunWriterHost): Promise<RunWriter> {
    const token = randomBytes(6).toString('hex');
    const writer = new RunWriter(about, host, token, new Date().toISOString());
    try {
      await writer.#begin();
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      writer.#report('weights', error);
    }
    return writer;
  }

  /** Continues instead of a thread of the same process that has ended. */
  static async takeOver(
    { token, started, place, made, ...about }: Handover,
    host: RunWriterHost,
  ): Promise<RunWriter> {
    const writer = new RunWriter(about, host, token, started);
    writer.#place = place;
    writer.#made = made;
    try {
      await writer.#adopt();
    } catch (error) {
      writer.#report('weights', error);
    }
    return writer;
  }

  /** The run's folder; undefined if it could not be created. */
  get folder(): string | undefined {
    return this.#open?.folder.path;
  }

  /** Whether the files of an earlier run still exist; the first saved weights replace them. */
  get isStaged(): boolean {
    return 'output' in this.#about.target && !this.#isPublished;
  }

  /** Weights of this run were saved. */
  get hasWeights(): boolean {
    return this.#hasWeights;
  }

  get handover(): Handover {
    return {
      ...this.#about,
      token: this.#token,
      started: this.#started,
      place: this.#place,
      made: this.#made,
    };
  }

  /** Adds an event to the log, except the end (see `end`). Returns at once. */
  add(event: TrainingEvent): void {
    this.#take(event);
    this.#open?.log.add(event);
    this.#watchLog();
  }

  /**
   * Replaces the run's weights completely and returns true. If that fails, the earlier ones stay, and a warning is reported.
   */
  async saveWeights(bytes: Uint8Array): Promise<boolean> {
    this.#unsaved = bytes;
    const began = this.#now();
    const isSaved = await this.#trySave(bytes);
    const now = this.#now();
    this.#nextSave = now + (now - began) * saveRest;
    return isSaved;
  }

  /** Epochs of a small network are shorter than a save. Then not every epoch is saved, but the end of a run always is. */
  get isSaveDue(): boolean {
    return this.#now() >= this.#nextSave;
  }

  async #trySave(bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#save(bytes);
    } catch (error) {
      this.#report('weights', error);
      if (codeOf(error) !== 'ENOENT') return false;
      // The folder has been removed or replaced; from now on files are written to a new one.
      try {
        await this.#abandon();
        await this.#save(bytes);
      } catch (again) {
        this.#report('weights', again);
        return false;
      }
    }
    this.#unsaved = undefined;
    this.#resolve('weights');
    return true;
  }

  /** Writes the end of the run and releases the folder; returns the end with what could not be written. Never throws. */
  async end(end: End): Promise<End> {
    // No later save would replace the last one.
    if (this.#unsaved) await this.saveWeights(this.#unsaved);
    if (!this.#open) return this.#withTroubles(end);
    const { folder, lock, log } = this.#open;
    if (this.#hasWeights) await this.#attempt('log', () => this.#publish());
    const isWorthKeeping = this.#isPublished && (this.#hasWeights || this.#isEventful);
    if (isWorthKeeping) {
      await log.close(this.#withTroubles(end));
      this.#watchLog();
      await this.#attempt('log', () => this.#writeManifest(folder, end));
      await lock.release();
    } else {
      await log.abandon();
      if (!('output' in this.#about.target)) await folder.removeFiles().catch(() => undefined);
      await lock.release();
      await removeMade(this.#fs, this.#made);
    }
    await folder.close().catch(() => undefined);
    this.#open = undefined;
    return { ...this.#withTroubles(end), ...(isWorthKeeping ? { folder: folder.path } : {}) };
  }

  async #begin(): Promise<void> {
    const { target } = this.#about;
    const { place, made } = await makeRunFolder(this.#fs, target, this.#life, this.#place);
    let lock: Lock | undefined;
    let folder: RunFolder | undefined;
    try {
      folder = await RunFolder.open(this.#fs, place, this.#token);
      lock = await Lock.take(this.#fs, folder.within, this.#life, this.#token, folder.path);
      for (const name of Object.values(runFiles)) await folder.checkFile(name);
      await folder.removeTemporaries();
      const log = await RunLog.create(folder, this.#host.logLimit);
      this.#place = place;
      this.#made = made;
      this.#open = { folder, lock, log };
      if (this.#plan) log.add(this.#plan);
      if (!('output' in target)) await this.#publish();
    } catch (error) {
      await this.#open?.log.abandon();
      await lock?.release();
      if (!('output' in target)) await this.#open?.folder.removeFiles().catch(() => undefined);
      await folder?.close().catch(() => undefined);
      this.#open = undefined;
      await removeMade(this.#fs, made);
      throw error;
    }
  }

  async #adopt(): Promise<void> {
    if (!this.#place) return;
    const folder = await RunFolder.open(this.#fs, this.#place, this.#token, 1000);
    const lock = Lock.adopt(this.#fs, folder.within, this.#life, this.#token);
    const manifest = await readManifest(this.#fs, folder.within);
    this.#isPublished = manifest?.id === this.#id && manifest.started === this.#started;
    const temporary = this.#isPublished ? undefined : await folder.temporaryOf(runFiles.log);
    await folder.removeTemporaries(temporary);
    const log = await (temporary || this.#isPublished
      ? RunLog.adopt(folder, temporary ?? runFiles.log)
      : RunLog.create(folder));
    this.#open = { folder, lock, log };
    this.#hasWeights = this.#isPublished && (await hasWeights(this.#fs, folder.within));
    for await (const line of log.lines()) {
      const event = readEvent(line);
      if (event) this.#take(event);
    }
  }

  async #save(bytes: Uint8Array): Promise<void> {
    if (!this.#open) await this.#begin();
    const { folder } = this.#open!;
    await folder.writeWhole(runFiles.weights, bytes);
    this.#hasWeights = true;
    await this.#publish();
  }

  /** Gives the files their final names. The manifest comes last: if it belongs to this run, the others do too. */
  async #publish(): Promise<void> {
    if (this.#isPublished || !this.#open) return;
    const { folder, log } = this.#open;
    await folder.writeWhole(runFiles.spec, Buffer.from(this.#about.text));
    await log.publish();
    await this.#writeManifest(folder);
    this.#isPublished = true;
  }

  /** After the folder was removed: closes open files. */
  async #abandon(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#isPublished = false;
    this.#hasWeights = false;
    await open?.log.abandon();
    await open?.lock.release();
    await open?.folder.close().catch(() => undefined);
  }

  #take(event: TrainingEvent): void {
    if (event.event === 'plan') this.#plan = event;
    else if (event.event !== 'warning') this.#isEventful = true;
    if (event.event === 'epoch') this.#epoch = event.epoch;
    if ('step' in event) this.#step = event.step;
  }

  get #id(): string {
    return this.#place?.below.at(-1) ?? runIdAt(Date.parse(this.#started));
  }

  async #writeManifest(folder: RunFolder, end?: End): Promise<void> {
    const { network, text, seed } = this.#about;
    const manifest: Manifest = {
      format: 1,
      id: this.#id,
      network: networkNameOf(network),
      state: end?.reason ?? 'running',
      started: this.#started,
      ...(end ? { ended: new Date().toISOString() } : {}),
      seed,
      engine: version,
      spec: hashOf(text),
      epoch: this.#epoch,
      step: end?.step ?? this.#step,
      ...(end?.message === undefined ? {} : { message: end.message }),
    };
    await folder.writeWhole(runFiles.manifest, encodeManifest(manifest));
  }

  async #attempt(part: Part, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#report(part, error);
    }
  }

  #watchLog(): void {
    const failure = this.#open?.log.failure;
    if (failure === undefined) this.#resolve('log');
    else this.#report('log', failure);
  }

  #report(part: Part, error: unknown): void {
    const path = (error as { readonly path?: unknown })?.path;
    const reason = explain(error, typeof path === 'string' ? nameOfHeld(path, this.#path) : this.#path);
    const isNew = !this.#troubles.has(part);
    this.#troubles.set(part, reason);
    if (!isNew) return;
    const message =
      part === 'weights'
        ? l10n.t(
            'The weights could not be saved: {0} Training continues, and the next save tries again.',
            reason,
          )
        : l10n.t('The log of the run could not be written: {0} Training continues.', reason);
    this.#warn('run/not-saved', message);
  }

  #resolve(part: Part): void {
    if (!this.#troubles.delete(part)) return;
    this.#warn(
      'run/saved-again',
      part === 'weights'
        ? l10n.t('The weights are saved again.')
        : l10n.t('The log of the run is written again.'),
    );
  }

  #warn(code: string, message: string): void {
    const event: Warning = { event: 'warning', step: this.#step, code, message };
    this.#open?.log.add(event);
    this.#host.warn(event);
  }

  #withTroubles(end: End): End {
    const reason = this.#troubles.get('weights');
    if (reason === undefined) return end;
    const message = l10n.t('The last save failed: {0}', reason);
    return end.message === undefined
      ? { ...end, message, code: 'run/not-saved' }
      : { ...end, message: `${end.message} ${message}` };
  }

  /** Where the files are or would be. */
  get #path(): string {
    const { target } = this.#about;
    if (this.#place) return pathOf(this.#place);
    return 'output' in target ? target.output : pathOf(runsOf(target.folder, target.network));
  }
}
