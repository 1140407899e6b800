/** How charts of losses and metrics look, in the colours of the theme. */
import type uPlot from 'uplot';
import { countText } from '../../engine/schema/text.ts';

interface Look {
  /** A value on the axis, where there is little room. */
  tick(value: number): string;
  readonly logarithmic: boolean;
  /** Places of the values on the axis, where they are not chosen by the chart. */
  splits?(chart: uPlot, axis: number, least: number, most: number): number[];
  /** The pointer has moved. */
  read(chart: uPlot): void;
  /** Charts of one group are read at one step. */
  readonly group: string;
  /** `colour` gives a colour of the theme, e.g. "--chart-train". */
  series(colour: (name: string) => string): readonly uPlot.Series[];
}

export function chartOptions(
  parent: HTMLElement,
  { tick, logarithmic, splits, read, group, series }: Look,
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
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: group } },
    hooks: { setCursor: [read] },
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
        values: (_, ticks) => ticks.map(tick),
        ...(splits ? { splits, filter: (_: uPlot, places: number[]) => places } : {}),
      },
    ],
    series: [{}, ...series(colour)],
  };
}

/** Of training: a line through every window of steps. */
export const trainSeries = (colour: string): uPlot.Series => ({
  stroke: colour,
  width: 1.5,
  points: { show: false },
  spanGaps: true,
});

/** Of test data: points after each epoch, joined by a dashed line. */
export const testSeries = (colour: string): uPlot.Series => ({
  stroke: colour,
  width: 1.5,
  dash: [5, 3],
  spanGaps: true,
  points: { show: true, size: 7, fill: colour, stroke: colour },
});
