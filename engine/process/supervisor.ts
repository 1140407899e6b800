/**
 * Runs a job on a separate thread, and finishes its files. The worker thread can be ended at any moment, whatever it is
 * computing, and can fail for any reason. Its weights are in shared memory, from which this thread saves them. This thread
 * computes nothing, so it always answers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { Channel } from '../protocol/channel.ts';
import { type Cause, causeOfError, causeOfExit, crashMessage } from '../protocol/crash.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Order } from '../protocol/training.ts';
import { RunWriter } from '../runs/writer.ts';
import type { Commits } from '../train/commits.ts';
import { finishRun, type Kept } from '../train/kept.ts';
import type { EngineThread } from './thread.ts';
import type { SupervisorToWorker, WorkerToSupervisor } from './worker.ts';

/** Milliseconds between two checks of a commit that a stop waits for. */
const commitPause = 1;
/** Milliseconds. A thread in one long call of the runtime ends only after that call, and changes nothing until then. */
const terminatePatience = 500;

type Outcome =
  /** The job's own end, with all files written. */
  | { readonly how: 'ended'; readonly end: End }
  | { readonly how: 'died'; readonly cause: Cause }
  | { readonly how: 'stopped'; readonly cutOff: boolean };

export interface SupervisorHost {
  emit(event: TrainingEvent): void;
}

export class Supervisor {
  readonly #worker: Worker;
  readonly #commits: Commits;
  readonly #died: Promise<Cause>;
  #stop: (cutOff: boolean) => void = () => undefined;
  readonly #stopped = new Promise<boolean>((resolve) => {
    this.#stop = resolve;
  });
  #kept: Kept | undefined;
  #channel: Channel<SupervisorToWorker, WorkerToSupervisor> | undefined;
  /** The sample for details, from 1, if it was chosen before the run began. */
  #sample: number | undefined;
  #isThreadGone = false;
  /** The run, including everything that is written after it, if a run has begun. */
  #settled: Promise<End> = Promise.resolve(stoppedAt(0));

  /** The end of a thread that has had no job yet. */
  constructor(
    { worker, commits }: EngineThread,
    readonly host: SupervisorHost,
  ) {
    this.#worker = worker;
    this.#commits = commits;
    this.#died = deathOf(worker);
    worker.once('exit', () => {
      this.#isThreadGone = true;
    });
  }

  /** Resolves with the end event, before everything is saved. Never rejects. Call it once. */
  run(order: Order): Promise<End> {
    const run = this.#run(order);
    this.#settled = run.then(({ end, worker }) => (worker ? this.#rescue(worker, end) : end));
    return run.then(({ end }) => end);
  }

  async #run(order: Order): Promise<{ readonly end: End; readonly worker?: Worker }> {
    if (order.translations) l10n.config({ contents: order.translations });
    const worker = this.#worker;
    worker.ref();
    const died = this.#died;
    const stopped = this.#stopped.then(async (cutOff): Promise<Outcome> => {
      await this.#closeCommits(died);
      return { how: 'stopped', cutOff };
    });
    const outcome = await Promise.race([
      died.then((cause): Outcome => ({ how: 'died', cause })),
      stopped,
      this.#answerOf(worker, order),
    ]);
    if (outcome.how !== 'ended') return { end: this.#endOf(outcome), worker };
    await worker.terminate();
    return { end: outcome.end };
  }

  /** Ends the run between two commits. `cutOff` says that no person asked for it: the host is gone, or its window closes. */
  stop(cutOff = false): void {
    this.#stop(cutOff);
  }

  /** From its next detailed measurement on, the training shows the maps of this sample, counted from 1. */
  chooseSample(sample: number): void {
    this.#sample = sample;
    this.#channel?.send('sample', { sample });
  }

  /** Resolves when all files are written, with the end event and with what could not be written. Never rejects. */
  settle(): Promise<End> {
    return this.#settled;
  }

  /** False while the thread has been asked to end but is still in a long call of the runtime. */
  get isThreadGone(): boolean {
    return this.#isThreadGone;
  }

  async #answerOf(worker: Worker, order: Order): Promise<Outcome> {
    const channel = new Channel<SupervisorToWorker, WorkerToSupervisor>(
      {
        post: (message) => worker.postMessage(message),
        onMessage: (listener) => worker.on('message', listener),
      },
      {
        events: (events) => {
          // The end counts only with the answer, because then all files are written.
          for (const event of events)
            if (event.event !== 'end' && !this.#commits.isClosed) this.host.emit(event);
        },
        keep: (kept) => {
          this.#kept = kept;
        },
      },
    );
    this.#channel = channel;
    if (this.#sample !== undefined) channel.send('sample', { sample: this.#sample });
    try {
      return { how: 'ended', end: await channel.request('run', order) };
    } catch (error) {
      return { how: 'died', cause: causeOfError(error as Error) };
    }
  }

  /** Resolves when no commit can begin any more, or the thread is dead. */
  async #closeCommits(died: Promise<unknown>): Promise<void> {
    let isDead = false;
    void died.then(() => {
      isDead = true;
    });
    while (!isDead && !this.#commits.close()) await delay(commitPause);
  }

  #endOf(outcome: Exclude<Outcome, { readonly how: 'ended' }>): End {
    const { step, betterEpoch } = this.#commits;
    const restored = betterEpoch === undefined ? {} : { restoredEpoch: betterEpoch };
    if (outcome.how === 'stopped')
      return { ...stoppedAt(step), ...(outcome.cutOff ? { cutOff: true } : {}), ...restored };
    const { code } = outcome.cause;
    const message = crashMessage(step, outcome.cause);
    return { event: 'end', reason: 'failed', step, message, code, path: [], ...restored };
  }

  /** Finishes the files of a run instead of its thread. */
  async #rescue(worker: Worker, end: End): Promise<End> {
    // The answer is sent first, because checking and copying large weights takes a while.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.race([worker.terminate(), late(terminatePatience)]);
    if (!this.#kept) return end;
    const files = await RunWriter.takeOver(this.#kept.handover, { warn: (event) => this.host.emit(event) });
    return finishRun(files, this.#kept, this.#commits, end);
  }
}

const stoppedAt = (step: number): End => ({ event: 'end', reason: 'stopped', step });

/** Resolves after this many milliseconds. Does not keep the process alive. */
const late = (milliseconds: number): Promise<void> => delay(milliseconds, undefined, { ref: false });

/**
 * Resolves when the thread has ended, for whatever reason. An error that nobody catches is reported a moment before the thread ends,
 * and until then it trains on: only its end says which step was the last, and that all its messages are here.
 */
function deathOf(worker: Worker): Promise<Cause> {
  return new Promise((resolve) => {
    let cause: Cause | undefined;
    // Anything may be thrown, not only an Error.
    worker.on('error', (error: unknown) => {
      cause = causeOfError(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', (code) => resolve(cause ?? causeOfExit(code)));
  });
}
