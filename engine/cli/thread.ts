/** The thread that a command's run needs. */
import { join } from 'node:path';
import { type EngineThread, startThread } from '../process/thread.ts';

/** What the bundle of the engine exports for the command line. */
export interface CommandLine {
  /** Runs the command that the process was started with. `thread` loads already, for a command that needs one. */
  begin(thread: EngineThread | undefined): void;
}

/** The code of the engine's thread. */
export const workerFile = join(__dirname, 'worker.cjs');

let waiting: EngineThread | undefined;

/** Keeps a thread that loads already. */
export function keepThread(thread: EngineThread | undefined): void {
  waiting = thread;
}

/** For one run. */
export function takeThread(file: string): EngineThread {
  const thread = waiting ?? startThread(file);
  waiting = undefined;
  return thread;
}
