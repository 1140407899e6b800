/** How charts of losses and metrics look, in the colours of the theme. */
import type uPlot from 'uplot';
import { countText } from '../../engine/schema/text.ts';

interface Look {
  /** A value on the axis, where there is little room. `step`: the distance of two such values. */
  tick(value: number, step: number): string;
  readonly logarithmic: boolean;
  /** The pointer has moved. */
  read(chart: uPlot): void;
  /** A step to mark with a line. */
  marked?(): number | undefined;
  /** Charts of one group are read at one step. */
  readonly group: string;
  /** `colour` gives a colour of the theme, e.g. "--chart-train". */
  series(colour: (name: string) => string): readonly uPlot.Series[];
}

export function chartOptions(
  parent: HTMLElement,
  { tick, logarithmic, read, marked, group, series }: Look,
): uPlot.Options {
  const style = getComputedStyle(parent);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--chart-text'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: parent.clientWidth,
    height: parent.clientHeight,
    // On the right, half of the last number of the axis.
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: group } },
    hooks: { setCursor: [read], draw: [(chart) => mark(chart, marked?.(), colour('--chart-mark'))] },
    scales: { x: { time: false }, ...(logarithmic ? { y: { distr: 3 } } : {}) },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        values: (_, steps) => steps.map((step) => (Number.isInteger(step) ? countText(step) : '')),
      },
      {
        ...axis,
        size: 46,
        gap: 4,
        values: (_, ticks, __, ___, step) => ticks.map((value) => tick(value, step)),
        ...(logarithmic
          ? {
              splits: (_: uPlot, __: number, least: number, most: number) => logarithmicPlaces(least, most),
              filter: (_: uPlot, places: number[]) => places,
            }
          : {}),
      },
    ],
    series: [{}, ...series(colour)],
  };
}

/** A line from top to bottom at a step. */
function mark({ ctx, bbox, valToPos }: uPlot, step: number | undefined, colour: string): void {
  if (step === undefined) return;
  const x = Math.round(valToPos(step, 'x', true));
  const width = Math.max(1, Math.round(devicePixelRatio * 1.5));
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(x - width / 2, bbox.top, width, bbox.height);
  ctx.restore();
}

/** Of training: a line through every window of steps. */
export const trainSeries = (colour: string): uPlot.Series => ({
  stroke: colour,
  width: 1,
  // A line needs two points.
  points: { show: ({ data: [steps] }) => steps.length === 1, size: 5, fill: colour, stroke: colour },
  spanGaps: true,
});

const pointSize = 7;

/** After many epochs the points would cover each other and the line of training. */
function arePointsApart({ data, width }: uPlot, series: number): boolean {
  const count = Array.from(data[series]).filter((value) => value != null).length;
  return count * pointSize * 1.5 <= width;
}

/** Of test data: points after each epoch while there is room for them, joined by a dashed line. */
export const testSeries = (colour: string): uPlot.Series => ({
  stroke: colour,
  width: 2,
  dash: [5, 3],
  spanGaps: true,
  points: { show: arePointsApart, size: pointSize, fill: colour, stroke: colour },
});

/** Places that a low chart has room for. */
const mostPlaces = 5;

/** Round values between two, for a logarithmic axis: some powers of ten, and where there are few, also twice and five times them. */
export function logarithmicPlaces(least: number, most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const within = (places: readonly number[]) => places.filter((place) => place >= least && place <= most);
  const finest = [[1, 2, 5], [1, 3], [1]].map((factors) =>
    within(powers.flatMap((power) => factors.map((factor) => factor * power))),
  );
  if (finest[0].length < 2) return evenPlaces(least, most);
  const fitting = finest.find((places) => places.length <= mostPlaces);
  if (fitting) return fitting;
  const decades = finest.at(-1)!;
  const stride = Math.ceil(decades.length / mostPlaces);
  return decades.filter((_, index) => index % stride === 0);
}

/** Multiples of a round step. */
function evenPlaces(least: number, most: number): number[] {
  const rough = (most - least) / mostPlaces;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}
