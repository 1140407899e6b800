/**
 * Events on their way to another thread. Epochs of tiny networks take less time than a message, so their events wait for
 * the next pause of the run or for the next event of another kind. Events keep their order, and none waits longer than a line of
 * the run's log, which is written in the same pauses.
 */
import type { TrainingEvent } from '../protocol/events.ts';

export class EventBundle {
  #waiting: TrainingEvent[] = [];

  constructor(readonly deliver: (events: readonly TrainingEvent[]) => void) {}

  add(event: TrainingEvent): void {
    this.#waiting.push(event);
    if (event.event !== 'epoch') this.send();
  }

  /** Call this at every pause, and before the run answers. */
  send(): void {
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.deliver(events);
  }
}
