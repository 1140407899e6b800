/** The entry of the command line: starts the thread that a run needs, then loads the commands beside it. */
import { join } from 'node:path';
import { loadBundle } from '../process/compiledCode.ts';
import { startThread } from '../process/thread.ts';
import type { CommandLine } from './thread.ts';

/** Other commands, and those with options before them, start a thread when they need one. */
const commandsThatRun = ['train', 'evaluate', 'diagnose', 'try', 'repair', 'preflight'];

const thread = commandsThatRun.includes(process.argv[2])
  ? startThread(join(__dirname, 'worker.cjs'))
  : undefined;
loadBundle<CommandLine>(join(__dirname, 'whole.cjs')).begin(thread);
