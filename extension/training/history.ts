/** What a view needs to redraw a run from its beginning, in bounded memory. */
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { CurvePoint, TrainingEvent } from '../../engine/protocol/events.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';

type EventOf<E extends TrainingEvent['event']> = Extract<TrainingEvent, { event: E }>;

/** Epochs that are kept. */
const mostEpochs = 2000;
/** Points of the curve that are kept: those of the longest runs are far more than a chart has pixels. */
const mostPoints = 20_000;

export class RunHistory {
  #events: TrainingEvent[] = [];
  /** Of all step events, of which only the last is kept. */
  #points: CurvePoint[] = [];
  readonly #last = new Map<TrainingEvent['event'], TrainingEvent>();
  readonly #counts = new Map<TrainingEvent['event'], number>();
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
    return this.#events.map((event) =>
      event.event === 'step' ? { ...event, points: [...this.#points] } : event,
    );
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
    return this.#last.get(kind) as EventOf<E> | undefined;
  }

  add(event: TrainingEvent): void {
    const { event: kind } = event;
    if (kind === 'stats' || kind === 'step')
      this.#events = this.#events.filter((earlier) => earlier.event !== kind);
    if (kind === 'step') this.#addPoints(event.points);
    this.#events.push(event);
    this.#last.set(kind, event);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (kind === 'epoch' && this.#counts.get(kind)! > mostEpochs) this.#thin(kind);
  }

  #addPoints(points: readonly CurvePoint[]): void {
    for (const point of points) this.#points.push(point);
    if (this.#points.length > mostPoints) this.#points = this.#points.filter((_, index) => index % 2 === 0);
  }

  /** Drops every other event of a kind, so that a curve keeps its shape. */
  #thin(kind: TrainingEvent['event']): void {
    let count = 0;
    this.#events = this.#events.filter((event) => event.event !== kind || count++ % 2 === 0);
    this.#counts.set(kind, Math.ceil(count / 2));
  }
}
