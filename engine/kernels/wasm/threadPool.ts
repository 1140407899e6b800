/**
 * A pool of threads over one shared memory. The leader divides calls of the module's exports among the workers, computes
 * its own part, and waits for the rest. Leader and workers spin for a while before they sleep: within a step the next
 * request is microseconds away, and waking a thread takes far longer. But where threads outnumber free cores, a spinning
 * thread keeps another from finishing.
 */

import { cpus } from 'node:os';
import * as l10n from '@vscode/l10n';
import { ProblemError } from '../../schema/problem.ts';
import type { WasmExports } from './exports.ts';
import { ThreadAccount, type Times } from './threadAccount.ts';

export interface ThreadPool {
  /** Threads, the leader included. */
  readonly size: number;
  /** The module's exports as run by thread `part`: 0 runs at once, the others run in parallel. */
  on(part: number): WasmExports;
  /** Returns when all requested parts are done, except within `together`. Throws if a worker does not answer. */
  finish(): void;
  /**
   * Runs `calls`, which all divide the same rows among `size` threads, and in which no thread reads rows of another one. So threads
   * wait for each other at the end only. All calls are divided, however small.
   */
  together(size: number, calls: () => void): void;
  /** Whether calls run together. */
  readonly isTogether: boolean;
}

/** A pool without workers: calls run on the thread that makes them. */
export function poolOfOne(wasm: WasmExports): ThreadPool {
  return {
    size: 1,
    on: () => wasm,
    finish: () => {},
    together: (_size, calls) => calls(),
    isTogether: false,
  };
}

/** Functions by number. Leader and workers run the same module, so the numbers agree. */
const tasksOf = (wasm: WasmExports): readonly string[] => Object.keys(wasm).sort();

/** Words of a worker's mailbox: number of requests, number of completed requests, who sleeps, whether to end; then the requests. */
const word = { asked: 0, done: 1, asleep: 2, dismissed: 3, ready: 4, leaderAsleep: 5 } as const;
const flagWords = 16;
/** Requests that may wait for the worker, a power of two. Each has the task and up to 31 operands. */
const slots = 32;
const slotWords = 32;
const mailboxBytes = 4 * flagWords + 8 * slots * slotWords;

