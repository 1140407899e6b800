/** Creates the folder that a run writes into: a new one beside a network, or the one that a person named. */
import { dirname, join } from 'node:path';
import { notFolderError } from './errors.ts';
import { makeFolders, removeLeftovers } from './folder.ts';
import { codeOf, type Fs } from './fs.ts';
import { home, inside, type Place, pathOf, runsOf } from './layout.ts';
import type { Life } from './life.ts';
import { isHeld, removeDeadLocks } from './lock.ts';
import { runIdAt, timeOfRunId } from './names.ts';

/** `network` is a file name in `folder`, beside which each run gets a folder; `output` is a folder for this one run. */
export type RunTarget = { readonly folder: string; readonly network: string } | { readonly output: string };

export interface MadeFolder {
  readonly place: Place;
  /** Folders that were created for it, outermost first. */
  readonly made: readonly string[];
}

/** `again`: the place of this run if its folder was removed. Throws ProblemError or the system's error. */
export async function makeRunFolder(
  fs: Fs,
  target: RunTarget,
  life: Life,
  again?: Place,
): Promise<MadeFolder> {
  if ('output' in target) {
    const made = await makeRoot(fs, target.output);
    return { place: { root: target.output, below: [] }, made };
  }
  if (again) return { place: again, made: await makeHome(fs, again) };
  const parent = runsOf(target.folder, target.network);
  const made = await makeHome(fs, parent);
  const ids = (await fs.list(pathOf(parent))).filter((name) => timeOfRunId(name) !== undefined);
  for (const id of ids) await tidyUp(fs, join(pathOf(parent), id), life);
  const place = await makeNewest(fs, parent, ids);
  return { place, made: [...made, pathOf(place)] };
}

/** Removes empty folders, innermost first. */
export async function removeMade(fs: Fs, made: readonly string[]): Promise<void> {
  for (const path of [...made].reverse()) await fs.removeFolder(path).catch(() => undefined);
}

/** A new folder whose id is later than all others, even if the clock was set back in the meantime. */
async function makeNewest(fs: Fs, parent: Place, ids: readonly string[]): Promise<Place> {
  const now = Date.now();
  const times = ids.map((id) => timeOfRunId(id)!).filter((time) => time < now + longestAhead);
  const first = Math.max(now, ...times.map((time) => time + 1));
  for (let time = first; ; time++) {
    const place = inside(parent, runIdAt(time));
    try {
      await fs.makeFolder(pathOf(place));
      await fs.syncFolder(pathOf(parent));
      return place;
    } catch (error) {
      // No more runs than this start at once, so another error must be the cause.
      if (codeOf(error) !== 'EEXIST' || time - first === 100) throw error;
    }
  }
}

/** Milliseconds: an id further in the future is not from a clock. */
const longestAhead = 366 * 24 * 3_600_000;

/** Git ignores what is in `.netloom`. A file that is there already is the person's. */
export async function makeHome(fs: Fs, place: Place): Promise<readonly string[]> {
  const made = await makeFolders(fs, place);
  const folder = join(place.root, home);
  if (made.includes(folder))
    try {
      const file = await fs.create(join(folder, '.gitignore'));
      await file.write(Buffer.from('*\n'));
      await file.close();
    } catch {
      // Runs work without it.
    }
  return made;
}

/** Like `mkdir -p`, but returns the folders that were created. The path may lead through links, because the person chose it. */
async function makeRoot(fs: Fs, path: string): Promise<readonly string[]> {
  try {
    await fs.makeFolder(path);
    await fs.syncFolder(dirname(path));
    return [path];
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      const made = await makeRoot(fs, dirname(path));
      return [...made, ...(await makeRoot(fs, path))];
    }
    if (code !== 'EEXIST') throw error;
    try {
      await fs.list(path);
    } catch (notListed) {
      if (['ENOTDIR', 'ENOENT'].includes(codeOf(notListed) ?? '')) throw notFolderError(path);
      throw notListed;
    }
    return [];
  }
}

/** Milliseconds: a folder younger than this may belong to a run that is starting. */
const movingIn = 60_000;

/** Removes incomplete files of a run that was cut off. */
async function tidyUp(fs: Fs, path: string, life: Life): Promise<void> {
  try {
    const entry = await fs.look(path);
    if (entry?.kind !== 'folder' || Math.abs(Date.now() - entry.modified) < movingIn) return;
    if (await isHeld(fs, path, life)) return;
    await removeDeadLocks(fs, path, life);
    await removeLeftovers(fs, path);
    await fs.removeFolder(path);
  } catch {
    // Most folders are not empty, and a run can start even if old ones cannot be cleaned up.
  }
}
