/**
 * Events on their way to a reader that may be slow: sent together, a few times a second, and only when the reader has
 * dealt with the last ones. Meanwhile newer events take the place of older ones, so what waits stays small.
 */
import { serialize } from 'node:v8';
import type { TrainingEvent } from '../protocol/events.ts';

/** Milliseconds between two messages: ten a second. */
const interval = 100;
/** Bytes a second that the reader gets at most, on average. */
const bytesPerSecond = 256 * 1024;
/** Points of the curve that wait. */
const mostPoints = 256;
/** Epochs that are all reported, however short they are; of later ones only the newest waits. */
const wholeEpochs = 64;

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

type EventOf<K extends TrainingEvent['event']> = Extract<TrainingEvent, { event: K }>;

/** What waits of a kind when another one comes: all of them, where nothing is said here. */
const together: {
  readonly [K in TrainingEvent['event']]?: (
    waiting: readonly EventOf<K>[],
    event: EventOf<K>,
  ) => readonly EventOf<K>[];
} = {
  step: (waiting, event) => {
    const points = [...waiting.flatMap((one) => one.points), ...event.points];
    return [{ ...event, points: thinned(points, mostPoints) }];
  },
  stats: (_, event) => [event],
  epoch: (waiting, event) => [...waiting.filter(({ epoch }) => epoch <= wholeEpochs), event],
};

/** Of steps, statistics and, but for the early ones, epochs only the newest waits; of points as many as keep the curve's shape. */
export function withEvent<K extends TrainingEvent['event']>(
  waiting: readonly TrainingEvent[],
  event: EventOf<K>,
): TrainingEvent[] {
  const merge = together[event.event as K];
  if (!merge) return [...waiting, event];
  const isSame = (one: TrainingEvent): one is EventOf<K> => one.event === event.event;
  return [...waiting.filter((one) => !isSame(one)), ...merge(waiting.filter(isSame), event)];
}

/** At most so many of a curve's points, the first and the last among them: those go without which the gap is smallest. */
function thinned<T extends { readonly step: number }>(points: readonly T[], most: number): readonly T[] {
  const left = [...points];
  while (left.length > most) {
    let least = 1;
    const gap = (index: number) => left[index + 1].step - left[index - 1].step;
    for (let index = 2; index < left.length - 1; index++) if (gap(index) < gap(least)) least = index;
    left.splice(least, 1);
  }
  return left;
}
