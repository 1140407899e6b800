/** Everything that a view needs to redraw a run from its beginning, in bounded memory. */
import { areSameShapes, isSameLayer, layerShapes, layerText } from '../../engine/graph/layerText.ts';
import type { Keeping } from '../../engine/protocol/events/define.ts';
import {
  type CurvePoint,
  type EventKind,
  type EventOfKind,
  eventKinds,
  type TrainingEvent,
} from '../../engine/protocol/events.ts';
import { type Moment, Recording } from '../../engine/replay/recording.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';
import { RunNames } from './runNames.ts';

/** The most points of the curve that are kept. The longest runs have far more points than a chart has pixels. */
const mostPoints = 20_000;

/** Their names are those of the text that was evaluated. */
const ofEvaluation: readonly EventKind[] = ['evaluation', 'evaluationEnd'];

/** What distinguishes a record from that of a run of this window, at its newest state. */
export interface RunOrigin {
  /** The time of the run's last event, if it ran before the network was opened. */
  readonly earlier?: Date;
  /** It was cut off, because its window was closed or its machine stopped. */
  readonly cutOff?: boolean;
  /** Reads all readings of such a run from its folder. */
  readonly readLog?: (folder: string) => Promise<Recording>;
  /** The step whose statistics these are, if they are not the newest. */
  readonly replayed?: number;
  readonly folder?: string;
}

export class RunRecord {
  readonly #kept = new Map<EventKind, Placed[]>();
  #count = 0;
  /** For all step events, of which only the last is kept. */
  #points: CurvePoint[] = [];
  readonly #reported = new Recording();
  #read: Promise<Recording> | undefined;
  #movedTo: string | undefined;

  /** Events are kept as reported, and read with the names of now. */
  readonly names: RunNames;
  /** The names of the text that was evaluated, which may be later than that of the training. */
  #evaluated: RunNames | undefined;

  constructor(
    /** The spec that runs. */
    ran: string,
    readonly of: RunOrigin = {},
  ) {
    this.names = new RunNames(ran);
  }

  /** The spec that runs, with the names that its layers have now. */
  get text(): string {
    return this.names.text;
  }

  /** Begins an evaluation of the weights, whose events follow and replace those of an earlier one. Returns the names in its text. */
  evaluate(text: string): RunNames {
    this.#evaluated = new RunNames(text);
    for (const kind of ofEvaluation) this.#kept.delete(kind);
    return this.#evaluated;
  }

  /** Follows a change of the network's text, as `RunNames.follow`. */
  follow(before: NetworkSpec | undefined, now: NetworkSpec): boolean {
    const all = [this.names, ...(this.#evaluated ? [this.#evaluated] : [])];
    return all.filter((names) => names.follow(before, now)).length > 0;
  }

  get earlier(): Date | undefined {
    return this.of.earlier;
  }

  get cutOff(): boolean {
    return this.of.cutOff ?? false;
  }

  get replayed(): number | undefined {
    return this.of.replayed;
  }

  /** Where its files are; undefined for a run of this window that has not ended. */
  get folder(): string | undefined {
    return this.#movedTo ?? this.of.folder ?? this.last('end')?.folder;
  }

  /** Its files are in this folder from now on. */
  moveTo(folder: string): void {
    this.#movedTo = folder;
  }

  /** All readings of the run. For an earlier run, they are read from its log when they are first needed. */
  async recording(): Promise<Recording> {
    const { folder } = this;
    if (folder !== undefined) this.#read ??= this.of.readLog?.(folder);
    let recording = this.#reported;
    try {
      recording = (await this.#read) ?? this.#reported;
    } catch {
      // The log is missing or cannot be read; it may be available next time.
      this.#read = undefined;
    }
    return recording.through((event) => this.names.translate(event));
  }

  /** The run as it was at a moment, with the names of now. */
  at({ step, stats, detail, findings }: Moment): RunRecord {
    const { readLog: _, ...of } = this.of;
    const then = new RunRecord(this.text, { ...of, replayed: step });
    if (of.folder !== undefined && this.#movedTo !== undefined) then.moveTo(this.#movedTo);
    for (const event of [this.last('plan'), stats, detail, ...findings]) if (event) then.add(event);
    return then;
  }

  /** In the order reported; only the last of steps and statistics, and all points of the curve. */
  get events(): TrainingEvent[] {
    return [...this.#kept.values()]
      .flat()
      .sort((one, other) => one.place - other.place)
      .map(({ event }) =>
        this.#translate(event.event === 'step' ? { ...event, points: [...this.#points] } : event),
      );
  }

  get stats(): NetworkStats | undefined {
    return this.last('stats')?.layers;
  }

  /** A layer's last statistics; `stale` if the layer's text or shapes are not those of the layer that ran. */
  statsOf(
    layer: string,
    textNow: string | undefined,
    shapesNow?: string,
  ): { readonly stats: LayerStats; readonly stale: boolean } | undefined {
    const { analysis } = this.names;
    const { stats } = this;
    if (!stats || !Object.hasOwn(stats, layer)) return undefined;
    const detail = this.last('detail')?.layers;
    const details = detail && Object.hasOwn(detail, layer) ? detail[layer] : {};
    return {
      stats: { ...details, ...stats[layer] },
      stale: !(
        isSameLayer(layerText(this.text, analysis, layer), textNow) &&
        areSameShapes(layerShapes(analysis, layer), shapesNow)
      ),
    };
  }

  last<E extends EventKind>(kind: E): EventOfKind<E> | undefined {
    const event = this.#kept.get(kind)?.at(-1)?.event as EventOfKind<E> | undefined;
    return event && this.#translate(event);
  }

  /** Those that are kept, in the order reported. */
  all<E extends EventKind>(kind: E): readonly EventOfKind<E>[] {
    return (this.#kept.get(kind) ?? []).map(({ event }) => this.#translate(event as EventOfKind<E>));
  }

  add(event: TrainingEvent): void {
    const { event: kind } = event;
    this.#reported.add(event);
    if (kind === 'step') this.#addPoints(event.points);
    const { keep } = eventKinds[kind];
    const kept = (keep && this.#kept.get(kind)) ?? [];
    kept.push({ place: this.#count++, event });
    this.#kept.set(kind, keep ? atMost(keep, kept) : kept);
  }

  #translate<E extends TrainingEvent>(event: E): E {
    return ((ofEvaluation.includes(event.event) && this.#evaluated) || this.names).translate(event);
  }

  #addPoints(points: readonly CurvePoint[]): void {
    for (const point of points) this.#points.push(point);
    if (this.#points.length > mostPoints) this.#points = this.#points.filter((_, index) => index % 2 === 0);
  }
}

interface Placed {
  /** Among all events reported. */
  readonly place: number;
  readonly event: TrainingEvent;
}

/** A log that comes with a folder may contain any number of events of any kind. */
const atMost = ({ most, drop }: Keeping, kept: Placed[]): Placed[] =>
  kept.length <= most
    ? kept
    : kept.filter((_, index) => (drop === 'everyOther' ? index % 2 === 0 : index >= kept.length / 2));
