/**
 * A run that can be replayed: the statistics and findings that were known at each of its steps. The readings come from the
 * run's log, or from a run that is still training. They take bounded memory.
 */
import type { EventOfKind, TrainingEvent } from '../protocol/events.ts';
import { readEvent, writeEvent } from '../protocol/eventText.ts';
import { thinned } from '../schema/thinned.ts';
import { Readings } from './readings.ts';

/** Statistics of a layer take some 200 characters; a detail takes 100,000 at most. */
const limits = {
  stats: { most: 10_000, characters: 8 * 2 ** 20 },
  detail: { most: 256, characters: 8 * 2 ** 20 },
};

/** The number that views keep of a run. */
const mostFindings = 200;

export type Finding = EventOfKind<'finding'>;

/** What was known at a reading of a run. */
export interface Moment {
  /** The step of the reading. */
  readonly step: number;
  /** Its place among the readings, from 0, and how many there are. */
  readonly index: number;
  readonly count: number;
  /** Steps of the first and the last reading. */
  readonly first: number;
  readonly last: number;
  readonly stats: EventOfKind<'stats'>;
  /** The last details that were measured until then. */
  readonly detail: EventOfKind<'detail'> | undefined;
  /** In the order reported. */
  readonly findings: readonly Finding[];
}

/** What a recording keeps. */
interface Kept {
  readonly stats: Readings;
  readonly details: Readings;
  findings: readonly Finding[];
}

type Translate = <E extends TrainingEvent>(event: E) => E;

export class Recording {
  #kept: Kept;
  #translate: Translate = (event) => event;

  /** `most`: of the readings of statistics. */
  constructor({ most, characters } = limits.stats) {
    const stats = new Readings({ most, characters });
    this.#kept = { stats, details: new Readings(limits.detail), findings: [] };
  }

  /** The same recording, which keeps growing; every event that is read goes through `translate`. */
  through(translate: Translate): Recording {
    const recording = new Recording();
    recording.#kept = this.#kept;
    recording.#translate = translate;
    return recording;
  }

  /** A recording of events in their order. */
  static async from(
    events: Iterable<TrainingEvent> | AsyncIterable<TrainingEvent>,
    of = limits.stats,
  ): Promise<Recording> {
    const recording = new Recording(of);
    for await (const event of events) recording.add(event);
    return recording;
  }

  /** Steps at which statistics were read, ascending. */
  get steps(): readonly number[] {
    return this.#kept.stats.all.map(({ step }) => step);
  }

  /** The number of readings, before some were left out. */
  get seen(): number {
    return this.#kept.stats.seen;
  }

  /** The statistics of at most `most` readings, evenly, one after another. */
  *readings(most: number): Generator<EventOfKind<'stats'>> {
    for (const { line } of thinned(this.#kept.stats.all, most)) {
      const event = readEvent(line);
      if (event?.event === 'stats') yield this.#translate(event);
    }
  }

  /** At most `most` detailed statistics, evenly, one after another. */
  *details(most: number): Generator<EventOfKind<'detail'>> {
    for (const { line } of thinned(this.#kept.details.all, most)) {
      const event = readEvent(line);
      if (event?.event === 'detail') yield this.#translate(event);
    }
  }

  add(event: TrainingEvent): void {
    if (event.event === 'stats') this.#kept.stats.add({ step: event.step, line: writeEvent(event) });
    if (event.event === 'detail') this.#kept.details.add({ step: event.step, line: writeEvent(event) });
    if (event.event === 'finding') this.#kept.findings = [...this.#kept.findings, event].slice(-mostFindings);
  }

  /**
   * What was known at a step, that is, at the last reading up to it, or at the first reading. With `move`, that many readings
   * later, as far as they exist. Readings after the step `end` do not count, because a run may continue. Undefined if there are
   * no readings.
   */
  at(step: number, { move = 0, end = Number.POSITIVE_INFINITY } = {}): Moment | undefined {
    const { all } = this.#kept.stats;
    const start = this.#kept.stats.indexAt(step);
    if (start < 0) return undefined;
    const last = this.#kept.stats.indexAt(end);
    const index = Math.min(last, Math.max(0, start + move));
    const reading = all[index];
    const stats = readEvent(reading.line);
    if (stats?.event !== 'stats') return undefined;
    return {
      step: reading.step,
      index,
      count: last + 1,
      first: all[0].step,
      last: all[last].step,
      stats: this.#translate(stats),
      detail: this.#detailAt(reading.step),
      findings: this.#kept.findings.filter((finding) => finding.step <= reading.step).map(this.#translate),
    };
  }

  /** The last detail up to the step; none if the first one came later. */
  #detailAt(step: number): EventOfKind<'detail'> | undefined {
    const reading = this.#kept.details.all[this.#kept.details.indexAt(step)];
    const event = reading && reading.step <= step ? readEvent(reading.line) : undefined;
    return event?.event === 'detail' ? this.#translate(event) : undefined;
  }
}
