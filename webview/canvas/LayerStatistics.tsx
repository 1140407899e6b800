/**
 * The statistics on a card while there is a run. Each has a fixed place, so that nothing moves when they arrive. A
 * statistic's definition says which place it has; how it is drawn follows from the shape of its value.
 */
import type { ComponentType } from 'react';
import type { CardPlace, Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';
import { badgeOf } from '../../engine/stats/format.ts';
import { type Shown, shownStatistics } from '../../engine/stats/registry.ts';
import { Icon } from '../controls/Icon.tsx';
import { TimeStrip } from '../controls/TimeStrip.tsx';
import { useStats, useStatsNote } from '../model/run.ts';

export const cardPlaces: readonly CardPlace[] = ['spread', 'gradient', 'update', 'time'];
/** The number of statistics for which a row has room. */
export const rowPlaces: readonly CardPlace[] = ['share'];

interface Props<S extends Shape> {
  readonly statistic: StatisticDefinition<S>;
  readonly value: ShapeValues[S];
}

const renderers: { readonly [S in Shape]?: ComponentType<Props<S>> } = {
  number: Badge,
  share: Badge,
  series: Strip,
};

interface LayerStatisticsProps {
  readonly name: string;
  readonly places: readonly CardPlace[];
  /** Shown in their place until there are any. */
  readonly otherwise: React.ReactNode;
}

export function LayerStatistics({ name, places, otherwise }: LayerStatisticsProps) {
  const stats = useStats(name);
  const note = useStatsNote(name);
  if (!stats) return otherwise;
  // A share that is not known yet is replaced by the next one.
  const shown = shownStatistics(stats).filter(({ value }) => value !== null);
  return (
    <div className={`layer-statistics ${note === undefined ? '' : 'earlier'}`} title={note}>
      {places.map((place) => (
        <span key={place} className={`place place-${place}`}>
          <Drawn shown={shown.find(({ statistic }) => statistic.card === place)} />
        </span>
      ))}
      {note !== undefined && <Icon name="history" className="statistics-note" label={note} />}
    </div>
  );
}

/** A place without a statistic stays empty. */
function Drawn({ shown }: { readonly shown: Shown | undefined }) {
  const Component = shown && (renderers[shown.shape] as ComponentType<Props<Shape>> | undefined);
  if (!Component) return null;
  return <Component statistic={shown.statistic as StatisticDefinition} value={shown.value} />;
}

function Strip({ statistic, value }: Props<'series'>) {
  const { text, tone } = statistic.verdict?.(value) ?? { text: statistic.words?.().name ?? '', tone: 'good' };
  return (
    <span className={`badge-series ${tone}`} title={text}>
      <TimeStrip norms={value} label={text} />
    </span>
  );
}

function Badge<S extends 'number' | 'share'>({ statistic, value: given }: Props<S>) {
  const badge = badgeOf({ statistic, shape: statistic.shape, value: given } as Shown);
  if (!badge) return null;
  const { key, label, value, name, meaning, tone, share } = badge;
  return (
    <span className={`badge badge-${key} ${tone ?? ''}`} title={`${name}: ${value.trim()}\n${meaning}`}>
      <span className="badge-label">{label}</span>
      <span className="badge-value">{value.trim()}</span>
      {share !== undefined && (
        <span className="share-bar">
          <span style={{ transform: `scaleX(${Math.min(1, Math.max(0, share))})` }} />
        </span>
      )}
    </span>
  );
}
