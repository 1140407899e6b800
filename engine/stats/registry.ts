/**
 * Every statistic: one import and one line each, and those that layers declare. Views show badges in this order. If several
 * statistics have the same place on a card, it shows the first.
 */
import type { LayerDefinition } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import type { AnyDetailStatistic, AnyMeasuredStatistic } from '../layers/statistic.ts';
import { activationHistogram } from './activationHistogram.ts';
import { channelActivity } from './channelActivity.ts';
import { clippedNorm } from './clippedNorm.ts';
import { clippedShare } from './clippedShare.ts';
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
import { featureMaps } from './featureMaps.ts';
import { gradientHistogram } from './gradientHistogram.ts';
import { gradNorm } from './gradNorm.ts';
import { gradNorms } from './gradNorms.ts';
import { gradRatio } from './gradRatio.ts';
import { gradRms } from './gradRms.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { notFiniteFraction } from './notFiniteFraction.ts';
import { parameterGradientHistogram } from './parameterGradientHistogram.ts';
import { paramNorm } from './paramNorm.ts';
import { saturatedFraction } from './saturatedFraction.ts';
import { std } from './std.ts';
import { updateHistogram } from './updateHistogram.ts';
import { updateRatio } from './updateRatio.ts';
import { updateRatios } from './updateRatios.ts';
import { weightPictures } from './weightPictures.ts';
import { zeroFraction } from './zeroFraction.ts';

/** Statistics that layers declare. Several layers may have the same one, under the same key. */
function ofLayerTypes<T extends StatisticDefinition>(
  list: (definition: LayerDefinition) => readonly T[] | undefined,
): readonly T[] {
  const all = layers.types.flatMap((type) => list(layers.get(type)) ?? []);
  return [...new Map(all.map((statistic) => [statistic.key, statistic])).values()];
}

const ofLayers = ofLayerTypes<AnyMeasuredStatistic>(({ statistics }) => statistics);

/** Details of every layer to which they apply. */
const detailsOfAll: readonly AnyDetailStatistic[] = [
  activationHistogram,
  gradientHistogram,
  parameterGradientHistogram,
  updateHistogram,
  channelActivity,
  featureMaps,
  weightPictures,
];

/** What every reading measures, and what is measured in detail. */
export const statistics: readonly (Statistic | AnyMeasuredStatistic | AnyDetailStatistic)[] = [
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
  gradNorms,
  gradRms,
  gradRatio,
  paramNorm,
  updateRatio,
  updateRatios,
  // The last ones with a badge: they come and go, and would move a badge after them.
  clippedShare,
  clippedNorm,
  ...ofLayerTypes<AnyDetailStatistic>(({ details }) => details),
  ...detailsOfAll,
];

const ofAll = statistics.filter(
  (statistic): statistic is Statistic => !ofLayers.includes(statistic as never) && !('look' in statistic),
);

const isExtra = (statistic: Statistic): statistic is ExtraStatistic => 'measure' in statistic;

const applies = ({ appliesTo }: Statistic, definition: LayerDefinition): boolean =>
  appliesTo?.(definition) !== false;

/** The statistics of a layer with their own measurement. */
export const measuredOf = (definition: LayerDefinition): readonly AnyMeasuredStatistic[] => [
  ...ofAll.filter(isExtra).filter((statistic) => applies(statistic, definition)),
  ...(definition.statistics ?? []),
];

/** The details of a layer. */
export const detailsOf = ({ details = [] }: LayerDefinition): readonly AnyDetailStatistic[] => [
  ...details,
  ...detailsOfAll,
];

/** All statistics of one layer that are computed from the common passes. */
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

/** What views show about a layer, in the order of the registry. */
export function shownStatistics(stats: LayerStats): readonly Shown[] {
  return statistics.flatMap((statistic) => {
    const { key, shape, words, shows } = statistic as StatisticDefinition;
    if (!words || !Object.hasOwn(stats, key)) return [];
    const value = stats[key];
    return shows && !shows(value, stats) ? [] : [{ statistic, shape, value } as Shown];
  });
}
