/** Counts the updates of an epoch, and those whose gradients were clipped. */

/** In the order of `counts`. */
const at = { updates: 0, clipped: 1 } as const;

/** The counts since the beginning of the epoch. They are part of a training's state. */
export class ClipCounter {
  readonly counts = new Float64Array(2);

  beginEpoch(): void {
    this.counts.fill(0);
  }

  add(clipped: boolean): void {
    this.counts[at.updates]++;
    if (clipped) this.counts[at.clipped]++;
  }

  /** Undefined before an update was counted, and in trainings that do not clip. */
  get share(): number | undefined {
    const updates = this.counts[at.updates];
    return updates === 0 ? undefined : this.counts[at.clipped] / updates;
  }
}
