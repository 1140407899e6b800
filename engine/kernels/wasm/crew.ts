/**
 * A crew of threads over one shared memory. The leader deals out calls of the module's exports, does its own part,
 * and waits for the rest. Both spin for a while before they sleep: within a step the next word is microseconds away,
 * and waking a thread costs far more; but where threads outnumber free cores, one that only spins keeps another from
 * getting done.
 */

import * as l10n from '@vscode/l10n';
import { ProblemError } from '../../schema/problem.ts';
import type { WasmExports } from './exports.ts';

export interface Crew {
  /** Threads, the leader included. */
  readonly size: number;
  /** The module's exports as run by thread `part`: 0 runs at once, the others run beside it. */
  on(part: number): WasmExports;
  /** Returns when every part that was dealt out is done. Throws when a helper does not answer. */
  finish(): void;
}

/** The crew of one: calls run where they are made. */
export function soloCrew(wasm: WasmExports): Crew {
  return { size: 1, on: () => wasm, finish: () => {} };
}

/** Functions by number, the same in leader and helpers, which run the same module. */
const tasksOf = (wasm: WasmExports): readonly string[] => Object.keys(wasm).sort();

const operandLimit = 30;
/** Words of one helper's mailbox: what was asked last, what was done last, who sleeps, which task; then its operands. */
const word = { asked: 0, done: 1, asleep: 2, task: 3, ready: 4, leaderAsleep: 5 } as const;
const flagWords = 16;
const mailboxBytes = 4 * flagWords + 8 * operandLimit;
/** `task` of a helper that is to end. */
const dismissed = -1;

