/** What a view needs to redraw a run from its beginning, in bounded memory. */
import { analyze } from '../../engine/graph/analyze.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { LayerStats, NetworkStats } from '../../engine/protocol/statistics.ts';
import { layerText } from '../networks.ts';

type EventOf<E extends TrainingEvent['event']> = Extract<TrainingEvent, { event: E }>;

/** Points of a curve that are kept. A chart is no wider in pixels. */
const mostPoints = 2000;

export class RunHistory {
  #events: TrainingEvent[] = [];
  readonly #last = new Map<TrainingEvent['event'], TrainingEvent>();
  readonly #counts = new Map<TrainingEvent['event'], number>();
  #analysis: Analysis | undefined;

  /** `text` is the spec that runs; `earlier` is when the run was last heard of, if it ran before the network was opened. */
  constructor(
    readonly text: string,
    readonly earlier?: Date,
  ) {}

  /** In the order told; of statistics only the last. */
  get events(): TrainingEvent[] {
    return [...this.#events];
  }

  /** The same for a view of `text`, which a restored run may no longer be about: without figures of changed layers. */
  eventsFor(text: string): TrainingEvent[] {
    if (this.earlier === undefined) return this.events;
    const analysis = analyze(text);
    return this.#events.map((event) => {
      if (event.event !== 'stats') return event;
      const layers = Object.entries(event.layers).filter(([name]) =>
        this.statsOf(name, layerText(text, analysis, name)),
      );
      return { ...event, layers: Object.fromEntries(layers) };
    });
  }

  get stats(): NetworkStats | undefined {
    return this.last('stats')?.layers;
  }

  /** A layer's last figures, unless the layer's text is no longer what was run. */
  statsOf(layer: string, textNow: string | undefined): LayerStats | undefined {
    const { stats } = this;
    if (!stats || !Object.hasOwn(stats, layer)) return undefined;
    this.#analysis ??= analyze(this.text);
    return layerText(this.text, this.#analysis, layer) === textNow ? stats[layer] : undefined;
  }

  last<E extends TrainingEvent['event']>(kind: E): EventOf<E> | undefined {
    return this.#last.get(kind) as EventOf<E> | undefined;
  }

  add(event: TrainingEvent): void {
    const { event: kind } = event;
    if (kind === 'stats') this.#events = this.#events.filter((earlier) => earlier.event !== 'stats');
    this.#events.push(event);
    this.#last.set(kind, event);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (kind !== 'stats' && this.#counts.get(kind)! > mostPoints) this.#thin(kind);
  }

  /** Drops every other event of a kind, so that a curve keeps its shape. */
  #thin(kind: TrainingEvent['event']): void {
    let count = 0;
    this.#events = this.#events.filter((event) => event.event !== kind || count++ % 2 === 0);
    this.#counts.set(kind, Math.ceil(count / 2));
  }
}
