/**
 * The pace of a run: when to report, when to probe, when to pause for files. If steps are short, it reads the clock only after
 * several of them: a step of the smallest networks takes hardly longer than reading the clock.
 */

/** Steps run this long, in milliseconds, before files can be written. */
export const sliceMilliseconds = 25;
/** Ten a second at most, for step and statistics events. */
const eventInterval = 100;
/** Probing may take this share of training time on average: half of the promised 2 %, because reporting also takes time. */
const probeShare = 0.01;
/** Details take this share of training time at most. */
const detailShare = 0.005;
/** Milliseconds between two details: half the age of the run, within these bounds. */
const detailInterval = { least: 250, most: 2000 };
/** The clock is read about this often, in milliseconds, when steps are shorter. */
const tickMilliseconds = 1;

/** What a pace needs of its host. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
}

export class Pace {
  readonly #clock: Clock;
  /** Steps between two readings of the clock, and steps until the next reading. */
  #stride = 1;
  #left = 1;
  /** The time as last read. */
  #now: number;
  #slice: number;
  #lastEvent = Number.NEGATIVE_INFINITY;
  #lastProbe = Number.NEGATIVE_INFINITY;
  /** Whether a probe is due and waits for a step that can be probed. */
  #probeWaits = false;
  #ticked = false;
  /** Usual time of a step without and with probes, in milliseconds. */
  #plain = Number.NaN;
  #probed = Number.NaN;
  readonly #start: number;
  #lastDetail = Number.NEGATIVE_INFINITY;
  /** Whether a step without details has been probed. The first one is reported sooner without them. */
  #hasProbed = false;
  /** Additional time of a step with details, in milliseconds. */
  #detail = Number.NaN;
  #samples = 0;
  #since: number;
  #rate = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#now = clock.now();
    this.#start = this.#now;
    this.#slice = this.#now;
    this.#since = this.#now;
  }

  stepBegins(samples: number, probeable = true): void {
    this.#samples += samples;
    this.#left--;
    // The cost of a probe must be known, too.
    this.#ticked = this.#left <= 0 || (this.#probeWaits && probeable);
    if (!this.#ticked) return;
    const before = this.#now;
    this.#now = this.#clock.now();
    const elapsed = this.#now - before;
    if (elapsed < tickMilliseconds / 2) this.#stride = Math.min(4096, this.#stride * 2);
    else if (elapsed > 2 * tickMilliseconds) this.#stride = Math.max(1, this.#stride >> 1);
    this.#left = this.#stride;
  }

  stepEnds(probed: boolean): void {
    if (!this.#ticked) return;
    const now = this.#clock.now();
    const milliseconds = now - this.#now;
    this.#now = now;
    if (!probed) this.#plain = usual(this.#plain, milliseconds);
    // The first step is probed, and most of its time is compilation.
    else if (!Number.isNaN(this.#plain)) this.#probed = usual(this.#probed, milliseconds);
  }

  /**
   * Whether the next step is probed: rarely enough to keep the cost of probing within its share of the time. If a step cannot
   * be probed, the next possible one is.
   */
  probeDue(probeable = true): boolean {
    this.#probeWaits ||= this.#ticked && this.#probeDue();
    if (!this.#probeWaits || !probeable) return false;
    this.#probeWaits = false;
    this.#lastProbe = this.#now;
    return true;
  }

  #probeDue(): boolean {
    // After the first probed step, a plain step is needed for comparison; otherwise all long steps would be probed.
    if (this.#lastProbe > Number.NEGATIVE_INFINITY && Number.isNaN(this.#plain)) return false;
    const extra = Math.max(0, this.#probed - this.#plain);
    const interval = Math.max(eventInterval, Number.isNaN(extra) ? 0 : extra / probeShare);
    return this.#now - this.#lastProbe >= interval;
  }

  /** Whether a step that is probed is measured in detail. */
  detailDue(): boolean {
    if (!this.#hasProbed) {
      this.#hasProbed = true;
      return false;
    }
    const { least, most } = detailInterval;
    const age = Math.min(most, Math.max(least, (this.#now - this.#start) / 2));
    const interval = Number.isNaN(this.#detail) ? age : Math.max(age, this.#detail / detailShare);
    return this.#now - this.#lastDetail >= interval;
  }

  /** Called instead of `stepEnds` when the details have been read. */
  detailEnds(): void {
    const now = this.#clock.now();
    // Most of the first one's time is compilation.
    if (this.#lastDetail > Number.NEGATIVE_INFINITY && !Number.isNaN(this.#plain))
      this.#detail = usual(this.#detail, Math.max(0, now - this.#now - this.#plain));
    this.#now = now;
    this.#lastDetail = now;
  }

  eventDue(): boolean {
    if (!this.#ticked || this.#now - this.#lastEvent < eventInterval) return false;
    this.#lastEvent = this.#now;
    return true;
  }

  samplesPerSecond(): number {
    const elapsed = this.#now - this.#since;
    if (elapsed >= 500 || this.#rate === 0) {
      this.#rate = elapsed > 0 ? (1000 * this.#samples) / elapsed : 0;
      this.#samples = 0;
      this.#since = this.#now;
    }
    return this.#rate;
  }

  sliceOver(): boolean {
    return this.#ticked && this.#now - this.#slice >= sliceMilliseconds;
  }

  sliceBegins(): void {
    this.#now = this.#clock.now();
    this.#slice = this.#now;
  }
}

/**
 * Follows shorter times at once and longer ones slowly, because interruptions such as the compiler or other processes only add
 * time.
 */
function usual(old: number, milliseconds: number): number {
  return old < milliseconds ? 0.9 * old + 0.1 * milliseconds : milliseconds;
}
