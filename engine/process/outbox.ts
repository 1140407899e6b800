/**
 * Events on their way to a reader that may be slow: sent together, a few times a second, and only when the reader has
 * dealt with the last ones. Meanwhile newer events take the place of older ones, so what waits stays small.
 */
import { serialize } from 'node:v8';
import { eventKinds, type TrainingEvent } from '../protocol/events.ts';

/** Milliseconds between two messages: ten a second. */
const interval = 100;
/** Bytes a second that the reader gets at most, on average. */
const bytesPerSecond = 256 * 1024;

export class Outbox {
  #waiting: TrainingEvent[] = [];
  #isBusy = false;

  constructor(readonly deliver: (events: readonly TrainingEvent[]) => Promise<unknown>) {}

  add(event: TrainingEvent): void {
    this.#waiting = withEvent(this.#waiting, event);
    if (!this.#isBusy) void this.#send();
  }

  /** Sends what waits at once: the run has ended, and its end is sent next. */
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
        // The reader is gone; whoever ended it deals with that.
        return;
      }
    }
    this.#isBusy = false;
  }
}

/** What waits after another event has come: what the kind of that event says of its own kind, and all others. */
export function withEvent(waiting: readonly TrainingEvent[], event: TrainingEvent): TrainingEvent[] {
  const { together } = eventKinds[event.event];
  if (!together) return [...waiting, event];
  const isSame = (one: TrainingEvent) => one.event === event.event;
  return [...waiting.filter((one) => !isSame(one)), ...together(waiting.filter(isSame), event)];
}
