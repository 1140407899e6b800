/**
 * Lines of events of one kind, each with its step, in bounded memory. If a limit is exceeded, every other line is removed, and
 * from then on only every other one is added. The first and the newest are always kept.
 */
export interface Reading {
  readonly step: number;
  /** As `writeEvent` wrote it. */
  readonly line: string;
}

export interface ReadingLimits {
  readonly most: number;
  /** Characters of all lines together. */
  readonly characters: number;
}

export class Readings {
  readonly #limits: ReadingLimits;
  #kept: Reading[] = [];
  #characters = 0;
  /** Only every n-th line is kept. */
  #stride = 1;
  /** Lines seen. */
  #count = 0;
  /** The newest one, if it is not among the kept lines. */
  #newest: Reading | undefined;

  constructor(limits: ReadingLimits) {
    this.#limits = limits;
  }

  /** All lines that were ever added. */
  get seen(): number {
    return this.#count;
  }

  /** By step, ascending. */
  get all(): readonly Reading[] {
    return this.#newest ? [...this.#kept, this.#newest] : this.#kept;
  }

  /** Ignores a step that is earlier than the newest one; the same step again replaces its line. */
  add(reading: Reading): void {
    const last = this.#newest ?? this.#kept.at(-1);
    if (!Number.isFinite(reading.step) || (last && reading.step < last.step)) return;
    if (last?.step === reading.step) this.#replaceLast(reading);
    else if (this.#count++ % this.#stride === 0) {
      this.#newest = undefined;
      this.#keep(reading);
    } else this.#newest = reading;
  }

  /** The index of the last reading at or before a step, or of the first; -1 if there is none. */
  indexAt(step: number): number {
    const { all } = this;
    let [low, high] = [0, all.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (all[middle].step <= step) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }

  #replaceLast(reading: Reading): void {
    if (this.#newest) this.#newest = reading;
    else {
      this.#characters -= this.#kept.pop()!.line.length;
      this.#keep(reading);
    }
  }

  #keep(reading: Reading): void {
    this.#kept.push(reading);
    this.#characters += reading.line.length;
    const { most, characters } = this.#limits;
    while (this.#kept.length > 1 && (this.#kept.length > most || this.#characters > characters)) {
      this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
      this.#characters = this.#kept.reduce((sum, { line }) => sum + line.length, 0);
    }
    if (this.#kept.at(-1) !== reading) this.#newest = reading;
  }
}
