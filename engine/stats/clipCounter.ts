/** Counts the updates of an epoch, and those whose gradients were clipped. */
export class ClipCounter {
  #updates = 0;
  #clipped = 0;

  beginEpoch(): void {
    this.#updates = 0;
    this.#clipped = 0;
  }

  add(clipped: boolean): void {
    this.#updates++;
    if (clipped) this.#clipped++;
  }

  /** Undefined before an update was counted, and in trainings that do not clip. */
  get share(): number | undefined {
    return this.#updates === 0 ? undefined : this.#clipped / this.#updates;
  }
}
