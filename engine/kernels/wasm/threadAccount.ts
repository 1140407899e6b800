/**
 * Whether a training uses the threads of its pool or the leader alone. Only an attempt can show which is faster: to read what another
 * thread has just written takes long, and how long differs between machines, and from minute to minute on a virtual one. On a busy
 * machine, threads also wait for one that has no core. So threads have an account of time. A step with threads that takes longer than
 * one alone is paid from it, and a faster one is credited. When it is empty, the leader works alone until one percent of its time has
 * filled the account again. So threads cost no more than that, whatever the machine does. Results have the same bits either way.
 */

/** What the clock and the operating system know, in milliseconds. */
export interface Times {
  now(): number;
  /** How long all processors together have been idle. */
  idle(): number;
}

/** Share of the time alone that threads may cost. */
const share = 0.01;
/** What is in the account when threads are tried: the first steps take longer, because data are not where they are needed. */
const attemptMilliseconds = 10;
/** The most steps that this may be, and the least part of a step. */
const [mostAttempt, leastAttempt] = [50, 0.5];
/** The most that is credited, and at least one step: what threads have saved for long must not be lost again before the account is empty. */
const mostMilliseconds = 100;
/** Threads must save this share of the time. Otherwise a processor is left to others. */
const worthwhile = 0.05;
/** A longer step was not slow, but the computer slept. */
const longestStep = 5000;

/** Steps alone that show how long they take: at the start, while code is compiled, and again from time to time, because a machine changes. */
interface Turn {
  readonly least: number;
  readonly most: number;
}
const firstTurn: Turn = { least: 3, most: 20 };
const laterTurn: Turn = { least: 1, most: 4 };
/** A turn with its least steps ends when it has lasted so long. */
const turnMilliseconds = 50;
/** A usual step is the middle one of this many. */
const remembered = 12;
/** Steps with threads between two turns. */
const shortestStretch = 60;
const longestStretch = 1000;

/** Threads are not tried where processors were idle for less than this share of the time of all workers. */
const leastIdle = 0.5;
/** How long processors are observed. Shorter times show nothing, because systems count in steps of up to 16 ms. */
const observedMilliseconds = 100;

export class ThreadAccount {
  #phase: 'alone' | 'together' | 'pause' = 'alone';
  /** Steps of this phase, and the time that they took. */
  #steps = 0;
  #time = 0;
  #turn = firstTurn;
  #stretch = shortestStretch;
  /** Times of steps alone, and of a usual one. */
  readonly #alone: number[] = [];
  #usual = 0;
  #balance = 0;
  #pause = 0;
  #began = 0;
  /** How long the earlier parts of this step took. */
  #taken = 0;
  /** Whether the pause has been paid for, and lasts until a processor is idle. */
  #isObserving = false;
  /** Since when processors are observed, how long they had been idle then, and how long it took to ask. */
  #observed = 0;
  #idleBefore = 0;
  #asked = 0;

  constructor(
    readonly workers: number,
    readonly times: Times,
  ) {
    this.#askWhetherBusy();
  }

  /** Whether threads are used between steps, such as in an evaluation. */
  get allowsThreads(): boolean {
    return this.#phase !== 'pause';
  }

  /** A training step begins, or a further part of it. Returns whether it uses all threads. */
  stepBegins(first = true): boolean {
    // Without a look at the clock in a pause: that takes a tenth of a step of the smallest networks.
    if (this.#phase === 'pause' && !(first && this.#endPause())) return false;
    if (first) this.#taken = 0;
    this.#began = this.times.now();
    return this.#phase === 'together';
  }

  /** The step has ended, or a part of it if not the `last`. `divided`: whether any of its work was for other threads. */
  stepEnds(divided: boolean, last = true): void {
    if (this.#phase === 'pause') return;
    this.#taken += this.times.now() - this.#began;
    if (!last) return;
    const time = this.#taken;
    this.#steps++;
    this.#time += time;
    if (this.#phase === 'alone') this.#addAlone(time);
    else if (divided) this.#charge(time);
    else this.#beginPause();
  }

  #begin(phase: 'alone' | 'together' | 'pause'): void {
    this.#phase = phase;
    this.#steps = 0;
    this.#time = 0;
  }

  #addAlone(time: number): void {
    if (this.#alone.length === remembered) this.#alone.shift();
    this.#alone.push(time);
    const { least, most } = this.#turn;
    if (this.#steps < most && (this.#steps < least || this.#time < turnMilliseconds)) return;
    this.#usual = middle(this.#alone);
    const isFirst = this.#turn === firstTurn;
    this.#turn = laterTurn;
    if (isFirst) this.#balance = this.#attempt;
    if (isFirst && this.#askWhetherBusy()) this.#beginPause();
    else this.#begin('together');
  }

  #charge(time: number): void {
    const saved = (1 - worthwhile) * this.#usual - Math.min(time, Math.max(longestStep, this.#usual));
    this.#balance = Math.min(Math.max(mostMilliseconds, this.#usual), this.#balance + saved);
    if (this.#balance < 0) this.#beginPause();
    else if (this.#steps === this.#stretch) {
      this.#stretch = Math.min(longestStretch, 2 * this.#stretch);
      this.#begin('alone');
    }
  }

  get #attempt(): number {
    return Math.max(leastAttempt * this.#usual, Math.min(attemptMilliseconds, mostAttempt * this.#usual));
  }

  /** The leader is alone until it has saved what the next attempt may cost, and then until a processor is idle. */
  #beginPause(): void {
    const missing = Math.max(0, this.#attempt - this.#balance);
    this.#balance += missing;
    this.#pause = Math.ceil(missing / (share * this.#usual));
    this.#stretch = shortestStretch;
    this.#isObserving = false;
    this.#begin('pause');
  }

  /** A step of the pause begins. Returns whether the pause is over. */
  #endPause(): boolean {
    this.#steps++;
    if (this.#steps <= this.#pause) return false;
    const isBusy = this.#askWhetherBusy();
    if (this.#isObserving && !isBusy) {
      this.#begin('alone');
      return true;
    }
    // What others did longer ago does not count: they may have been busy for a moment only.
    this.#isObserving = true;
    this.#pause = Math.ceil(Math.max(observedMilliseconds, this.#asked / share) / this.#usual);
    this.#begin('pause');
    return false;
  }

  /** Returns whether too few processors have been idle since this was asked last. */
  #askWhetherBusy(): boolean {
    const { now, idle } = this.times;
    const asks = now();
    const idleNow = idle();
    const observed = asks - this.#observed;
    const isBusy =
      observed >= observedMilliseconds && idleNow - this.#idleBefore < leastIdle * this.workers * observed;
    this.#idleBefore = idleNow;
    this.#observed = now();
    this.#asked = this.#observed - asks;
    return isBusy;
  }
}

/** The lower of the two values in the middle. */
const middle = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)];