export const mailboxesFor = (helpers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(helpers * mailboxBytes);

/** Five seconds in all: longer than any part of a kernel call takes. Then the helper is taken for dead. */
const waitMilliseconds = 100;
const patience = 50;

const helperLost = (): string =>
  l10n.t(
    'a worker thread of the engine stopped. The weights of the last epoch are kept. Train again, or set "netloom.training.threads" to 1.',
  );

class Mailbox {
  readonly flags: Int32Array;
  readonly operands: Float64Array;
  constructor(mailboxes: SharedArrayBuffer, helper: number) {
    this.flags = new Int32Array(mailboxes, helper * mailboxBytes, flagWords);
    this.operands = new Float64Array(mailboxes, helper * mailboxBytes + 4 * flagWords, operandLimit);
  }

  ask(task: number): void {
    const { flags } = this;
    flags[word.task] = task;
    Atomics.add(flags, word.asked, 1);
    if (Atomics.load(flags, word.asleep) === 1) Atomics.notify(flags, word.asked);
  }

  /** Throws when the helper does not answer. */
  sleepUntilDone(): void {
    const { flags } = this;
    Atomics.store(flags, word.leaderAsleep, 1);
    // Counted in waits, not by the clock, which runs on while a laptop is closed.
    for (let waits = 0; !this.isDone; waits++) {
      if (waits === patience) throw new ProblemError('backend/thread', helperLost());
      Atomics.wait(flags, word.done, Atomics.load(flags, word.asked) - 1, waitMilliseconds);
    }
    Atomics.store(flags, word.leaderAsleep, 0);
  }

  get isReady(): boolean {
    return Atomics.load(this.flags, word.ready) === 1;
  }

  get isDone(): boolean {
    return Atomics.load(this.flags, word.done) === Atomics.load(this.flags, word.asked);
  }
}

/** A wait this much longer than any barrier's own cost. */
const stallMilliseconds = 0.3;
const stallsAllowed = 4;
/** In kernel calls. */
const shortestPause = 200;
const longestPause = 20_000;

export class LeaderCrew implements Crew {
  readonly #mailboxes: readonly Mailbox[];
  readonly #leader: WasmExports;
  readonly #helpers: readonly WasmExports[];
  readonly #all: number;
  /** Whether `finish` has anything to do: helpers were asked since they were waited for last, or one is lost. */
  #pending = false;
  #dismissed = false;
  #lost = false;
  /** Calls still to be done without helpers, at least until they have started; and how many the next such pause lasts. */
  #alone = 1;
  #pause = shortestPause;
  #stalls = 0;
  #ended = performance.now();

  constructor(
    wasm: WasmExports,
    mailboxes: SharedArrayBuffer,
    helpers: number,
    readonly spins: number,
  ) {
    this.#mailboxes = Array.from({ length: helpers }, (_, helper) => new Mailbox(mailboxes, helper));
    this.#leader = wasm;
    this.#helpers = this.#mailboxes.map((mailbox) => remote(wasm, mailbox));
    this.#all = 1 + helpers;
  }

  /**
   * One until all helpers have started, and for a while after they kept the leader waiting: on a busy machine a
   * helper without a core costs more than it does. Results have the same bits either way.
   */
  get size(): number {
    return this.#alone > 0 ? this.#sizeAlone() : this.#all;
  }

  #sizeAlone(): number {
    this.#alone--;
    if (this.#alone === 0 && !this.#mailboxes.every((mailbox) => mailbox.isReady)) this.#alone = 1;
    return 1;
  }

  // This and `finish` are small enough to be compiled into every kernel: most calls deal nothing out.
  on(part: number): WasmExports {
    return part === 0 ? this.#leader : this.#helper(part);
  }

  #helper(part: number): WasmExports {
    this.#pending = true;
    return this.#helpers[part - 1];
  }

  finish(): void {
    if (this.#pending) this.#await();
  }

  #await(): void {
    if (this.#lost) throw new ProblemError('backend/thread', helperLost());
    this.#pending = false;
    if (this.#mailboxes.every((mailbox) => mailbox.isDone)) return;
    const began = performance.now();
    for (const mailbox of this.#mailboxes) {
      for (let spins = 0; spins < this.spins && !mailbox.isDone; spins++);
      if (!mailbox.isDone) mailbox.sleepUntilDone();
    }
    const ended = performance.now();
    this.#judge(ended - began, began - this.#ended);
    this.#ended = ended;
  }

  /** Works alone for a while when helpers took far longer than the leader's own part, time and again. */
  #judge(waited: number, worked: number): void {
    const stalled = waited > Math.max(stallMilliseconds, worked);
    this.#stalls = stalled ? this.#stalls + 1 : this.#stalls * 0.99;
    if (!stalled) this.#pause = Math.max(shortestPause, this.#pause * 0.999);
    if (this.#stalls < stallsAllowed) return;
    this.#stalls = 0;
    this.#alone = Math.ceil(this.#pause);
    this.#pause = Math.min(longestPause, 2 * this.#pause);
  }

  /** Told when a helper's thread has ended: the next call fails, unless all were dismissed. */
  lose(): void {
    this.#lost = !this.#dismissed;
    this.#pending ||= this.#lost;
  }

  /** Lets the helpers end by themselves. */
  dismiss(): void {
    this.#dismissed = true;
    for (const mailbox of this.#mailboxes) mailbox.ask(dismissed);
  }
}

/** The exports as messages: each call is written into the helper's mailbox. */
function remote(wasm: WasmExports, mailbox: Mailbox): WasmExports {
  const entries = tasksOf(wasm).map((name, task) => [
    name,
    (...operands: number[]) => {
      for (let i = 0; i < operands.length; i++) mailbox.operands[i] = operands[i];
      mailbox.ask(task);
    },
  ]);
  return Object.fromEntries(entries) as WasmExports;
}

/**
 * How often to look before sleeping. With a core for every thread, about a tenth of a millisecond: the pause
 * between two kernels of a step. Else hardly at all.
 */
export const spinsFor = (threads: number, cores: number): number => (threads <= cores ? 200_000 : 100);

/** A helper's whole life: runs what it is asked until dismissed. */
export function serveCrew(
  wasm: WasmExports,
  mailboxes: SharedArrayBuffer,
  helper: number,
  limit: number,
): void {
  const { flags, operands } = new Mailbox(mailboxes, helper);
  const names = tasksOf(wasm);
  const functions = names.map((name) => wasm[name as keyof WasmExports] as (...operands: number[]) => void);
  // Set aside once: a call that made its own list of operands would leave garbage at every kernel.
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
    const task = flags[word.task];
    if (task === dismissed) return;
    const given = operandsOf[task];
    for (let i = 0; i < given.length; i++) given[i] = operands[i];
    functions[task].apply(undefined, given);
    done++;
    Atomics.store(flags, word.done, done);
    if (Atomics.load(flags, word.leaderAsleep) === 1) Atomics.notify(flags, word.done);
  }
}
