/**
 * Whether a training is faster with the threads of its pool or on the leader alone. Only a trial can show it: to read what another
 * thread has just written takes long, and how long differs between machines, and from minute to minute on a virtual one. A step
 * of a small network has taken between 0.7 and 1.9 times as long on two threads as on one. Results have the same bits either way.
 */

/** Steps before the first trial, in which code is compiled and data come into the cache. */
const warmUp = 20;
/** A trial consists of that many turns, with threads and without in alternation, of that many steps each. */
const turns = 4;
const stepsOfTurn = 3;
const stepsOfTrial = turns * stepsOfTurn;
/** Steps from the first trial to the second, and the most between two trials: the six steps that are slower cost less than one percent then. */
const shortestPause = 60;
const longestPause = 1000;
/** A decision rests on that many steps of each kind, which are those of the last three trials: one trial may be disturbed. */
const remembered = (3 * stepsOfTrial) / 2;
/** A step that takes that many times as long as usual was interrupted. */
const interrupted = 4;
/** Threads must save this share of the time. Otherwise a processor is left to others. */
const worthwhile = 0.05;

export class ThreadTrial {
  /** Steps until the next trial begins; negative during a trial. */
  #left = warmUp;
  #pause = shortestPause;
  #began = 0;
  #together = true;
  /** What a millisecond of the leader's work is worth, and how long it works in a step. */
  #worth = 1;
  #usual = Number.POSITIVE_INFINITY;
  /** `worked`: the times of the steps with threads without the leader's waits. */
  readonly #times = { together: [] as number[], worked: [] as number[], alone: [] as number[] };

  constructor(readonly workers = 1) {}

  /**
   * How long the leader may wait for threads after it has `worked` so long: with that wait, it is as fast as alone. Until a trial has shown
   * it, as long as it has worked. It was interrupted if it has worked for longer than a step.
   */
  worthOf(worked: number): number {
    return this.#worth * Math.min(worked, this.#usual);
  }

  /**
   * A training step begins. `clock` returns milliseconds, and `waited` is how long the leader waited in the step before. Returns whether the step
   * uses all threads.
   */
  stepBegins(clock: () => number, waited = 0): boolean {
    if (this.#left > 0) {
      // Without a look at the clock: that takes a tenth of a step of the smallest networks.
      this.#left--;
      return this.#together;
    }
    const now = clock();
    const { together, worked, alone } = this.#times;
    const done = -this.#left;
    const time = now - this.#began;
    if (done > 0) remember(isTogether(done - 1) ? together : alone, time);
    if (done > 0 && isTogether(done - 1)) remember(worked, time - waited);
    this.#began = now;
    if (done === stepsOfTrial) {
      const longest = interrupted * middle([...together, ...alone]);
      this.#together = mean(together, longest) < (1 - worthwhile) * mean(alone, longest);
      this.#usual = mean(worked, longest);
      this.#worth = Math.min(this.workers, Math.max(0, mean(alone, longest) / this.#usual - 1));
      this.#left = this.#pause;
      this.#pause = Math.min(longestPause, 2 * this.#pause);
      return this.#together;
    }
    this.#left--;
    return isTogether(done);
  }
}

/** Of a step of a trial. */
const isTogether = (step: number): boolean => Math.floor(step / stepsOfTurn) % 2 === 0;

function remember(times: number[], time: number): void {
  if (times.length === remembered) times.shift();
  times.push(time);
}

/**
 * The mean of times of at most `longest`, without the longest sixth, which other work between two steps explains, such as an
 * evaluation. How often steps are interrupted beyond that counts, because threads that wait for each other are interrupted more often
 * on a busy machine. How long is chance.
 */
function mean(times: readonly number[], longest: number): number {
  const shorter = [...times].sort((a, b) => a - b).slice(0, Math.ceil((5 / 6) * times.length));
  return shorter.reduce((sum, time) => sum + Math.min(time, longest), 0) / shorter.length;
}

/** The lower of the two values in the middle. */
function middle(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)];
}
