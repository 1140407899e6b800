/**
 * Reads runs on disk: which ones exist, how each ended, and the contents of their files. It writes nothing. Files may come from
 * a stranger, so links, devices and files of any size are expected, and text is only ever treated as text.
 */

import { constants } from 'node:buffer';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { EndReason, EventOfKind, TrainingEvent } from '../protocol/events.ts';
import { readEvent } from '../protocol/eventText.ts';
import { savedEpoch } from '../protocol/verdict.ts';
import { ProblemError } from '../schema/problem.ts';
import { bytesText } from '../schema/text.ts';
import { linkError, notFileError } from './errors.ts';
import { folderExists } from './folder.ts';
import { codeOf, type Fs, nodeFs, type OpenFile } from './fs.ts';
import { inside, type Place, pathOf, runFiles, runsOf, weightsPath } from './layout.ts';
import { type Life, systemLife } from './life.ts';
import { headAndTail } from './lines.ts';
import { isHeld } from './lock.ts';
import { logLimit } from './log.ts';
import { decodeManifest, longestManifest, type Manifest } from './manifest.ts';
import { timeOfRunId } from './names.ts';

/** The most bytes that are read of a log: enough for every log that Netloom writes. */
const longestLog = logLimit + 2 ** 20;
const longestSpec = 8 * 2 ** 20;
/** Bytes at the end of a log that are searched for its last epoch and its end. */
const summaryTail = 2 ** 18;

export interface RunSummary {
  readonly folder: string;
  /**
   * A cut-off run was stopped because its window was closed; or it has no end event and nobody locks its folder: it was
   * killed, or its machine stopped.
   */
  readonly state: 'running' | EndReason | 'cut off';
  /** The last complete epoch and the last step in the log; 0 if there is none. */
  readonly epoch: number;
  readonly step: number;
  /** Time of the last write to the log. */
  readonly heard: Date;
  /** What was planned; undefined if the run failed before. */
  readonly plan: EventOfKind<'plan'> | undefined;
  /** The epoch whose weights are kept; undefined before the first one was completed. */
  readonly result: EventOfKind<'epoch'> | undefined;
  /** Undefined if it cannot be read. */
  readonly manifest: Manifest | undefined;
  /** How it ended; undefined if its log does not say. Its message may come from a stranger. */
  readonly end: EventOfKind<'end'> | undefined;
}

/** Folders of a network's runs, newest first. Throws ProblemError for a link in the path. */
async function runFolders(folder: string, network: string, fs: Fs = nodeFs): Promise<string[]> {
  const place = runsOf(folder, network);
  if (!(await folderExists(fs, place))) return [];
  const ids = (await fs.list(pathOf(place))).filter((name) => timeOfRunId(name) !== undefined);
  const found: string[] = [];
  for (const id of ids.sort().reverse())
    if (await isFolder(fs, inside(place, id))) found.push(pathOf(inside(place, id)));
  return found;
}

async function isFolder(fs: Fs, place: Place): Promise<boolean> {
  return (await fs.look(pathOf(place)))?.kind === 'folder';
}

