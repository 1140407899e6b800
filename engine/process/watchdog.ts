/**
 * A thread that ends the engine's process with a signal, which nothing can hold up: soon after the process that started it
 * is gone, and when it takes more memory than it may. The system then never has to choose a victim of its own.
 */
import { writeSync } from 'node:fs';

/** Milliseconds between two looks. */
const interval = 100;
/** Milliseconds from the parent's end to ours: time to save small weights. */
const grace = 500;

export interface WatchdogData {
  /** Who started us. */
  readonly host: number;
  /** Our parent when we began: the host, unless that was gone already. */
  readonly parent: number;
  /** Bytes of memory the process may take. */
  readonly memoryLimit: number;
}

export function watch({ host, parent, memoryLimit }: WatchdogData): void {
  let orphanedSince = Number.POSITIVE_INFINITY;
  setInterval(() => {
    const now = performance.now();
    if (orphanedSince === Number.POSITIVE_INFINITY && isOrphan(host, parent)) orphanedSince = now;
    const taken = process.memoryUsage.rss();
    if (taken > memoryLimit) complain(taken, memoryLimit);
    if (taken > memoryLimit || now - orphanedSince >= grace) process.kill(process.pid, 'SIGKILL');
  }, interval);
}

function isOrphan(host: number, parent: number): boolean {
  // Windows keeps the number of a parent that is gone.
  if (process.platform !== 'win32' && process.ppid !== parent) return true;
  try {
    process.kill(host, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Our parent reads this and knows why we ended. */
function complain(taken: number, limit: number): void {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  try {
    writeSync(2, `netloom: out of memory: ${megabytes(taken)} MB taken, ${megabytes(limit)} MB allowed\n`);
  } catch {
    // Nobody reads any more.
  }
}
