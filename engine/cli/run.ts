/** Runs a job on the command line, on a separate thread, so that Ctrl+C works whatever the run is doing. */

import { Supervisor } from '../process/supervisor.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { takeThread } from './thread.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

export interface Outcome {
  readonly end: End;
  /** The signal that stopped the run. */
  readonly signal: (typeof signals)[number] | undefined;
}

/** Runs a job; the first SIGINT or SIGTERM stops it and saves its weights, the second one ends this process at once. `emit` may stop it too. */
export async function runStoppably(
  workerFile: string,
  job: Job,
  emit: (event: TrainingEvent, stop: () => void) => void,
): Promise<Outcome> {
  const supervisor: Supervisor = new Supervisor(takeThread(workerFile), {
    emit: (event) => emit(event, () => supervisor.stop()),
  });
  let received: Outcome['signal'];
  const stop = (signal: (typeof signals)[number]) => {
    received = signal;
    for (const name of signals) process.off(name, stop);
    supervisor.stop();
  };
  for (const name of signals) process.on(name, stop);
  await supervisor.run({ job });
  const end = await supervisor.settle();
  for (const name of signals) process.off(name, stop);
  // A thread in a long call of the runtime would delay this process; then the signal has its default effect.
  if (received !== undefined && !supervisor.isThreadGone) process.kill(process.pid, received);
  return { end, signal: received };
}
