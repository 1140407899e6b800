/**
 * The thread of a command's run. Import this file first: a command that runs a network then loads the thread while it loads its
 * own code.
 */
import { join } from 'node:path';
import { type EngineThread, startThread } from '../process/thread.ts';

/** The code of the engine's thread. */
export const workerFile = join(__dirname, 'worker.cjs');

/** Other commands, and commands after an option, start a thread when they need one. */
const commandsThatRun = ['train', 'evaluate', 'diagnose', 'try', 'repair', 'preflight'];

let waiting = commandsThatRun.includes(process.argv[2]) ? startThread(workerFile) : undefined;

/** For one run. */
export function takeThread(file: string): EngineThread {
  const thread = waiting ?? startThread(file);
  waiting = undefined;
  return thread;
}
