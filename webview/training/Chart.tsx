/** One quantity over the steps of a run: training values as a line, test values as points after each epoch. */

import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { countText } from '../../engine/schema/text.ts';
import { usePanels } from '../model/panels.ts';
import { useRun } from '../model/run.ts';
import { useThemeVersion } from '../theme/useThemeVersion.ts';
import { chartOptions, testSeries, trainSeries } from './chartOptions.ts';

interface ChartProps {
  readonly metric: string;
  readonly title: string;
  format(value: number): string;
  /** The text on the axis, which has little room. `step`: the distance of two texts. */
  tick(value: number, step: number): string;
}

/** At most ten drawings a second. */
const interval = 100;

/** The step under the pointer, in any chart, and the values there. */
interface Reading {
  readonly step: number;
  readonly train: number | undefined;
  readonly test: number | undefined;
}

export function Chart({ metric, title, format, tick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const logarithmic = usePanels((panels) => panels.logarithmicLoss) && metric === 'loss';
  const [reading, setReading] = useState<Reading>();
  /** The values at the moment that is shown. */
  const [marked, setMarked] = useState<Reading>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means a new chart in its colours; `tick` belongs to `metric`.
  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    const read = ({ data, cursor: { idx } }: uPlot) => setReading(readingAt(data, idx ?? undefined));
    const options = chartOptions(parent, {
      tick,
      logarithmic,
      read,
      marked: () => useRun.getState().replay?.step,
      group: 'run',
      series: (colour) => [trainSeries(colour('--chart-train')), testSeries(colour('--chart-test'))],
    });
    const chart = new uPlot(options, useRun.getState().series.columns(metric), parent);
    const { replay } = useRun.getState();
    setMarked(replay && readingAtStep(chart.data, replay.step));
    const stopDrawing = drawOnChange(() => chart.setData(useRun.getState().series.columns(metric)));
    const stopMarking = useRun.subscribe(({ replay }, before) => {
      if (replay === before.replay) return;
      chart.redraw(false);
      setMarked(replay && readingAtStep(chart.data, replay.step));
    });
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: parent.clientWidth, height: parent.clientHeight }),
    );
    observer.observe(parent);
    return () => {
      stopDrawing();
      stopMarking();
      observer.disconnect();
      chart.destroy();
    };
  }, [metric, theme, logarithmic]);
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">
          <span className="chart-name">
            <strong title={title}>{title}</strong>
            {metric === 'loss' && <LogarithmicButton pressed={logarithmic} />}
          </span>
          {metric === 'loss' && <Penalty format={format} />}
        </span>
        <Legend metric={metric} format={format} reading={reading ?? marked} />
      </figcaption>
      <div
        ref={box}
        className="chart-plot"
        role="img"
        aria-label={l10n.t('{0} over the steps of the run', title)}
      />
    </figure>
  );
}

/** Calls `draw` after changes of the run, never more often than the interval allows, and always after the last. */
function drawOnChange(draw: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = useRun.subscribe(({ version }, before) => {
    if (version === before.version || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      draw();
    }, interval);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** The values at an index of the columns, or the last ones before it. */
function readingAt(data: uPlot.AlignedData, index: number | undefined): Reading | undefined {
  if (index === undefined || data[0][index] === undefined) return undefined;
  const last = (column: uPlot.AlignedData[number]): number | undefined => {
    for (let at = index; at >= 0; at--)
      if (column[at] !== null && column[at] !== undefined) return column[at]!;
    return undefined;
  };
  return { step: data[0][index], train: last(data[1]), test: last(data[2]) };
}

/** The values at the last step of the columns up to this one, or those of the first step if there is none. */
function readingAtStep(data: uPlot.AlignedData, step: number): Reading | undefined {
  const after = data[0].findIndex((one) => one > step);
  const reading = readingAt(data, after < 0 ? data[0].length - 1 : Math.max(0, after - 1));
  return reading && { ...reading, step };
}

function LogarithmicButton({ pressed }: { readonly pressed: boolean }) {
  return (
    <button
      type="button"
      className="chart-scale"
      aria-pressed={pressed}
      title={l10n.t('Logarithmic scale')}
      onClick={() => usePanels.setState({ logarithmicLoss: !pressed })}
    >
      {l10n.t('log')}
    </button>
  );
}

/**
 * The scores as text, so that curves are not distinguished by colour alone: those of the last epoch or, before the
 * first has ended, the last point of the line.
 */
function Legend({
  metric,
  format,
  reading,
}: Pick<ChartProps, 'metric' | 'format'> & { readonly reading: Reading | undefined }) {
  const latest = useRun(({ series }) => series.latest(metric));
  const steps = useRun(({ series }) => series.window);
  const epoch = useRun((run) => run.epoch);
  const train = reading ? reading.train : epoch ? epoch.train[metric] : latest;
  const test = reading ? reading.test : epoch?.test?.[metric];
  const when = reading
    ? l10n.t('step {0}', countText(reading.step))
    : epoch
      ? l10n.t('epoch {0}', epoch.epoch)
      : steps > 1
        ? l10n.t('mean of {0} steps', steps)
        : l10n.t('last step');
  return (
    <span className="chart-legend">
      <span className="legend-train" title={when}>
        {l10n.t('train')}
        <span className="legend-when">, {when}</span> <b>{train === undefined ? '–' : format(train)}</b>
      </span>
      <span className="legend-test">
        {l10n.t('test')} <b>{test === undefined ? '–' : format(test)}</b>
      </span>
    </span>
  );
}

function Penalty({ format }: Pick<ChartProps, 'format'>) {
  const penalty = useRun((run) => (run.epoch ?? run.step)?.penalty);
  if (penalty === undefined) return null;
  return (
    <span
      title={l10n.t('What l1 and l2 add to the loss that is minimized. It is not part of the loss shown.')}
    >
      {l10n.t('penalty')} <b>{format(penalty)}</b>
    </span>
  );
}
