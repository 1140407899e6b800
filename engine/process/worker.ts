/** The engine's thread: runs one job over the channel to its supervisor, which ends it. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { tasks } from '../api.ts';
import { loadBackend } from '../kernels/wasm/load.ts';
import { Channel } from '../protocol/channel.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Order } from '../protocol/training.ts';
import { Commits } from '../train/commits.ts';
import { threadHost } from '../train/host.ts';
import type { Kept } from '../train/kept.ts';
import { EventBundle } from './eventBundle.ts';
import { verifiedBuilds } from './verifiedBuilds.ts';

export interface WorkerData {
  /** Memory of the run's commits. */
  readonly commits: SharedArrayBuffer;
}

export type SupervisorToWorker = {
  /** Resolves when the run has ended normally and all files are written. */
  run: (order: Order) => End;
  /** The sample, from 1, whose maps the training shows from now on. */
  sample: { readonly sample: number };
};

export type WorkerToSupervisor = {
  events: readonly TrainingEvent[];
  /** From now on, the supervisor can save these. */
  keep: Kept;
};

const kernels = join(__dirname, 'kernels');

/** Waits for a job. `startWorker.ts` calls this in the thread. */
export function serve(): void {
  const port = parentPort;
  if (!port) throw new Error('internal error: the engine must be served in a worker thread');
  const { commits } = workerData as WorkerData;

  /** The sample for details, from 1, if it was chosen after the job was sent. */
  let chosen: number | undefined;

  const channel: Channel<WorkerToSupervisor, SupervisorToWorker> = new Channel<
    WorkerToSupervisor,
    SupervisorToWorker
  >(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', listener),
    },
    {
      run: ({ job, translations }: Order) => {
        if (translations) l10n.config({ contents: translations });
        const bundle = new EventBundle((events) => channel.send('events', events));
        const end = tasks[job.task](job, {
          ...threadHost,
          yield: () => {
            bundle.send();
            return threadHost.yield();
          },
          sample: () => chosen ?? job.sample,
          // More threads than cores would only wait for each other.
          openBackend: (threads, planBytes) =>
            loadBackend(
              kernels,
              Math.min(threads, availableParallelism()),
              planBytes,
              job.wide !== 'off',
              verifiedBuilds(kernels),
            ),
          emit: (event) => bundle.add(event),
          commits: new Commits(commits),
          keep: (kept) => channel.send('keep', kept),
        });
        return end.finally(() => bundle.send());
      },
      sample: ({ sample }) => {
        chosen = sample;
      },
    },
  );
}
