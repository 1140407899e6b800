/** Collects the data of a replay page from a recorded run, thinned so that the page stays small. */
import type { CurvePoint, EventKind, EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import type { ReplaySource } from '../../engine/protocol/replayPage.ts';
import { healthLabel, healthStates } from '../../engine/schema/healthStates.ts';
import { oneLine } from '../../engine/schema/plainText.ts';
import { thinned } from '../../engine/schema/thinned.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';
import { type StatsBadge, statsBadges } from '../../engine/stats/format.ts';
import { healthOf } from '../../engine/stats/health.ts';
import { worstInside } from '../../engine/stats/inside.ts';
import { statistics } from '../../engine/stats/registry.ts';
import { isShareScore, scoreLabel } from '../../engine/stats/scores.ts';
import { type LineLook, lineLook } from '../canvas/gradientFlow.ts';
import type { NetworkView } from '../model/network.ts';
import { RunSeries } from '../model/series.ts';
import { patternId } from '../picture/card.ts';
import { levelMeanings, strokeOf } from '../picture/legend.ts';
import type { PictureLook } from '../picture/looks.ts';
import {
  type LayerReading,
  type ReplayChart,
  type ReplayData,
  type ReplayFinding,
  type ReplayLine,
  type ReplayReading,
  written,
} from './data.ts';
import { gatherDetails } from './gatherDetails.ts';

/** Readings and points of a curve. */
const most = 2000;
/** Characters of all readings together. */
const mostCharacters = 6_000_000;
const longestMessage = 1000;
const readingsAtOnce = 20;

/** Pauses regularly, so that the host can answer meanwhile. `outputs`: where connections of the picture begin. */
export async function gather(
  { recording, events, translations = {} }: ReplaySource,
  view: NetworkView,
  outputs: readonly OutputRef[],
  look: PictureLook,
): Promise<Omit<ReplayData, 'layers' | 'sources'> & { readonly layers: readonly ReplayLayer[] }> {
  const layers = layersOf(view);
  const plan = last(events, 'plan');
  const table = new StatisticsTable();
  const lines = new LineTable(look);
  const kept: (Pick<ReplayReading, 'step' | 'epoch' | 'lines'> & {
    readonly badges: readonly (Read | undefined)[];
  })[] = [];
  for (const { step, layers: stats } of recording.readings(most)) {
    const epoch = plan ? Math.min(plan.epochs, Math.max(1, Math.ceil(step / plan.stepsPerEpoch))) : 1;
    kept.push({
      step,
      epoch,
      badges: layers.map((layer) => table.read(layer.statsOf(stats))),
      lines: outputs.map((from) => lines.indexOf(lineLook({ stats, ran: view.whole }, view, from))),
    });
    if (kept.length % readingsAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  const readings = kept.map(
    ({ badges, ...reading }): ReplayReading => ({
      ...reading,
      layers: badges.map((one) => table.write(one)),
    }),
  );
  return {
    epochs: plan?.epochs ?? 1,
    statistics: table.columns.map(({ label, name, meaning, card }) => ({
      label,
      name,
      meaning,
      ...(card ? { card } : {}),
    })),
    layers,
    healths: healths.map(({ pattern, state }) => ({ pattern, label: healthLabel(state) })),
    lines: lines.all,
    readings: fitting(readings),
    recorded: recording.seen,
    ...(await gatherDetails(recording, layers)),
    charts: chartsOf(events),
    findings: findingsOf(events),
    translations,
  };
}

export interface ReplayLayer {
  readonly name: string;
  readonly kind: string;
  statsOf(stats: NetworkStats): LayerStats | undefined;
  /** A use of a block has none: they are with its inner layers. */
  detailOf(stats: NetworkStats): LayerStats | undefined;
}

/** The layers of the network, a use of a block with the statistics of the inner layer in the worst state; then those inside. */
function layersOf({ layers, whole }: NetworkView): ReplayLayer[] {
  const running = whole.graph.layers.map(({ name }) => name);
  const own = (stats: NetworkStats, name: string) => (Object.hasOwn(stats, name) ? stats[name] : undefined);
  const inView = layers.map(({ name, definition, type }): ReplayLayer => {
    const isUse = definition?.category === 'block';
    return {
      name,
      kind: isUse ? type : (definition?.label ?? type),
      statsOf: (stats) =>
        isUse
          ? worstInside(running, name, (inside) => wrapped(own(stats, inside)))?.found.stats
          : own(stats, name),
      detailOf: (stats) => (isUse ? undefined : own(stats, name)),
    };
  });
  const inside = whole.graph.layers.filter(({ name }) => !layers.some((layer) => layer.name === name));
  return [
    ...inView,
    ...inside.map(
      ({ name, definition }): ReplayLayer => ({
        name,
        kind: definition.label,
        statsOf: (stats) => own(stats, name),
        detailOf: (stats) => own(stats, name),
      }),
    ),
  ];
}

const wrapped = (stats: LayerStats | undefined) => stats && { stats };

const healths = healthStates.flatMap((state) =>
  (['bad', 'warn'] as const).map((tone) => ({ state, pattern: patternId({ state, tone }) })),
);

interface Read {
  readonly health: number;
  readonly badges: readonly StatsBadge[];
}

/** Collects the statistics of a run, and writes each reading in their order. */
class StatisticsTable {
  readonly #found = new Map<string, StatsBadge>();
  #columns: readonly StatsBadge[] | undefined;

  get columns(): readonly StatsBadge[] {
    this.#columns ??= statistics.flatMap(({ key }) => this.#found.get(key) ?? []);
    return this.#columns;
  }

  read(stats: LayerStats | undefined): Read | undefined {
    if (!stats) return undefined;
    const badges = statsBadges(stats);
    for (const badge of badges) if (!this.#found.has(badge.key)) this.#found.set(badge.key, badge);
    const health = healthOf(stats);
    return {
      health: health ? healths.findIndex(({ pattern }) => pattern === patternId(health)) : -1,
      badges,
    };
  }

  write(read: Read | undefined): LayerReading | null {
    if (!read) return null;
    const texts = new Map(read.badges.map(({ key, value, tone }) => [key, written(value.trim(), tone)]));
    return [read.health, ...this.columns.map(({ key }) => texts.get(key) ?? '')];
  }
}

/** The looks of connections that occur in a run. */
class LineTable {
  readonly #indices = new Map<string, number>();
  readonly #look: PictureLook;
  readonly all: ReplayLine[] = [];

  constructor(look: PictureLook) {
    this.#look = look;
  }

  indexOf({ width, level }: LineLook): number {
    const key = `${width} ${level}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const { stroke, 'stroke-dasharray': dashes = '' } = strokeOf(level, this.#look);
    this.#indices.set(key, this.all.length);
    const meaning = level && levelMeanings[level]?.();
    return this.all.push({ width, stroke, dashes, ...(meaning ? { meaning } : {}) }) - 1;
  }
}

/** As many readings as fit into the page. */
function fitting(readings: readonly ReplayReading[]): readonly ReplayReading[] {
  let kept = readings;
  while (kept.length > 2 && JSON.stringify(kept).length > mostCharacters)
    kept = thinned(kept, Math.ceil(kept.length / 2) + 1);
  return kept;
}

const last = <K extends EventKind>(events: readonly TrainingEvent[], kind: K): EventOfKind<K> | undefined =>
  events.findLast((event): event is EventOfKind<K> => event.event === kind);

function chartsOf(events: readonly TrainingEvent[]): ReplayChart[] {
  const points = events.flatMap((event) => (event.event === 'step' ? event.points : []));
  const epochs = events.filter((event) => event.event === 'epoch');
  const series = new RunSeries();
  series.addStep({ points: thinned<CurvePoint>(points, most) });
  for (const epoch of thinned(epochs, most)) series.addEpoch(epoch);
  return series.metrics.map((metric) => {
    const [steps, train, test] = series.columns(metric);
    return {
      title: oneLine(scoreLabel(metric), longestMessage),
      isShare: isShareScore(metric),
      steps,
      train: train.map(short),
      test: test.map(short),
    };
  });
}

/** More digits than are visible in a chart. */
const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)));

/** As many as other views keep. */
const mostFindings = 200;

const findingsOf = (events: readonly TrainingEvent[]): ReplayFinding[] =>
  events
    .filter((event) => event.event === 'finding')
    .slice(-mostFindings)
    .map(({ step, severity, message, code, layer }) => ({
      step,
      severity,
      message: oneLine(message, longestMessage),
      code: oneLine(code, longestMessage),
      ...(layer === undefined ? {} : { layer: oneLine(layer, longestMessage) }),
    }));
