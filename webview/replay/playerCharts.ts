/** The curves of the run on the page, with a line at the reading that is shown and the values there as text. */
import * as l10n from '@vscode/l10n';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { chartOptions, testSeries, trainSeries } from '../training/chartOptions.ts';
import type { ReplayChart, ReplayData } from './data.ts';
import { make } from './elements.ts';

export class PlayerCharts {
  readonly #data: ReplayData;
  readonly #charts: readonly PlayerChart[];
  #step: number | undefined;

  constructor(box: HTMLElement, data: ReplayData) {
    this.#data = data;
    this.#charts = data.charts.map((chart) => new PlayerChart(box, chart, () => this.#step));
  }

  show(index: number): void {
    this.#step = this.#data.readings[index].step;
    for (const chart of this.#charts) chart.show(this.#step);
  }
}

class PlayerChart {
  readonly #chart: ReplayChart;
  readonly #plotBox = make('div', { className: 'plot' });
  readonly #train = make('b');
  readonly #test = make('b');
  readonly #marked: () => number | undefined;
  #plot: uPlot | undefined;

  constructor(box: HTMLElement, chart: ReplayChart, marked: () => number | undefined) {
    this.#chart = chart;
    this.#marked = marked;
    const legend = [
      make('span', { className: 'train', textContent: `${l10n.t('train')} ` }, this.#train),
      make('span', { className: 'test', textContent: `${l10n.t('test')} ` }, this.#test),
    ];
    const title = make('strong', { textContent: chart.title });
    box.append(make('figure', {}, make('figcaption', {}, title, ...legend), this.#plotBox));
    this.#plotBox.role = 'img';
    this.#plotBox.ariaLabel = l10n.t('{0} over the steps of the run', chart.title);
    this.#draw();
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#plotBox);
    // The colours of a chart are drawn, not styled.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  show(step: number): void {
    this.#train.textContent = this.#text(this.#chart.train, step);
    this.#test.textContent = this.#text(this.#chart.test, step);
    this.#plot?.redraw(false);
  }

  #size() {
    return { width: this.#plotBox.clientWidth, height: this.#plotBox.clientHeight };
  }

  #draw(): void {
    const { steps, train, test } = this.#chart;
    this.#plot?.destroy();
    const options = chartOptions(this.#plotBox, {
      tick: (value) => this.#format(value, 0),
      logarithmic: false,
      read: () => undefined,
      marked: this.#marked,
      group: 'replay',
      series: (colour) => [trainSeries(colour('--chart-train')), testSeries(colour('--chart-test'))],
    });
    this.#plot = new uPlot(options, [[...steps], [...train], [...test]], this.#plotBox);
  }

  /** The last value until a step. */
  #text(values: readonly (number | null)[], step: number): string {
    const { steps } = this.#chart;
    const index = values.findLastIndex((value, at) => value !== null && steps[at] <= step);
    return index < 0 ? '–' : this.#format(values[index]!, 2);
  }

  #format(value: number, digits: number): string {
    return this.#chart.isShare ? `${(100 * value).toFixed(digits)} %` : formatNumber(value);
  }
}
