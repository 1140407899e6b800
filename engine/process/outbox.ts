/**
 * A queue of events for a reader that may be slow. They are sent together, a few times a second, and only when the
 * reader has processed the last ones. Meanwhile newer events replace older ones, so the queue stays small.
 */
import { serialize } from 'node:v8';
import { eventKinds, type TrainingEvent } from '../protocol/events.ts';

/** Milliseconds between two messages: ten a second. */
const interval = 100;
/** The most bytes per second for the reader, on average. */
const bytesPerSecond = 256 * 1024;

export class Outbox {
  #waiting: TrainingEvent[] = [];
  #isBusy = false;

  constructor(readonly deliver: (events: readonly TrainingEvent[]) => Promise<unknown>) {}

  add(event: TrainingEvent): void {
    this.#waiting = withEvent(this.#waiting, event);
    if (!this.#isBusy) void this.#send();
  }

  /** Sends all waiting events at once: the run has ended, and its end is sent next. */
  flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#isBusy = true;
    if (events.length > 0) void this.deliver(events).catch(() => undefined);
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const events = this.#waiting;
      this.#waiting = [];
      const size = serialize(events).byteLength;
      const pause = Math.max(interval, (1000 * size) / bytesPerSecond);
      try {
        await Promise.all([
          this.deliver(events),
          new Promise((resolve) => setTimeout(resolve, pause).unref()),
        ]);
      } catch {
        // The reader has ended, which is handled elsewhere.
        return;
      }
    }
    this.#isBusy = false;
  }
}

/** The queue after another event: the kind of that event decides about events of its kind, and all others stay. */
export function withEvent(waiting: readonly TrainingEvent[], event: TrainingEvent): TrainingEvent[] {
  const { together } = eventKinds[event.event];
  if (!together) return [...waiting, event];
  const isSame = (one: TrainingEvent) => one.event === event.event;
  return [...waiting.filter((one) => !isSame(one)), ...together(waiting.filter(isSame), event)];
}
