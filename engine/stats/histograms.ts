/** Histograms of tensors: linear over the range of the values, or over their sizes in powers of ten. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { Histogram } from '../schema/statistic.ts';

/** A range of elements that a histogram counts: of `values`, or of their difference from `before`. */
export interface Stretch {
  readonly values: FloatArray;
  readonly offset: number;
  readonly count: number;
  readonly before?: FloatArray;
}

const histogramBins = 32;
/** Every histogram of sizes spans these powers of ten, so that histograms can be compared over time and between layers. */
const sizeRange = { low: -12, high: 4 };
/** The most elements that are examined; of a larger tensor, every n-th. */
const mostElements = 4096;

/** Visits at most `mostElements` of the elements. The step is odd: most layers have an even number of channels, and all are visited. */
function forSome(stretches: readonly Stretch[], visit: (value: number) => void): void {
  const total = stretches.reduce((sum, { count }) => sum + count, 0);
  const step = total <= mostElements ? 1 : Math.ceil(total / mostElements) | 1;
  let skip = 0;
  for (const { values, offset, count, before } of stretches) {
    let i = skip;
    for (; i < count; i += step) visit(before ? values[offset + i] - before[offset + i] : values[offset + i]);
    skip = i - count;
  }
}

/** The histogram of the values, linear from the smallest to the largest. */
export function histogramOf(stretches: readonly Stretch[]): Histogram {
  let [low, high, zeros, notFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  forSome(stretches, (value) => {
    if (value - value !== 0) notFinite++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
      if (value === 0) zeros++;
    }
  });
  const counts = new Array<number>(histogramBins).fill(0);
  if (low > high) return { scale: 'linear', low: 0, high: 0, counts, zeros, notFinite };
  const width = (high - low) / histogramBins;
  forSome(stretches, (value) => {
    if (value - value === 0)
      counts[width > 0 ? Math.min(histogramBins - 1, Math.floor((value - low) / width)) : 0]++;
  });
  return { scale: 'linear', low, high, counts, zeros, notFinite };
}

/** The histogram of log10 |x| over `sizeRange`. The first and the last bin also count what is outside of this range. */
export function sizeHistogramOf(stretches: readonly Stretch[]): Histogram {
  const { low, high } = sizeRange;
  const counts = new Array<number>(histogramBins).fill(0);
  const perPower = histogramBins / (high - low);
  let [zeros, notFinite] = [0, 0];
  forSome(stretches, (value) => {
    if (value === 0) zeros++;
    else if (value - value !== 0) notFinite++;
    else {
      const bin = Math.floor((Math.log10(Math.abs(value)) - low) * perPower);
      counts[Math.max(0, Math.min(histogramBins - 1, bin))]++;
    }
  });
  return { scale: 'log', low, high, counts, zeros, notFinite };
}
