/**
 * One run at a time in a folder. Each run that wants a folder writes its own lock file, whose name identifies it, and
 * then looks for other locks. Of two runs that start at once, the later one sees the earlier one, so never both
 * continue. No lock is ever taken from its owner: a lock is removed only if its file is there and its owner is dead, because
 * then nobody creates it again. A living owner may have removed its lock a moment ago and be creating it again.
 */
import { join } from 'node:path';
import { inUseError } from './errors.ts';
import { codeOf, type Fs } from './fs.ts';
import { heartbeat, type Life, type Owner } from './life.ts';

const pattern = /^lock\.([0-9a-f]{8})\.(\d{1,10})\.(\d{1,15})\.([0-9a-f]{12})$/;

const lockName = ({ host, process, began }: Owner, token: string): string =>
  `lock.${host}.${process}.${began}.${token}`;

interface Found extends Owner {
  readonly path: string;
}

/** Number of further checks of a run that found another one, which may have found this one and given up. */
const attempts = 6;

export class Lock {
  readonly #fs: Fs;
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(fs: Fs, path: string) {
    this.#fs = fs;
    this.#path = path;
    this.#timer = setInterval(() => void fs.touch(path).catch(() => undefined), heartbeat).unref();
  }

  /**
   * `name` is that of the folder, for messages. Throws ProblemError if a living run holds the folder, or the system's error.
   */
  static async take(fs: Fs, folder: string, life: Life, token: string, name = folder): Promise<Lock> {
    const path = join(folder, lockName(life.self, token));
    for (let attempt = 1; ; attempt++) {
      // A run that checks before it writes its lock does not make a third run give up.
      let [other] = await livingOwners(fs, folder, life, path);
      if (!other) {
        const file = await fs.create(path);
        try {
          await file.close();
          [other] = await livingOwners(fs, folder, life, path);
          if (!other) return new Lock(fs, path);
        } catch (error) {
          await fs.remove(path).catch(() => undefined);
          throw error;
        }
        await fs.remove(path);
      }
      if (attempt === attempts) throw inUseError(name, other.process);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** attempt * 2));
    }
  }

  /** Takes over the lock of a thread of this process that has ended. */
  static adopt(fs: Fs, folder: string, life: Life, token: string): Lock {
    return new Lock(fs, join(folder, lockName(life.self, token)));
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#fs.remove(this.#path).catch(() => undefined);
  }
}

/** Whether a living run holds a folder. Changes nothing. */
export const isHeld = async (fs: Fs, folder: string, life: Life): Promise<boolean> => {
  const locks = await locksIn(fs, folder);
  for (const lock of locks) if ((await stateOf(fs, lock, life)) === 'alive') return true;
  return false;
};

/** Removes the locks of runs that were cut off. */
export async function removeDeadLocks(fs: Fs, folder: string, life: Life): Promise<void> {
  await livingOwners(fs, folder, life);
}

/** Reads the locks in a folder except `own`, and removes dead ones. */
async function livingOwners(fs: Fs, folder: string, life: Life, own?: string): Promise<Owner[]> {
  const living: Owner[] = [];
  for (const lock of await locksIn(fs, folder)) {
    if (lock.path === own) continue;
    const state = await stateOf(fs, lock, life);
    if (state === 'alive') living.push(lock);
    if (state === 'dead') await fs.remove(lock.path).catch(() => undefined);
  }
  return living;
}

async function locksIn(fs: Fs, folder: string): Promise<Found[]> {
  let names: string[];
  try {
    names = await fs.list(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => {
    const found = pattern.exec(name);
    if (!found) return [];
    return [{ path: join(folder, name), host: found[1], process: Number(found[2]), began: Number(found[3]) }];
  });
}

async function stateOf(fs: Fs, lock: Found, life: Life): Promise<'alive' | 'dead' | 'gone'> {
  const entry = await fs.look(lock.path);
  if (!entry) return 'gone';
  // A link with the name of a lock is not ours, and must not keep runs out.
  if (entry.kind !== 'file') return 'dead';
  // A time in the future comes from another clock, or from a dead owner.
  return life.isAlive(lock, Math.abs(Date.now() - entry.modified)) ? 'alive' : 'dead';
}
