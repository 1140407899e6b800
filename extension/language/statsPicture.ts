/**
 * The statistics of a layer that are drawn, as one picture for a hover: the gradient through time, gates along a sequence, and
 * histograms. The picture is an SVG with nothing but numbers from the log. A hover loads it as an image, which cannot run scripts.
 */
import type { LayerStats, Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';
import {
  areaPath,
  axisOf,
  barsPath,
  histogramHeights,
  linePath,
  normsPath,
} from '../../engine/stats/drawings.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';

/** Colours that people with any colour vision can distinguish. A picture does not know the colours of the theme. */
interface Colours {
  readonly text: string;
  readonly bars: string;
  readonly low: string;
  readonly high: string;
}
const dark: Colours = { text: '#cccccc', bars: '#4a9be8', low: '#d9822b', high: '#5a5a5a' };
const light: Colours = { text: '#3b3b3b', bars: '#1f6fb5', low: '#c0660a', high: '#c8c8c8' };

const [width, labelWidth, rowHeight, gap] = [300, 110, 30, 8];

interface Row {
  readonly label: string;
  readonly shapes: string;
}

const path = (d: string, style: string): string => `<path d="${d}" ${style}/>`;
const line = (colour: string): string =>
  `fill="none" stroke="${colour}" stroke-width="1.5" vector-effect="non-scaling-stroke"`;

type Rows<S extends Shape> = (
  value: ShapeValues[S],
  statistic: StatisticDefinition<S>,
  colours: Colours,
) => readonly Row[];

const drawings: { readonly [S in Shape]?: Rows<S> } = {
  series: (norms, { words, key }, { bars }) => [
    { label: words?.().label ?? key, shapes: path(normsPath(norms), `fill="${bars}"`) },
  ],
  histogram: (histogram, { words, key }, { bars }) => [
    {
      label: words?.().label ?? key,
      shapes: path(barsPath(histogramHeights(histogram, axisOf([histogram]))), `fill="${bars}"`),
    },
  ],
  tracks: (rows, { words }, { bars, low, high }) => {
    const [first, below, above] = Object.keys(words?.().parts ?? {});
    return Object.entries(rows).map(([label, courses]) => {
      const main = courses[first] ?? [];
      return {
        label,
        shapes: [
          above ? path(areaPath(courses[above] ?? [], 'above'), `fill="${high}"`) : '',
          below ? path(areaPath(courses[below] ?? [], 'below'), `fill="${low}" opacity="0.6"`) : '',
          path(linePath(main, 0, below ? 1 : Math.max(...main, 1e-12)), line(bars)),
        ].join(''),
      };
    });
  },
};

/** Undefined if no statistic of the layer is a drawing. */
export function statsPicture(stats: LayerStats, isDark: boolean): string | undefined {
  const colours = isDark ? dark : light;
  const rows = shownStatistics(stats).flatMap(({ statistic, shape, value }) => {
    const draw = drawings[shape] as Rows<Shape> | undefined;
    return draw?.(value, statistic as StatisticDefinition, colours) ?? [];
  });
  if (rows.length === 0) return undefined;
  const height = rows.length * (rowHeight + gap);
  const drawn = rows.map(({ label, shapes }, index) => {
    const top = index * (rowHeight + gap);
    return (
      `<text x="0" y="${top + rowHeight - 8}" fill="${colours.text}" font-family="sans-serif" font-size="12">${escaped(label)}</text>` +
      `<svg x="${labelWidth}" y="${top}" width="${width - labelWidth}" height="${rowHeight}" viewBox="0 0 1 1" preserveAspectRatio="none">${shapes}</svg>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
}

/** A log may contain unknown names. */
const escaped = (label: string): string =>
  label.slice(0, 16).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