/** The newest run of a network that has a log; undefined if there is none. */
export async function newestRun(
  folder: string,
  network: string,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<RunSummary | undefined> {
  for (const path of await runFolders(folder, network, fs)) {
    const summary = await describeRun(path, fs, life);
    if (summary) return summary;
  }
  return undefined;
}

/** Up to `most` runs of a network that have a log, newest first. Throws ProblemError for a link on the way. */
export async function allRuns(
  folder: string,
  network: string,
  most: number,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  for (const path of await runFolders(folder, network, fs)) {
    if (found.length === most) break;
    const summary = await describeRun(path, fs, life);
    if (summary) found.push(summary);
  }
  return found;
}

/**
 * Folder of the newest run of a network whose weights can be used; undefined if there is none. Weights of a run that failed in
 * its first epoch come after all others.
 */
export async function newestWeights(
  folder: string,
  network: string,
  fs: Fs = nodeFs,
): Promise<string | undefined> {
  let poor: string | undefined;
  for (const path of await runFolders(folder, network, fs)) {
    if (!(await hasWeights(fs, path))) continue;
    const manifest = await readManifest(fs, path);
    if (manifest?.state !== 'failed' || manifest.epoch > 0) return path;
    poor ??= path;
  }
  return poor;
}

export const hasWeights = async (fs: Fs, folder: string): Promise<boolean> =>
  (await fs.look(weightsPath(folder)))?.kind === 'file';

/** The state of a run; undefined for a folder without a readable log. */
export async function describeRun(
  folder: string,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<RunSummary | undefined> {
  // Checked before the log is read, so that the end of a run that ends in between is seen.
  const isRunning = await isHeld(fs, folder, life);
  let [step, heard] = [0, new Date(0)];
  let plan: EventOfKind<'plan'> | undefined;
  let end: EventOfKind<'end'> | undefined;
  const epochs: EventOfKind<'epoch'>[] = [];
  try {
    const file = await openFile(fs, join(folder, runFiles.log));
    if (!file) return undefined;
    try {
      heard = new Date((await file.entry()).modified);
      for await (const line of headAndTail(file, summaryTail)) {
        const event = readEvent(line);
        if (event?.event === 'plan') plan = event;
        if (event?.event === 'epoch') epochs.push(event);
        if (event && 'step' in event) step = event.step;
        if (event?.event === 'end') end = event;
      }
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
  const manifest = await readManifest(fs, folder);
  return {
    folder,
    state: end ? (end.cutOff ? 'cut off' : end.reason) : isRunning ? 'running' : 'cut off',
    epoch: Math.max(epochs.at(-1)?.epoch ?? 0, manifest?.epoch ?? 0),
    step,
    heard,
    plan,
    result: savedEpoch(epochs, end?.restoredEpoch),
    manifest,
    end,
  };
}

/** The readable events of a run's log, in order. Of a long log, the beginning and the end are read. Throws ProblemError. */
export async function* readEvents(folder: string, fs: Fs = nodeFs): AsyncGenerator<TrainingEvent> {
  const file = await openFile(fs, join(folder, runFiles.log));
  if (!file) return;
  try {
    for await (const line of headAndTail(file, longestLog)) {
      const event = readEvent(line);
      if (event) yield event;
    }
  } finally {
    await file.close();
  }
}

/** The spec with which the run was started; undefined if it is missing. Throws ProblemError. */
export async function readSpec(folder: string, fs: Fs = nodeFs): Promise<string | undefined> {
  return (await readWhole(fs, join(folder, runFiles.spec), longestSpec))?.toString();
}

export async function readManifest(fs: Fs, folder: string): Promise<Manifest | undefined> {
  try {
    const bytes = await readWhole(fs, join(folder, runFiles.manifest), longestManifest);
    return bytes && decodeManifest(bytes.toString());
  } catch {
    return undefined;
  }
}

/** The weights of a run, at most `limit` bytes; undefined if there are none. Throws ProblemError or the system's error. */
export const readWeightsFile = (
  folder: string,
  limit: number,
  fs: Fs = nodeFs,
): Promise<Buffer | undefined> => readWhole(fs, weightsPath(folder), Math.min(limit, constants.MAX_LENGTH));

async function readWhole(fs: Fs, path: string, limit: number): Promise<Buffer | undefined> {
  const file = await openFile(fs, path);
  if (!file) return undefined;
  try {
    const { size } = await file.entry();
    if (size > limit)
      throw new ProblemError(
        'run/too-large',
        l10n.t(
          '{0} has {1}, but at most {2} of such a file are read. If it comes from a training of yours, raise the memory limit; otherwise delete it.',
          path,
          bytesText(size),
          bytesText(limit),
        ),
        [],
      );
    const bytes = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const count = await file.read(bytes.subarray(read, read + readSize), read);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

/** Node reads at most 2 GiB at once. */
const readSize = 2 ** 30;

/** Opens an ordinary file; undefined if there is none. */
async function openFile(fs: Fs, path: string): Promise<OpenFile | undefined> {
  const entry = await fs.look(path);
  if (!entry) return undefined;
  if (entry.kind === 'link') throw linkError(path);
  if (entry.kind !== 'file') throw notFileError(path);
  let file: OpenFile;
  try {
    file = await fs.openToRead(path);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw linkError(path);
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  if ((await file.entry()).identity === entry.identity) return file;
  // The file has been replaced since it was checked.
  await file.close();
  throw notFileError(path);
}
