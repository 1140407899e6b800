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
/** Steps from one trial to the next: the six steps that are slower cost less than one percent. */
const between = 1000;
/** Threads must save this share of the time. Otherwise a processor is left to others. */
const worthwhile = 0.02;

export class ThreadTrial {
  /** Steps until the next trial begins; negative during a trial. */
  #left = warmUp;
  #began = 0;
  #together = true;
  readonly #times = { together: [] as number[], alone: [] as number[] };

  /** A training step begins at `now`, in milliseconds. Returns whether it uses all threads. */
  stepBegins(now: number): boolean {
    const { together, alone } = this.#times;
    const done = -this.#left;
    if (done > 0) (isTogether(done - 1) ? together : alone).push(now - this.#began);
    this.#began = now;
    if (done === stepsOfTrial) {
      this.#together = middle(together) < (1 - worthwhile) * middle(alone);
      together.length = 0;
      alone.length = 0;
      this.#left = between;
    }
    this.#left--;
    return this.#left < 0 ? isTogether(-this.#left - 1) : this.#together;
  }
}

/** Of a step of a trial. */
const isTogether = (step: number): boolean => Math.floor(step / stepsOfTurn) % 2 === 0;

/** The lower of the two values in the middle: whatever else interrupts some of the steps has no effect. */
function middle(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)];
}
