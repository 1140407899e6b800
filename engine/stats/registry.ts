/**
 * Every statistic: one import and one line each, and those that layers bring along. Views show badges in this order, and of
 * several statistics for one place on a card the first.
 */
import type { LayerDefinition } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import type { AnyMeasuredStatistic } from '../layers/statistic.ts';
import { clippedNorm } from './clippedNorm.ts';
import { deadFraction } from './deadFraction.ts';
import type {
  ExtraStatistic,
  LayerStats,
  Measured,
  Shape,
  ShapeValues,
  Statistic,
  StatisticDefinition,
} from './define.ts';
import { gradNorm } from './gradNorm.ts';
import { gradRms } from './gradRms.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { notFiniteFraction } from './notFiniteFraction.ts';
import { paramNorm } from './paramNorm.ts';
import { saturatedFraction } from './saturatedFraction.ts';
import { std } from './std.ts';
import { updateRatio } from './updateRatio.ts';
import { zeroFraction } from './zeroFraction.ts';

/** Those that layers bring along; several layers may have one, under the same key. */
const ofLayers: readonly AnyMeasuredStatistic[] = [
  ...new Map(
    layers.types.flatMap((type) =>
      (layers.get(type).statistics ?? []).map((statistic) => [statistic.key, statistic] as const),
    ),
  ).values(),
];

export const statistics: readonly (Statistic | AnyMeasuredStatistic)[] = [
  mean,
  std,
  min,
  max,
  ...ofLayers,
  notFiniteFraction,
  deadFraction,
  saturatedFraction,
  zeroFraction,
  gradNorm,
  gradRms,
  paramNorm,
  updateRatio,
  // Last of what has a badge, as it comes and goes: nothing stands behind it that would move.
  clippedNorm,
];

const ofAll = statistics.filter(
  (statistic): statistic is Statistic => !ofLayers.includes(statistic as never),
);

const isExtra = (statistic: Statistic): statistic is ExtraStatistic => 'measure' in statistic;

const applies = ({ appliesTo }: Statistic, definition: LayerDefinition): boolean =>
  appliesTo?.(definition) !== false;

/** Those of a layer with a measurement of their own. */
export const measuredOf = (definition: LayerDefinition): readonly AnyMeasuredStatistic[] => [
  ...ofAll.filter(isExtra).filter((statistic) => applies(statistic, definition)),
  ...(definition.statistics ?? []),
];

/** All statistics of one layer that are read off the common passes. */
export function readStatistics(measured: Measured): LayerStats {
  const stats: { [key: string]: ShapeValues[Shape] } = {};
  for (const statistic of ofAll) {
    if (isExtra(statistic) || !applies(statistic, measured.definition)) continue;
    const value = statistic.read(measured);
    if (value !== undefined) stats[statistic.key] = value;
  }
  return stats;
}

/** A statistic with its value, of whatever shape. */
export type Shown = {
  readonly [S in Shape]: {
    readonly statistic: StatisticDefinition<S>;
    readonly shape: S;
    readonly value: ShapeValues[S];
  };
}[Shape];

/** What views show of a layer, in the order of the registry. */
export function shownStatistics(stats: LayerStats): readonly Shown[] {
  return statistics.flatMap((statistic) => {
    const { key, shape, words, shows } = statistic as StatisticDefinition;
    if (!words || !Object.hasOwn(stats, key)) return [];
    const value = stats[key];
    return shows && !shows(value, stats) ? [] : [{ statistic, shape, value } as Shown];
  });
}
