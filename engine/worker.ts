/** The engine as a worker thread: hears jobs and "stop" over the channel, runs one job at a time. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { loadBackend } from './kernels/wasm/load.ts';
import { Channel } from './protocol/channel.ts';
import type { EngineToHost, HostToEngine, Job } from './protocol/training.ts';
import { runJob } from './train/session.ts';

const port = parentPort;
if (!port) throw new Error('internal error: engine/worker.ts must run in a worker thread');

const { l10nContents } = (workerData ?? {}) as { l10nContents?: { [message: string]: string } };
if (l10nContents) l10n.config({ contents: l10nContents });

let stopRequested = false;
let running: Promise<unknown> | undefined;

const channel: Channel<EngineToHost, HostToEngine> = new Channel<EngineToHost, HostToEngine>(
  {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
  },
  {
    run: (job: Job) => {
      if (running) throw new Error(l10n.t('a run is already under way in this worker.'));
      stopRequested = false;
      const ended = runJob(job, {
        openBackend: (threads, planBytes) => loadBackend(join(__dirname, 'kernels'), threads, planBytes),
        now: () => performance.now(),
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
        get stopRequested() {
          return stopRequested;
        },
        emit: (event) => channel.send('event', event),
      }).finally(() => {
        running = undefined;
      });
      running = ended;
      return ended;
    },
    stop: async () => {
      stopRequested = true;
      await running;
    },
  },
);
