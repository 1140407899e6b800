/** Determines which processes are alive, so that the owner of a lock can prove it, even if its process number is used again. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './fs.ts';

export interface Owner {
  /** Eight hexadecimal digits that identify the machine since its start and its namespace of process numbers. */
  readonly host: string;
  readonly process: number;
  /** Start time of the process, in ticks of the system's clock; 0 if the system does not provide it. */
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
 * Likewise for an owner whose process number may belong to another process now. A single step may delay heartbeats for minutes.
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
    // The process belongs to another user, but it is alive.
    return codeOf(error) === 'EPERM';
  }
}

/** From the 22nd field of Linux's process table. -1 for a zombie process. */
function beginOf(id: number): number | undefined {
  const line = attempt(() => readFileSync(`/proc/${id}/stat`, 'utf8'));
  // The second field is a name in parentheses that may contain blanks and parentheses.
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
