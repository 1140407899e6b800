/** Runs a job on the command line, on a separate thread, so that Ctrl+C works whatever the run is doing. */

import { constants } from 'node:os';
import { Supervisor } from '../process/supervisor.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { stopWhenUnread } from './terminal.ts';
import { takeThread } from './thread.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** SIGPIPE: the output of the run cannot be written any more. */
type StopSignal = (typeof signals)[number] | 'SIGPIPE';

export interface Outcome {
  readonly end: End;
  /** What stopped the run. */
  readonly signal: StopSignal | undefined;
}

/** The exit code of a command that a signal has stopped. Windows has no SIGPIPE, whose number is 13 elsewhere. */
export const exitCodeOf = (signal: StopSignal): number =>
  128 + (signal === 'SIGPIPE' ? 13 : constants.signals[signal]);

/**
 * Runs a job; the first SIGINT or SIGTERM stops it and saves its weights, the second one ends this process at once. Output that cannot
 * be written any more stops the job in the same way, and `emit` may stop it too.
 */
export async function runStoppably(
  workerFile: string,
  job: Job,
  emit: (event: TrainingEvent, stop: () => void) => void,
): Promise<Outcome> {
  const supervisor: Supervisor = new Supervisor(takeThread(workerFile), {
    emit: (event) => emit(event, () => supervisor.stop()),
  });
  let received: Outcome['signal'];
  const stop = (signal: StopSignal) => {
    received ??= signal;
    for (const name of signals) process.off(name, stop);
    supervisor.stop();
  };
  for (const name of signals) process.on(name, stop);
  const forget = stopWhenUnread(() => stop('SIGPIPE'));
  await supervisor.run({ job });
  const end = await supervisor.settle();
  for (const name of signals) process.off(name, stop);
  forget();
  // A thread in a long call of the runtime would delay this process; then the signal has its default effect.
  if (received !== undefined && !supervisor.isThreadGone)
    process.kill(process.pid, received === 'SIGPIPE' ? 'SIGTERM' : received);
  return { end, signal: received };
}
