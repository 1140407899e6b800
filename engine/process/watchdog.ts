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
  readonly parent: number;
  /** Bytes of memory the process may take. */
  readonly memoryLimit: number;
}

export function watch({ parent, memoryLimit }: WatchdogData): void {
  let orphanedSince = Number.POSITIVE_INFINITY;
  setInterval(() => {
    const now = performance.now();
    if (orphanedSince === Number.POSITIVE_INFINITY && !isParent(parent)) orphanedSince = now;
    const taken = process.memoryUsage.rss();
    if (taken > memoryLimit) complain(taken, memoryLimit);
    if (taken > memoryLimit || now - orphanedSince >= grace) process.kill(process.pid, 'SIGKILL');
  }, interval);
}

function isParent(pid: number): boolean {
  if (process.platform !== 'win32') return process.ppid === pid;
  // Windows keeps the number of a parent that is gone.
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
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
