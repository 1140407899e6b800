/**
 * One run on a thread of its own, and what its end leaves behind. The thread can be ended at any moment, whatever it is
 * computing, and can die of anything: its weights are in shared memory, from where they are saved here. This thread
 * computes nothing, so that it always answers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { Channel } from '../protocol/channel.ts';
import { type Cause, causeOfError, causeOfExit, crashMessage } from '../protocol/crash.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Order } from '../protocol/training.ts';
import { Commits } from '../train/commits.ts';
import { type Kept, saveKept } from '../train/kept.ts';
import { endLog } from '../train/runLog.ts';
import type { SupervisorToWorker, WorkerData, WorkerToSupervisor } from './worker.ts';

/** Milliseconds that an answer waits for the weights to be saved. */
const answerPatience = 15;
/** Bytes. Larger weights are saved after the answer, because checking and copying them would hold it up. */
const smallWeights = 4 * 2 ** 20;
/** Milliseconds between two looks at a commit that a stop waits for. */
const commitPause = 1;
/** Milliseconds. A thread inside one long call of the runtime ends only after it, and changes nothing until then. */
const terminatePatience = 500;

type Outcome =
  | { readonly how: 'ended'; readonly end: End }
  | { readonly how: 'died'; readonly cause: Cause }
  | { readonly how: 'stopped' };

export interface SupervisorHost {
  emit(event: TrainingEvent): void;
  /** Limits of the thread's JavaScript heap. */
  readonly resourceLimits?: ResourceLimits;
}

export class Supervisor {
  readonly #commits = new Commits();
  #stop: () => void = () => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });
  #kept: Kept | undefined;
  #isThreadGone = false;
  #settled: Promise<string | undefined> = Promise.resolve(undefined);
  /** Of the run, if one has begun. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    readonly workerFile: string,
    readonly host: SupervisorHost,
  ) {}

  /** Resolves with how the run ended; never rejects. The end is emitted too, as the last event. Once only. */
  run(order: Order): Promise<End> {
    const end = this.#run(order);
    this.#ended = end;
    return end;
  }

  async #run(order: Order): Promise<End> {
    if (order.translations) l10n.config({ contents: order.translations });
    const workerData: WorkerData = { commits: this.#commits.shared, translations: order.translations };
    const { resourceLimits } = this.host;
    const worker = new Worker(this.workerFile, { workerData, ...(resourceLimits ? { resourceLimits } : {}) });
    const died = deathOf(worker);
    worker.once('exit', () => {
      this.#isThreadGone = true;
    });
    const stopped = this.#stopped.then(() => this.#closeCommits(died));
    const outcome = await Promise.race([
      died.then((cause): Outcome => ({ how: 'died', cause })),
      stopped.then((): Outcome => ({ how: 'stopped' })),
      this.#answerOf(worker, order),
    ]);
    const end = await this.#conclude(outcome, worker);
    this.host.emit(end);
    return end;
  }

  /** Ends the run between two commits. */
  stop(): void {
    this.#stop();
  }

  /** Resolves when the run has ended and everything it leaves is written, with what could not be. */
  async settle(): Promise<string | undefined> {
    await this.#ended;
    return this.#settled;
  }

  /** False while the thread, though told to end, is still inside one long call of the runtime. */
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
        event: (event) => {
          // The end counts when the answer brings it: then all files are written.
          if (event.event !== 'end' && !this.#commits.isClosed) this.host.emit(event);
        },
        keep: (kept) => {
          this.#kept = kept;
        },
      },
    );
    try {
      return { how: 'ended', end: await channel.request('run', order.job) };
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

  async #conclude(outcome: Outcome, worker: Worker): Promise<End> {
    if (outcome.how === 'ended') {
      await worker.terminate();
      return outcome.end;
    }
    const { step, betterEpoch } = this.#commits;
    const restored = betterEpoch === undefined ? {} : { restoredEpoch: betterEpoch };
    const end: End =
      outcome.how === 'stopped'
        ? { event: 'end', reason: 'stopped', step, ...restored }
        : {
            event: 'end',
            reason: 'failed',
            step,
            message: crashMessage(step, outcome.cause),
            code: outcome.cause.code,
            path: [],
            ...restored,
          };
    this.#settled = this.#isSmall
      ? this.#rescue(worker, end)
      : delay(1).then(() => this.#rescue(worker, end));
    if (this.#isSmall) await Promise.race([this.#settled, late(answerPatience)]);
    return end;
  }

  get #isSmall(): boolean {
    const bytes = this.#kept?.tensors.reduce((sum, { data }) => sum + data.byteLength, 0) ?? 0;
    return bytes <= smallWeights;
  }

  /** Saves the weights of the last whole step and ends the log; gives what went wrong. */
  async #rescue(worker: Worker, end: End): Promise<string | undefined> {
    await Promise.race([worker.terminate(), late(terminatePatience)]);
    if (!this.#kept) return undefined;
    try {
      await saveKept(this.#kept, this.#commits);
      await endLog(this.#kept.output, end);
      return undefined;
    } catch (error) {
      return l10n.t(
        'The weights of step {0} could not be saved: {1}. Those of the last whole epoch are kept.',
        end.step,
        error instanceof Error ? error.message : String(error),
      );
    }
  }
}

/** Resolves after so many milliseconds. Keeps no process from ending. */
const late = (milliseconds: number): Promise<void> => delay(milliseconds, undefined, { ref: false });

/** Resolves when the thread has ended, of whatever. */
function deathOf(worker: Worker): Promise<Cause> {
  return new Promise((resolve) => {
    // Whatever is thrown: also what is no Error.
    worker.on('error', (error: unknown) =>
      resolve(causeOfError(error instanceof Error ? error : new Error(String(error)))),
    );
    worker.on('exit', (code) => resolve(causeOfExit(code)));
  });
}
