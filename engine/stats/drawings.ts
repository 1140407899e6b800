/**
 * Values of statistics as shapes to draw, the same in every view: outlines as the `d` of an SVG path, within a width of 1 and a height of
 * 1, downwards.
 */
import type { Histogram } from '../schema/statistic.ts';
import { barHeights } from './bars.ts';

const short = (value: number): string => String(Math.round(value * 1e4) / 1e4);

/** Bars side by side, of heights from 0 to 1. */
export function barsPath(heights: readonly number[]): string {
  const width = 1 / heights.length;
  return heights
    .map((height, index) =>
      height > 0 ? `M${short((index + 0.08) * width)} 1v${short(-height)}h${short(0.84 * width)}V1z` : '',
    )
    .join('');
}

/** A line through values from `low` to `high`, with gaps where values are not finite. */
export function linePath(values: readonly number[], low: number, high: number): string {
  const across = Math.max(1, values.length - 1);
  let pen = 'M';
  let path = '';
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      pen = 'M';
      continue;
    }
    const y = high > low ? 1 - (value - low) / (high - low) : 0.5;
    path += `${pen}${short(index / across)} ${short(Math.max(0, Math.min(1, y)))}`;
    pen = 'L';
  }
  return path;
}

/** The area between a line of shares and the edge from which it is measured: the lower or the upper one. */
export function areaPath(shares: readonly number[], from: 'below' | 'above'): string {
  const heights = from === 'below' ? shares : shares.map((share) => 1 - share);
  const edge = from === 'below' ? 1 : 0;
  return shares.length === 0 ? '' : `M0 ${edge}${linePath(heights, 0, 1).replaceAll('M', 'L')}L1 ${edge}z`;
}

/** Norms over time, on a logarithmic scale. */
export const normsPath = (norms: readonly number[]): string => barsPath(barHeights(norms));

/** The part of the axis, from 0 to 1, that contains all entries of all histograms. All have the same axis. */
export interface Axis {
  readonly low: number;
  readonly high: number;
}

/** From the smallest to the largest value of all of them. */
export function axisOf(histograms: readonly Histogram[]): Axis {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { scale, low: from, high: to, counts } of histograms) {
    const first = counts.findIndex((count) => count > 0);
    if (first < 0) continue;
    const width = (to - from) / counts.length;
    const last = counts.findLastIndex((count) => count > 0);
    low = Math.min(low, scale === 'log' ? from + first * width : from);
    high = Math.max(high, scale === 'log' ? from + (last + 1) * width : to);
  }
  if (low > high) return { low: 0, high: 1 };
  return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high };
}

/**
 * The number of bars: on a logarithmic axis, as many as the shown part has bins, so that bars stay in place; otherwise as many as
 * the histogram has bins.
 */
export const barsOn = ({ scale, low, high, counts }: Histogram, axis: Axis): number =>
  scale === 'log'
    ? Math.max(1, Math.round(((axis.high - axis.low) / (high - low)) * counts.length))
    : counts.length;

/** Heights from 0 to 1 of that many bars along an axis; the highest is 1. */
export function histogramHeights(histogram: Histogram, axis: Axis, bars = barsOn(histogram, axis)): number[] {
  const { low, high } = axis;
  const sums = new Array<number>(bars).fill(0);
  const { low: from, high: to, counts } = histogram;
  const scale = bars / (high - low);
  for (const [bin, count] of counts.entries()) {
    const start = (from + ((to - from) * bin) / counts.length - low) * scale;
    const end = Math.max((from + ((to - from) * (bin + 1)) / counts.length - low) * scale, start + 1e-9);
    for (let bar = Math.max(0, Math.floor(start)); bar < Math.min(bars, Math.ceil(end)); bar++)
      sums[bar] += (count * (Math.min(end, bar + 1) - Math.max(start, bar))) / (end - start);
  }
  const most = Math.max(...sums);
  return most > 0 ? sums.map((sum) => sum / most) : sums;
}
