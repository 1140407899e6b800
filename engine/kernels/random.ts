/**
 * Seeded random numbers. A stream is addressed by (seed, purpose, counter) and not advanced from a shared state. So neither
 * threads nor the order of work can change a draw. Generator: sfc32 (PractRand), its state filled by the splitmix32
 * finalizer of the address.
 */

export class Random {
  readonly #address = { seed: 0, purpose: 0, counter: 0 };
  /** The state belongs to the address. It is computed at the first draw, because most streams are restarted without one. */
  #isReady = false;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;
  #spare = Number.NaN;

  constructor(seed: number, purpose = 0, counter = 0) {
    this.reset(seed, purpose, counter);
  }

  /** Restarts the stream of this address, without allocating. */
  reset(seed: number, purpose: number, counter: number): void {
    this.#address.seed = seed;
    this.#address.purpose = purpose;
    this.#address.counter = counter;
    this.#isReady = false;
    this.#spare = Number.NaN;
  }

  #begin(): void {
    const { seed, purpose, counter } = this.#address;
    this.#isReady = true;
    this.#a = mix(seed ^ 0x9e3779b9);
    this.#b = mix(this.#a ^ mix(purpose + 0x85ebca6b));
    this.#c = mix(this.#b ^ mix(counter + 0xc2b2ae35) ^ mix(Math.floor(counter / 0x100000000)));
    this.#counter = 1;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number in [0, 2³²). */
  next(): number {
    if (!this.#isReady) this.#begin();
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Writes the state of the stream to four words, for a kernel that draws. */
  save(state: Int32Array): void {
    if (!this.#isReady) this.#begin();
    state[0] = this.#a;
    state[1] = this.#b;
    state[2] = this.#c;
    state[3] = this.#counter;
  }

  /** Continues with a state that `save` wrote and a kernel has changed. */
  restore(state: Int32Array): void {
    this.#a = state[0];
    this.#b = state[1];
    this.#c = state[2];
    this.#counter = state[3];
  }

  /** In [0, 1), with 32 random bits. */
  uniform(): number {
    return this.next() / 4294967296;
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal, by Box and Muller's transform. */
  normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.next() + 1) / 4294967297));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Shuffles in place (Fisher and Yates). */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}

/** A whole number from a name, so that a purpose can be a word. */
export function purposeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finalizer of splitmix32. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) | 0;
}
