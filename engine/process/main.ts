/**
 * The engine as a separate process: `engine.cjs WORKER MEMORY_LIMIT HOST`, started by the extension host with a channel
 * to it. This thread only supervises; the run computes on a worker thread. V8 flags for all threads must be set here,
 * before the first thread starts.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Channel } from '../protocol/channel.ts';
import { checked } from '../protocol/messages.ts';
import { type EngineToHost, type HostToEngine, hostToEngine } from '../protocol/training.ts';
import { Outbox } from './outbox.ts';
import { Supervisor } from './supervisor.ts';
import { startThread } from './thread.ts';
import { type WatchdogData, watch } from './watchdog.ts';

/** Limit of the worker's JavaScript heap, in MB. Tensors live outside of it, in array buffers. */
const heapLimit = 2048;
/** Bytes that a process needs in addition to its heap, data and tensors: code, stacks, the runtime. */
const overhead = 256 * 2 ** 20;

if (isMainThread) supervise(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));
else watch(workerData as WatchdogData);

/**
 * `host` is the process number of the host. It is passed on because the host may have ended before this process could query its
 * parent.
 */
function supervise(workerFile: string, memoryLimit: number, host: number): void {
  const watchdogData: WatchdogData = {
    host,
    parent: process.ppid,
    memoryLimit: memoryLimit + heapLimit * 2 ** 20 + overhead,
  };
  new Worker(__filename, { workerData: watchdogData }).unref();
  offerToTheSystem();

  const outbox = new Outbox((events) => channel.request('events', { events }));
  const supervisor = new Supervisor(startThread(workerFile, { maxOldGenerationSizeMb: heapLimit }), {
    emit: (event) => {
      if (event.event !== 'end') outbox.add(event);
    },
  });
  const channel: Channel<EngineToHost, HostToEngine> = new Channel<EngineToHost, HostToEngine>(
    {
      post: (message) => {
        // Errors are ignored, because a host that has ended needs no events.
        if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
      },
      onMessage: (listener) => process.on('message', listener),
    },
    checked(
      hostToEngine,
      {
        run: async (order) => {
          const end = await supervisor.run(order);
          outbox.flush();
          return end;
        },
        stop: ({ cutOff }) => supervisor.stop(cutOff),
        chooseSample: ({ sample }) => supervisor.chooseSample(sample),
        settle: () => supervisor.settle(),
      },
      (reason) => console.error(reason),
    ),
  );

  channel.send('ready', {});

  // The host has ended or no longer needs this process. Save the run; the watchdog ends the process if that takes long.
  process.on('disconnect', () => {
    supervisor.stop(true);
    void supervisor.settle().then(() => process.kill(process.pid, 'SIGKILL'));
  });
}

/** If the system must end a process to free memory, it should end this one and not the editor. */
function offerToTheSystem(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Without this file, or without permission, the system chooses.
  }
}
