/** Which processes are alive: how the owner of a lock proves that it is, even if its process number is used again. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './fs.ts';

export interface Owner {
  /** Eight hexadecimal digits for the machine since it was started, and its space of process numbers. */
  readonly host: string;
  readonly process: number;
  /** When the process began, in ticks of the system's clock; 0 where the system does not say. */
  readonly began: number;
}

export interface Life {
  readonly self: Owner;
  /** `silence`: milliseconds since the owner's last heartbeat, by the clock of the file system. */
  isAlive(owner: Owner, silence: number): boolean;
}

/** Milliseconds between two heartbeats. */
export const heartbeat = 5_000;
/** An owner on another machine that has been silent this long is assumed to be dead. */
const silenceAfar = 10 * 60_000;
/**
 * Likewise an owner whose process number may by now belong to another process. A single step may delay heartbeats for
 * minutes.
 */
const silenceUnsure = 30 * 60_000;

export const systemLife: Life = {
  self: { host: hostIdentity(), process: process.pid, began: beginOf(process.pid) ?? 0 },
  isAlive(owner, silence) {
    if (owner.host !== this.self.host) return silence < silenceAfar;
    if (!processExists(owner.process)) return false;
    if (owner.began === 0) return silence < silenceUnsure;
    const began = beginOf(owner.process);
    return began === undefined ? silence < silenceUnsure : began === owner.began;
  },
};

function hostIdentity(): string {
  const parts = [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}

function processExists(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process, but a process.
    return codeOf(error) === 'EPERM';
  }
}

/** From Linux's table of processes: its 22nd field. -1 for a process that is dead and not yet buried. */
function beginOf(id: number): number | undefined {
  const line = attempt(() => readFileSync(`/proc/${id}/stat`, 'utf8'));
  // The second field is a name in parentheses that may itself hold blanks and parentheses.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  if (!fields) return undefined;
  return 'ZX'.includes(fields[0]) ? -1 : Number(fields[19]);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
