/**
 * A thread that ends the engine's process with a signal, which nothing can delay: soon after the process that started it has
 * ended, or when it uses more memory than allowed. So the system never has to choose a process to end.
 */
import { writeSync } from 'node:fs';

/** Milliseconds between two checks. */
const interval = 100;
/** Milliseconds from the end of the parent to that of this process: time to save small weights. */
const grace = 500;

export interface WatchdogData {
  /** The process that started this one. */
  readonly host: number;
  /** The parent process at the start: the host, unless it had already ended. */
  readonly parent: number;
  /** Bytes of memory that the process may use. */
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
  // Windows keeps the number of a parent that has ended.
  if (process.platform !== 'win32' && process.ppid !== parent) return true;
  try {
    process.kill(host, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** The parent reads this to learn why the process ended. */
function complain(taken: number, limit: number): void {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  try {
    writeSync(2, `netloom: out of memory: ${megabytes(taken)} MB taken, ${megabytes(limit)} MB allowed\n`);
  } catch {
    // There is no reader any more.
  }
}
