/**
 * The run as it goes, apart from the network: figures change ten times a second, and only what shows a figure
 * may be drawn again for it.
 */
import { create } from 'zustand';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { LayerStats, NetworkStats } from '../../engine/protocol/statistics.ts';
import { RunSeries } from './series.ts';

type Event<E extends TrainingEvent['event']> = Extract<TrainingEvent, { event: E }>;

export interface Run {
  readonly plan: Event<'plan'> | undefined;
  readonly step: Event<'step'> | undefined;
  readonly epoch: Event<'epoch'> | undefined;
  readonly evaluation: Event<'evaluation'> | undefined;
  readonly end: Event<'end'> | undefined;
  readonly stats: NetworkStats;
  /** When the run ended, in milliseconds since 1970, if that was before the network was opened. */
  readonly earlier: number | undefined;
  readonly series: RunSeries;
  /** Grows with every change of `series`, which changes in place. */
  readonly version: number;
}

const nothing = (): Run => ({
  plan: undefined,
  step: undefined,
  epoch: undefined,
  evaluation: undefined,
  end: undefined,
  stats: {},
  earlier: undefined,
  series: new RunSeries(),
  version: 0,
});

export const useRun = create<Run>()(nothing);

/** There is or was a run. */
export const hasRun = ({ plan, evaluation, end }: Run): boolean =>
  plan !== undefined || evaluation !== undefined || end !== undefined;

const handlers: { readonly [E in TrainingEvent['event']]: (run: Run, event: Event<E>) => Run } = {
  plan: (_run, plan) => ({ ...nothing(), plan }),
  step: (run, step) => {
    run.series.addStep(step);
    return { ...run, step };
  },
  stats: (run, { layers }) => ({ ...run, stats: layers }),
  epoch: (run, epoch) => {
    run.series.addEpoch(epoch);
    return { ...run, epoch };
  },
  evaluation: (run, evaluation) => ({ ...run, evaluation }),
  end: (run, end) => ({ ...run, end }),
};

export function afterEvent(run: Run, event: TrainingEvent): Run {
  const handler = handlers[event.event] as (run: Run, event: TrainingEvent) => Run;
  return { ...handler(run, event), version: run.version + 1 };
}

/** `replay`: the events tell the run from its beginning. */
export function receiveEvents(events: readonly TrainingEvent[], replay: boolean, earlier?: number): void {
  const run = events.reduce(afterEvent, replay ? nothing() : useRun.getState());
  useRun.setState(replay ? { ...run, earlier } : run);
}

/** When the run ended, as people read it, if that was before the network was opened. */
export function useEarlier(): string | undefined {
  const earlier = useRun((run) => run.earlier);
  if (earlier === undefined) return undefined;
  const language = document.documentElement.lang || undefined;
  return new Date(earlier).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

export const useStats = (layer: string): LayerStats | undefined =>
  useRun(({ stats }) => (Object.hasOwn(stats, layer) ? stats[layer] : undefined));