export const mailboxesFor = (workers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(workers * mailboxBytes);

/** Five seconds in all, longer than any part of a kernel call takes. After that, the worker is assumed to be dead. */
const waitMilliseconds = 100;
const patience = 50;

const workerLost = (): string =>
  l10n.t('a worker thread of the engine stopped. Train again, or set "netloom.training.threads" to 1.');

class Mailbox {
  readonly flags: Int32Array;
  readonly requests: Float64Array;
  constructor(mailboxes: SharedArrayBuffer, worker: number) {
    this.flags = new Int32Array(mailboxes, worker * mailboxBytes, flagWords);
    this.requests = new Float64Array(mailboxes, worker * mailboxBytes + 4 * flagWords, slots * slotWords);
  }

  /** Sends the request that was written at `next`. */
  ask(): void {
    const { flags } = this;
    Atomics.add(flags, word.asked, 1);
    if (Atomics.load(flags, word.asleep) === 1) Atomics.notify(flags, word.asked);
  }

  dismiss(): void {
    this.flags[word.dismissed] = -1;
    this.ask();
  }

  /** Where to write the next request. */
  get next(): number {
    return slotOf(this.flags[word.asked]);
  }

  /** Waits until at most `left` requests are left. Throws if the worker does not answer. */
  sleepUntil(left: number): void {
    const { flags } = this;
    Atomics.store(flags, word.leaderAsleep, 1);
    // Counted in waits, not by the clock, because the clock runs on while a laptop is closed.
    for (let waits = 0, before = -1; this.left > left; waits++) {
      const done = Atomics.load(flags, word.done);
      if (done !== before) waits = 0;
      before = done;
      if (waits === patience) throw new ProblemError('backend/thread', workerLost());
      if (this.left > left) Atomics.wait(flags, word.done, done, waitMilliseconds);
    }
    Atomics.store(flags, word.leaderAsleep, 0);
  }

  /** Requests that are not done. */
  get left(): number {
    return (this.flags[word.asked] - Atomics.load(this.flags, word.done)) | 0;
  }

  get isReady(): boolean {
    return Atomics.load(this.flags, word.ready) === 1;
  }

  get isDone(): boolean {
    return this.left === 0;
  }
}

const slotOf = (request: number): number => (request & (slots - 1)) * slotWords;

export const timesOfHost: Times = {
  now: () => performance.now(),
  idle: () => cpus().reduce((sum, { times }) => sum + times.idle, 0),
};

/** Milliseconds that may be wasted in waits before a pause, and their share of all time, which decides how long the pause is. */
const wasteAllowed = 10;
const shareAllowed = 0.01;
/** Calls on the leader alone between two looks at the clock, which takes about as long as the smallest kernel. A power of two. */
const callsAlone = 16;

/** A pool with workers. It uses them only as long as that is faster than the leader alone. */
export class WorkerPool implements ThreadPool {
  readonly #mailboxes: readonly Mailbox[];
  readonly #leader: WasmExports;
  readonly #workers: readonly WasmExports[];
  readonly #all: number;
  /** Threads that are used where nothing is wrong with them. */
  #useful: number;
  readonly #account: ThreadAccount;
  /** Whether `finish` has anything to do: there were requests since the last wait, or a worker is lost. */
  #pending = false;
  /** Threads that divide the calls which run together; 0 if none do. */
  #together = 0;
  #dismissed = false;
  #lost = false;
  /** Whether the leader is alone: until all workers have started, and in pauses. */
  #alone = true;
  /** Whether the account decides about the step that is under way. */
  #isTimed = false;
  #calls = 0;
  #pauseEnds = 0;
  /** Milliseconds of waits in which threads saved nothing, and which are not made up for by what they have saved since. */
  #wasted = 0;
  /** Whether workers were asked for anything since the last step began. */
  #divided = false;
  #ended: number;

  constructor(
    wasm: WasmExports,
    mailboxes: SharedArrayBuffer,
    workers: number,
    readonly spins: number,
    readonly times: Times = timesOfHost,
  ) {
    this.#ended = times.now();
    this.#mailboxes = Array.from({ length: workers }, (_, worker) => new Mailbox(mailboxes, worker));
    this.#leader = wasm;
    this.#workers = this.#mailboxes.map((mailbox) => this.#remote(mailbox));
    this.#all = 1 + workers;
    this.#useful = this.#all;
    this.#account = new ThreadAccount(workers, times);
  }

  /** See `Backend`. Steps in which the leader has to be alone show nothing. */
  stepBegins(first = true): void {
    this.#isTimed = (first || this.#isTimed) && !this.#alone;
    if (this.#isTimed) this.#useful = this.#account.stepBegins(first) ? this.#all : 1;
    if (first) this.#divided = false;
  }

  /** See `Backend`. */
  stepEnds(last = true): void {
    if (!this.#isTimed) return;
    this.#account.stepEnds(this.#divided, last);
    this.#useful = this.#account.allowsThreads ? this.#all : 1;
    // The account has been charged with what was wasted.
    this.#alone = false;
    this.#wasted = 0;
  }

  /**
   * One until all workers have started, and for a while after they kept the leader waiting: on a busy machine a
   * worker without a core costs more time than it saves. One also in steps that the account of threads does not pay for. Results
   * have the same bits either way.
   */
  get size(): number {
    if (this.isTogether) return this.#together;
    return this.#alone ? this.#sizeAlone() : this.#useful;
  }

  #sizeAlone(): number {
    this.#calls = (this.#calls + 1) % callsAlone;
    if (this.#calls === 0 && this.times.now() >= this.#pauseEnds)
      this.#alone = !this.#mailboxes.every((mailbox) => mailbox.isReady);
    return 1;
  }

  // This and `finish` are small enough to be compiled into every kernel: most calls are not divided.
  on(part: number): WasmExports {
    return part === 0 ? this.#leader : this.#worker(part);
  }

  #worker(part: number): WasmExports {
    this.#pending = true;
    this.#divided = true;
    return this.#workers[part - 1];
  }

  finish(): void {
    if (this.#pending && !this.isTogether) this.#await();
  }

  get isTogether(): boolean {
    return this.#together > 0;
  }

  together(size: number, calls: () => void): void {
    this.#together = size;
    try {
      calls();
    } finally {
      this.#together = 0;
      // Workers may still write, even if a call has failed.
      this.finish();
    }
  }

  #await(): void {
    if (this.#lost) throw new ProblemError('backend/thread', workerLost());
    this.#pending = false;
    if (this.#mailboxes.every((mailbox) => mailbox.isDone)) return;
    const began = this.times.now();
    for (const mailbox of this.#mailboxes) this.#waitFor(mailbox, 0);
    const ended = this.times.now();
    const worked = began - this.#ended;
    this.#ended = ended;
    this.#judge(ended - began, worked);
  }

  /** Waits until the worker has at most `left` requests left. */
  #waitFor(mailbox: Mailbox, left: number): void {
    for (let spins = 0; spins < this.spins && mailbox.left > left; spins++);
    if (mailbox.left > left) mailbox.sleepUntil(left);
  }

  /**
   * Stops using workers, within a step or an evaluation, when the leader has waited for longer than workers can have saved, and for so long that
   * the time wasted is a small share of all time. In a wait that is longer than the pool's patience, the computer slept while the
   * clock ran on.
   */
  #judge(waited: number, worked: number): void {
    if (waited >= patience * waitMilliseconds) return;
    const saved = this.#mailboxes.length * worked - waited;
    this.#wasted = saved < 0 ? this.#wasted + waited : Math.max(0, this.#wasted - saved);
    if (this.#wasted < wasteAllowed) return;
    this.#alone = true;
    this.#pauseEnds = this.#ended + this.#wasted / shareAllowed;
    this.#wasted = 0;
  }

  /** Call this when a worker's thread has ended: the next kernel call fails, unless all were dismissed. */
  lose(): void {
    this.#lost = !this.#dismissed;
    this.#pending ||= this.#lost;
  }

  /** Asks the workers to end. */
  dismiss(): void {
    this.#dismissed = true;
    for (const mailbox of this.#mailboxes) mailbox.dismiss();
  }

  /** The exports as messages: each call is written into the worker's mailbox. */
  #remote(mailbox: Mailbox): WasmExports {
    const { requests } = mailbox;
    const entries = tasksOf(this.#leader).map((name, task) => [
      name,
      (...operands: number[]) => {
        if (mailbox.left === slots) this.#waitFor(mailbox, slots - 1);
        const at = mailbox.next;
        requests[at] = task;
        for (let i = 0; i < operands.length; i++) requests[at + 1 + i] = operands[i];
        mailbox.ask();
      },
    ]);
    return Object.fromEntries(entries) as WasmExports;
  }
}

/**
 * How many times to check before sleeping. If there is a core for every thread, for about a tenth of a millisecond, which is the
 * pause between two kernels of a step. Otherwise hardly at all.
 */
export const spinsFor = (threads: number, cores: number): number => (threads <= cores ? 200_000 : 100);

/** The loop of a worker: runs requests until it is dismissed. */
export function servePool(
  wasm: WasmExports,
  mailboxes: SharedArrayBuffer,
  worker: number,
  limit: number,
): void {
  const { flags, requests } = new Mailbox(mailboxes, worker);
  const names = tasksOf(wasm);
  const functions = names.map((name) => wasm[name as keyof WasmExports] as (...operands: number[]) => void);
  // Allocated once: a list of operands for each call would create garbage at every kernel.
  const operandsOf = functions.map((run) => new Array<number>(run.length).fill(0));
  let done = 0;
  Atomics.store(flags, word.ready, 1);
  for (;;) {
    for (let spins = 0; spins < limit && Atomics.load(flags, word.asked) === done; spins++);
    if (Atomics.load(flags, word.asked) === done) {
      Atomics.store(flags, word.asleep, 1);
      Atomics.wait(flags, word.asked, done);
      Atomics.store(flags, word.asleep, 0);
      continue;
    }
    if (flags[word.dismissed] < 0) return;
    const at = slotOf(done);
    const task = requests[at];
    const given = operandsOf[task];
    for (let i = 0; i < given.length; i++) given[i] = requests[at + 1 + i];
    functions[task].apply(undefined, given);
    done = (done + 1) | 0;
    Atomics.store(flags, word.done, done);
    if (Atomics.load(flags, word.leaderAsleep) === 1) Atomics.notify(flags, word.done);
  }
}
