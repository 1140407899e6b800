/**
 * Calls a function at most once in `interval` milliseconds: immediately if the last call is long enough ago, otherwise as soon as
 * possible.
 */
export class Throttle {
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    readonly interval: number,
    readonly call: () => void,
  ) {}

  request(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.call();
      },
      Math.max(0, this.#last + this.interval - performance.now()),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
