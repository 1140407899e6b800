/** Drawings of statistics: whatever a log contains, they are shapes within their frame, and a picture is an image that Netloom encodes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaPath,
  axisOf,
  barsPath,
  histogramHeights,
  linePath,
  normsPath,
} from '../../engine/stats/drawings.ts';
import { statsPicture } from '../../extension/language/statsPicture.ts';

const number = fc.double({ noDefaultInfinity: false });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 });
const histogram = fc.record({
  scale: fc.constantFrom('linear' as const, 'log' as const),
  low: finite,
  high: finite,
  counts: fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }),
  zeros: fc.nat(),
  notFinite: fc.nat(),
});

/** Only commands and numbers that an SVG reader takes. */
const isPath = (path: string) => expect(path).toMatch(/^(?:[MLvhVHz\s-]|\d|\.|e-\d)*$/);

describe('drawings', () => {
  it('of any values are paths without numbers that are not finite', () => {
    fc.assert(
      fc.property(
        fc.array(number),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (values, shares) => {
          isPath(linePath(values, 0, 1));
          isPath(barsPath(shares));
          isPath(areaPath(shares, 'below'));
          isPath(areaPath(shares, 'above'));
        },
      ),
      { seed: 3 },
    );
  });

  it('of any histograms have heights from 0 to 1 along one axis', () => {
    fc.assert(
      fc.property(fc.array(histogram, { minLength: 1, maxLength: 4 }), (histograms) => {
        const axis = axisOf(histograms);
        expect(axis.high).toBeGreaterThan(axis.low);
        for (const one of histograms)
          for (const height of histogramHeights(one, axis, 20)) {
            expect(height).toBeGreaterThanOrEqual(0);
            expect(height).toBeLessThanOrEqual(1);
          }
      }),
      { seed: 4 },
    );
  });

  it('keep the counts of a histogram in their places on a wider axis', () => {
    const counts = [4, 0, 2, 1];
    const one = { scale: 'linear' as const, low: 0, high: 4, counts, zeros: 0, notFinite: 0 };
    expect(histogramHeights(one, { low: 0, high: 4 })).toEqual([1, 0, 0.5, 0.25]);
    expect(histogramHeights(one, { low: -4, high: 4 }, 8)).toEqual([0, 0, 0, 0, 1, 0, 0.5, 0.25]);
    // All values are the same.
    const same = { ...one, low: 3, high: 3, counts: [7, 0, 0, 0] };
    expect(axisOf([same])).toEqual({ low: 2.5, high: 3.5 });
    expect(Math.max(...histogramHeights(same, axisOf([same])))).toBe(1);
  });

  it('show a line from the first to the last value, and leave a gap where there is none', () => {
    expect(linePath([0, 1, 0.5], 0, 1)).toBe('M0 1L0.5 0L1 0.5');
    expect(linePath([0, Number.NaN, 1], 0, 1)).toBe('M0 1M1 0');
    isPath(normsPath([0, 1e-30, 5]));
  });
});

describe('the picture of a hover', () => {
  const stats = {
    gradThroughTime: [1e-4, 1e-2, 1],
    activationHistogram: { scale: 'linear', low: -1, high: 1, counts: [1, 2], zeros: 0, notFinite: 0 },
    gateCourses: { forget: { mean: [0.5, 0.9], shut: [0, 0], open: [0, 0.3] } },
  } as const;

  it('has a row for each drawing, in colours for the theme', () => {
    const [dark, light] = [true, false].map((isDark) => statsPicture(stats, isDark)!);
    for (const picture of [dark, light]) {
      expect([...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, label]) => label)).toEqual([
        'time',
        'forget',
        'activations',
      ]);
      expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    }
    expect(dark).not.toBe(light);
    expect(statsPicture({ mean: 1 }, true)).toBeUndefined();
  });

  it('shows a name from a log as text and nothing else', () => {
    const name = '"/><script>&';
    const picture = statsPicture({ gateCourses: { [name]: { mean: [1] } } }, true)!;
    expect(picture).not.toContain('<script');
    expect(picture).toContain('&#34;/&#62;&#60;script&#62;&#38;');
  });
});
