/** Moves the runs of a network that got another name, and removes single ones. Neither follows a link, and nothing is replaced. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { linkError, notFolderError } from './errors.ts';
import { folderExists, RunFolder } from './folder.ts';
import { codeOf, type Fs, type HeldFolder, nodeFs } from './fs.ts';
import { inside, type Place, pathOf, runsOf } from './layout.ts';
import { type Life, systemLife } from './life.ts';
import { isHeld, Lock } from './lock.ts';
import { timeOfRunId } from './names.ts';
import { makeHome } from './target.ts';

/** A network's file: its folder and its name in it. */
export interface NetworkFile {
  readonly folder: string;
  readonly network: string;
}

/**
 * Moves the runs of a network to where those of `to` are. A run that is still being written stays, as does one whose place is
 * taken. Returns the new folders of those that were moved, by the earlier ones. Throws ProblemError for a link on the way, or the system's error.
 */
export async function moveRuns(
  from: NetworkFile,
  to: NetworkFile,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<ReadonlyMap<string, string>> {
  const moved = new Map<string, string>();
  const [source, target] = [runsOf(from.folder, from.network), runsOf(to.folder, to.network)];
  if (pathOf(source) === pathOf(target) || !(await folderExists(fs, source))) return moved;
  const ids = (await fs.list(pathOf(source))).filter((name) => timeOfRunId(name) !== undefined);
  if (ids.length === 0) return moved;
  await makeHome(fs, target);
  return holding(fs, [source, target], async ([here, there]) => {
    for (const id of ids.sort()) {
      const [path, next] = [join(here.path, id), join(there.path, id)];
      if ((await fs.look(path))?.kind !== 'folder' || (await isHeld(fs, path, life))) continue;
      if (await fs.look(next)) continue;
      await fs.rename(path, next);
      moved.set(join(pathOf(source), id), join(pathOf(target), id));
    }
    await Promise.all([fs.syncFolder(here.path), fs.syncFolder(there.path)]);
    // Only if nothing is left in it.
    await fs.removeFolder(pathOf(source)).catch(() => undefined);
    return moved;
  });
}

/** Opens folders, and makes sure that no link leads there. */
async function holding<T>(
  fs: Fs,
  places: readonly Place[],
  act: (held: readonly HeldFolder[]) => Promise<T>,
): Promise<T> {
  const held: HeldFolder[] = [];
  try {
    for (const place of places) {
      held.push(await hold(fs, place));
      if (!(await folderExists(fs, place))) throw notFolderError(pathOf(place));
      if ((await fs.look(pathOf(place)))?.identity !== held.at(-1)!.entry.identity)
        throw linkError(pathOf(place));
    }
    return await act(held);
  } finally {
    await Promise.all(held.map((folder) => folder.close()));
  }
}

async function hold(fs: Fs, place: Place): Promise<HeldFolder> {
  try {
    return await fs.hold(pathOf(place), false);
  } catch (error) {
    if (['ELOOP', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw linkError(pathOf(place));
    throw error;
  }
}

/** Throws ProblemError for a run that is still being written, or a link on the way; false if there is no such run. */
export async function mayRemove(
  { folder, network }: NetworkFile,
  id: string,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<boolean> {
  const place = inside(runsOf(folder, network), id);
  if (timeOfRunId(id) === undefined || !(await folderExists(fs, place))) return false;
  await (await Lock.take(fs, pathOf(place), life, token())).release();
  return true;
}

const token = (): string => randomBytes(6).toString('hex');

/**
 * Removes the files of a run for good, and its folder if nothing else is in it. Throws ProblemError for a run that is still
 * being written, or a link on the way.
 */
export async function removeRun(
  { folder, network }: NetworkFile,
  id: string,
  fs: Fs = nodeFs,
  life: Life = systemLife,
): Promise<void> {
  const place = inside(runsOf(folder, network), id);
  if (timeOfRunId(id) === undefined || !(await folderExists(fs, place))) return;
  const mark = token();
  const opened = await RunFolder.open(fs, place, mark);
  try {
    const lock = await Lock.take(fs, opened.within, life, mark, opened.path);
    try {
      await opened.removeTemporaries();
      await opened.removeFiles();
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
  await fs.removeFolder(pathOf(place)).catch(() => undefined);
}
