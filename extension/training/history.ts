/** What a view needs to redraw a run from its beginning, in bounded memory. */
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { CurvePoint, TrainingEvent } from '../../engine/protocol/events.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';

type EventOf<E extends TrainingEvent['event']> = Extract<TrainingEvent, { event: E }>;

/**
 * Events of a kind that are kept. Of those that each make the earlier ones void, and of those of which a run has one, the
 * newest; a log that comes with a folder may hold any number of any.
 */
const most: { readonly [K in TrainingEvent['event']]: number } = {
  plan: 1,
  step: 1,
  stats: 1,
  epoch: 2000,
  evaluation: 100,
  finding: 200,
  warning: 100,
  end: 1,
};
/** Points of the curve that are kept: those of the longest runs are far more than a chart has pixels. */
const mostPoints = 20_000;

export class RunHistory {
  readonly #kept = new Map<TrainingEvent['event'], Placed[]>();
  #count = 0;
  /** Of all step events, of which only the last is kept. */
  #points: CurvePoint[] = [];
  #analysis: Analysis | undefined;

  /**
   * `text` is the spec that runs; `earlier` is when the run was last heard of, if it ran before the network was opened;
   * `cutOff` says that it then came to no end, because its window or its machine did.
   */
  constructor(
    readonly text: string,
    readonly earlier?: Date,
    readonly cutOff = false,
  ) {}

  /** In the order reported; of steps and statistics only the last, with all points of the curve. */
  get events(): TrainingEvent[] {
    return [...this.#kept.values()]
      .flat()
      .sort((one, other) => one.place - other.place)
      .map(({ event }) => (event.event === 'step' ? { ...event, points: [...this.#points] } : event));
  }

  get stats(): NetworkStats | undefined {
    return this.last('stats')?.layers;
  }

  /** A layer's last statistics; `stale` when the layer's text, `textNow`, is no longer what was run. */
  statsOf(
    layer: string,
    textNow: string | undefined,
  ): { readonly stats: LayerStats; readonly stale: boolean } | undefined {
    const { stats } = this;
    if (!stats || !Object.hasOwn(stats, layer)) return undefined;
    this.#analysis ??= analyze(this.text);
    return { stats: stats[layer], stale: layerText(this.text, this.#analysis, layer) !== textNow };
  }

  last<E extends TrainingEvent['event']>(kind: E): EventOf<E> | undefined {
    return this.#kept.get(kind)?.at(-1)?.event as EventOf<E> | undefined;
  }

  add(event: TrainingEvent): void {
    const { event: kind } = event;
    if (kind === 'step') this.#addPoints(event.points);
    const kept = (most[kind] > 1 && this.#kept.get(kind)) || [];
    kept.push({ place: this.#count++, event });
    this.#kept.set(kind, kept.length > most[kind] ? fewer(kind, kept) : kept);
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

/** Every other epoch, so that a curve keeps its shape; of other kinds the newest. */
const fewer = (kind: TrainingEvent['event'], kept: readonly Placed[]): Placed[] =>
  kept.filter((_, index) => (kind === 'epoch' ? index % 2 === 0 : index >= kept.length / 2));
