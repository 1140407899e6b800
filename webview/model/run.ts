/**
 * The current run, separate from the network: statistics change ten times a second, and only components that show them may be
 * rendered again.
 */
import * as l10n from '@vscode/l10n';
import { useMemo } from 'react';
import { create } from 'zustand';
import { analyze } from '../../engine/graph/analyze.ts';
import { areSameShapes, isSameLayer, layerShapes, layerText } from '../../engine/graph/layerText.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { HostToWebview, MomentPlace } from '../../engine/protocol/editor.ts';
import type { EventKind, EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import { readEvent } from '../../engine/protocol/eventText.ts';
import { newestFindings } from '../../engine/protocol/findings.ts';
import { savedEpoch, verdictOf } from '../../engine/protocol/verdict.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { momentText } from '../../engine/schema/moment.ts';
import { countText } from '../../engine/schema/text.ts';
import { bare } from '../../engine/spec/notes.ts';
import { jsonOf } from '../../engine/spec/source.ts';
import { readSyntax } from '../../engine/spec/syntax.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';

import { layersInside, nameInside, worstOf } from '../../engine/stats/inside.ts';
import type { Standing } from '../../engine/stats/scores.ts';
import { fullName, useEditor } from './editor.ts';
import type { NetworkView } from './network.ts';
import { RunSeries } from './series.ts';
import { drawingOf } from './unfolding.ts';

/** The last event of each kind. */
type Latest = { readonly [E in Exclude<EventKind, 'stats' | 'detail' | 'finding'>]?: EventOfKind<E> };

/** The most details of one run that a page keeps, to show how they changed. */
const mostDetails = 16;
/** The most findings of one run that a page keeps. */
const mostFindings = 200;

export type Ran = Pick<Analysis, 'graph' | 'spec' | 'layerRanges' | 'trainingGiven'>;

export interface Run extends Latest {
  /** In the order reported; only the newest if there are very many. */
  readonly findings: readonly EventOfKind<'finding'>[];
  readonly stats: NetworkStats;
  /** Detailed statistics, oldest first. */
  readonly details: readonly EventOfKind<'detail'>[];
  /** The network that ran, with the names that its layers have now. */
  readonly ran: Ran | undefined;
  /** Its text. */
  readonly text: string;
  /** When the run ended, in milliseconds since 1970, if that was before the network was opened. */
  readonly earlier: number | undefined;
  /** Whether it was cut off because its window or its machine stopped. */
  readonly cutOff: boolean;
  /** Whether it is not the last run, but one that the person has opened. */
  readonly opened: boolean;
  readonly series: RunSeries;
  /** Grows with every change of `series`, which changes in place. */
  readonly version: number;
  /** The reading whose statistics, details and findings these are; undefined if they are the newest. */
  readonly replay: MomentPlace | undefined;
}

const nothing = (): Run => ({
  findings: [],
  stats: {},
  details: [],
  ran: undefined,
  text: '',
  earlier: undefined,
  cutOff: false,
  opened: false,
  series: new RunSeries(),
  version: 0,
  replay: undefined,
});

/** The run as shown: the newest state, or the moment of a replay. */
export const useRun = create<Run>()(nothing);

/** The newest state. It keeps changing while an earlier moment is shown. */
let newest: Run = nothing();

/** The differences from the newest state while an earlier moment is shown. */
type Then = Pick<Run, 'replay' | 'stats' | 'details' | 'findings' | 'version'>;
let then: Then | undefined;

const show = (): void => useRun.setState({ ...newest, ...then }, true);

/** Just now, not in a run that ended before the network was opened. */
export const hasFailed = ({ earlier, end, evaluationEnd }: Run): boolean =>
  evaluationEnd?.reason === 'failed' || (end?.reason === 'failed' && earlier === undefined);

/** How the weights that a run has saved compare with guessing. */
export function standingOfRun({ plan, series, end }: Run): Standing {
  const saved = savedEpoch(series.epochs, end?.restoredEpoch);
  return saved ? verdictOf(saved, plan?.baseline).standing : 'better';
}

/** Whether there is or was a run. */
export const hasRun = ({ plan, evaluation, evaluationEnd, end }: Run): boolean =>
  [plan, evaluation, evaluationEnd, end].some((event) => event !== undefined);

/** Further effects of an event, in addition to becoming the last of its kind. */
const handlers: { readonly [E in EventKind]?: (run: Run, event: EventOfKind<E>) => Run } = {
  plan: ({ ran, text }) => ({ ...nothing(), ran, text }),
  step: (run, step) => {
    run.series.addStep(step);
    return run;
  },
  epoch: (run, epoch) => {
    run.series.addEpoch(epoch);
    return run;
  },
  evaluation: ({ evaluationEnd: _, ...run }) => run,
  // Scores of an earlier evaluation do not belong to one that failed.
  evaluationEnd: (run, { reason }) => {
    const { evaluation: _, ...rest } = run;
    return reason === 'finished' ? run : rest;
  },
};

function latest({ findings, details }: Run, event: TrainingEvent): Partial<Run> {
  if (event.event === 'stats') return { stats: event.layers };
  if (event.event === 'detail') return { details: thinned([...details, event]) };
  if (event.event === 'finding')
    return { findings: newestFindings([...findings, event]).slice(-mostFindings) };
  return { [event.event]: event };
}

/** Keeps every other one if there are too many. */
const thinned = (details: Run['details']): Run['details'] =>
  details.length <= mostDetails ? details : details.filter((_, index) => index % 2 === 0);

function afterEvent(run: Run, event: TrainingEvent): Run {
  const handle = handlers[event.event] as ((run: Run, event: TrainingEvent) => Run) | undefined;
  const handled = handle?.(run, event) ?? run;
  return { ...handled, ...latest(handled, event), version: run.version + 1 };
}

const read = (lines: readonly string[]): TrainingEvent[] =>
  lines.map(readEvent).filter((event) => event !== undefined);

/** The run of `text` from its beginning. */
export function receiveRun(
  text: string,
  lines: readonly string[],
  {
    earlier,
    cutOff = false,
    opened = false,
  }: Partial<Pick<HostToWebview['run'], 'earlier' | 'cutOff' | 'opened'>> = {},
): void {
  const ran = analyze(text);
  newest = { ...read(lines).reduce(afterEvent, { ...nothing(), ran, text }), earlier, cutOff, opened };
  then = undefined;
  show();
}

export function receiveEvents(lines: readonly string[]): void {
  newest = read(lines).reduce(afterEvent, newest);
  show();
}

/** Shows an earlier moment of the run, or its newest state again. Curves do not change. */
export function receiveMoment({ at, events }: HostToWebview['moment']): void {
  then = at && momentOf(at, read(events));
  show();
}

function momentOf(replay: MomentPlace, events: readonly TrainingEvent[]): Then {
  const { stats, details, findings } = events.reduce(afterEvent, nothing());
  // The page has only some of the earlier details, which is enough to show how they changed.
  const before = newest.details.filter(({ step }) => step < (details[0]?.step ?? 0));
  const { version } = useRun.getState();
  return { replay, stats, details: [...before, ...details], findings, version };
}

/** When the run ended, as text, if that was before the network was opened. */
export function useEarlier(): string | undefined {
  const earlier = useRun((run) => run.earlier);
  if (earlier === undefined) return undefined;
  return momentText(new Date(earlier), new Date(), document.documentElement.lang || undefined);
}

/** Whether a layer's statistics were measured before its text or its shapes changed. */
function useStale(layer: string): boolean {
  const now = useEditor(({ view }) => view && textOf(view, layer));
  const name = useEditor(({ view }) => fullName(view, layer));
  const shapes = useEditor(({ view }) => view && layerShapes(view.whole, name));
  return useRun((run) => isStale(run, name, now, shapes));
}

const isStale = (
  { ran, text }: Run,
  name: string,
  now: string | undefined,
  shapes: ReturnType<typeof layerShapes>,
): boolean =>
  ran?.layerRanges.has(name) === true &&
  !(isSameLayer(layerText(text, ran, name), now) && areSameShapes(layerShapes(ran, name), shapes));

/** Whether a run failed whose network was another one: places of cards do not count. */
export function useFailedBefore(): boolean {
  const now = useEditor(({ view }) => view?.text);
  return useRun(
    ({ ran, text, end }) =>
      ran !== undefined &&
      end?.reason === 'failed' &&
      now !== undefined &&
      withoutPlaces(text) !== withoutPlaces(now),
  );
}

function withoutPlaces(text: string): string {
  const { root } = readSyntax(text);
  if (!root) return bare(text);
  const { layout: _, ...rest } = jsonOf(root, () => {}) as { readonly [section: string]: Json };
  return JSON.stringify(rest);
}

/** Of a layer within an unfolded block, where the block is defined. */
const textOf = (view: NetworkView, layer: string): string | undefined =>
  view.byName.has(layer)
    ? layerText(view.text, view.analysis, layer)
    : layerText(view.text, view.whole, fullName(view, layer));

/** The reason why a layer's statistics do not belong to the current text or run; undefined if they do. */
export function useStatsNote(layer: string): string | undefined {
  const stale = useStale(layer);
  return useNote(
    stale
      ? l10n.t('Measured before this layer was edited or its shapes changed. Train again for new statistics.')
      : undefined,
  );
}

/** The same for several layers. */
export function useStatsNoteOf(layers: readonly string[]): string | undefined {
  const view = useEditor((state) => state.view);
  const stale = useRun((run) =>
    layers
      .filter((layer) => {
        const name = fullName(view, layer);
        return view && isStale(run, name, textOf(view, layer), layerShapes(view.whole, name));
      })
      .join(', '),
  );
  return useNote(
    stale === ''
      ? undefined
      : l10n.t(
          'Measured before these layers were edited or their shapes changed: {0}. Train again for new statistics.',
          stale,
        ),
  );
}

/** `ofText`: the reason that is in the text, if there is one. */
function useNote(ofText: string | undefined): string | undefined {
  const earlier = useEarlier();
  const replayed = useRun(({ replay }) => replay?.step);
  if (replayed !== undefined)
    return l10n.t(
      'Replay: statistics of step {0} of a recorded run, not the newest ones.',
      countText(replayed),
    );
  return ofText ?? (earlier && l10n.t('Statistics of an earlier run, {0}.', earlier));
}

export function useStats(layer: string): LayerStats | undefined {
  const name = useEditor(({ view }) => fullName(view, layer));
  const isUse = useEditor(({ view }) => isUseIn(view, layer));
  return useRun(({ stats }) =>
    Object.hasOwn(stats, name) ? stats[name] : isUse ? worstNow(stats, layer)?.found.stats : undefined,
  );
}

/** The layer inside of a use of a block whose statistics the use shows, by its name there. */
export function useWorstInside(layer: string): string | undefined {
  const name = useEditor(({ view }) => fullName(view, layer));
  const isUse = useEditor(({ view }) => isUseIn(view, layer));
  const worst = useRun(({ stats }) => (isUse ? worstNow(stats, layer)?.layer : undefined));
  // For several copies, by its name in their use.
  return worst?.startsWith(`${name}/`) ? nameInside(worst, name) : worst?.slice(name.lastIndexOf('/') + 1);
}

const isUseIn = (view: NetworkView | undefined, layer: string): boolean =>
  (view && drawingOf(view).byName.get(layer))?.layer.definition?.category === 'block';

const worstNow = (stats: NetworkStats, layer: string) => worstIn(stats, useEditor.getState().view, layer);

function worstIn(stats: NetworkStats, view: NetworkView | undefined, layer: string) {
  if (!view || !isUseIn(view, layer)) return undefined;
  const { copies = [layer] } = drawingOf(view).byName.get(layer) ?? {};
  const starts = copies.map((copy) => fullName(view, copy));
  const names = view.whole.graph.layers.map(({ name }) => name);
  return worstOf(
    starts.flatMap((start) => layersInside(names, start)),
    (name) => (Object.hasOwn(stats, name) ? { stats: stats[name] } : undefined),
  );
}

/** The same of all layers in view. */
export function allInView(stats: NetworkStats, view: NetworkView): NetworkStats {
  if (Object.keys(stats).length === 0) return stats;
  const statsOf = statsInView(stats, view);
  return Object.fromEntries(
    drawingOf(view).all.flatMap(({ layer: { name } }) => {
      const own = statsOf(name);
      return own ? [[name, own]] : [];
    }),
  );
}

/** Statistics of layers by their names in view. A use of a block has those of the inner layer in the worst state. */
function statsInView(
  stats: NetworkStats,
  view: NetworkView | undefined,
): (layer: string) => LayerStats | undefined {
  return (layer) => {
    const name = fullName(view, layer);
    return Object.hasOwn(stats, name) ? stats[name] : worstIn(stats, view, layer)?.found.stats;
  };
}

/** Detailed statistics of a layer, oldest first. */
export function useDetails(layer: string): readonly LayerStats[] {
  const name = useEditor(({ view }) => fullName(view, layer));
  const details = useRun((run) => run.details);
  return useMemo(
    () => details.flatMap(({ layers }) => (Object.hasOwn(layers, name) ? [layers[name]] : [])),
    [details, name],
  );
}
