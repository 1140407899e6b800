/**
 * Every statistic: one import and one line each. Views show badges in this order, and of several statistics for one place on
 * a card the first.
 */
import { clippedNorm } from './clippedNorm.ts';
import { deadFraction } from './deadFraction.ts';
import type { LayerStats, Measured, Shape, ShapeValues, Statistic, StatisticDefinition } from './define.ts';
import { gates } from './gates.ts';
import { gradNorm } from './gradNorm.ts';
import { gradRms } from './gradRms.ts';
import { gradThroughTime } from './gradThroughTime.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { notFiniteFraction } from './notFiniteFraction.ts';
import { paramNorm } from './paramNorm.ts';
import { saturatedFraction } from './saturatedFraction.ts';
import { std } from './std.ts';
import { updateRatio } from './updateRatio.ts';
import { zeroFraction } from './zeroFraction.ts';

export const statistics: readonly Statistic[] = [
  mean,
  std,
  min,
  max,
  gradThroughTime,
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
  gates,
];

/** All statistics of one layer. */
export function readStatistics(measured: Measured): LayerStats {
  const stats: { [key: string]: ShapeValues[Shape] } = {};
  for (const statistic of statistics) {
    if (statistic.appliesTo?.(measured.definition) === false) continue;
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
