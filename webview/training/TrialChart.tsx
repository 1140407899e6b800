/** The loss of two trainings from the same seed, without and with a fix, over their steps. */
import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { CourseReport } from '../../engine/protocol/events.ts';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { lossName, scoreLabel } from '../../engine/stats/scores.ts';
import { useThemeVersion } from '../theme/useThemeVersion.ts';
import { chartOptions, testSeries, trainSeries } from './chartOptions.ts';

/** Losses that differ by more than this factor are drawn on a logarithmic scale. */
const widest = 50;

interface TrialChartProps {
  readonly before: CourseReport;
  /** Undefined without a fix. */
  readonly after: CourseReport | undefined;
}

export function TrialChart({ before, after }: TrialChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const hasTest = before.testCurve.length + (after?.testCurve.length ?? 0) > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means a new chart in its colours.
  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    const data = columns(
      [before, ...(after ? [after] : [])].flatMap(({ curve, testCurve }) => [curve, testCurve]),
    );
    const options = chartOptions(parent, {
      tick: formatNumber,
      logarithmic: rangeOf(data) > widest,
      read: () => undefined,
      group: 'trial',
      series: (colour) => [
        trainSeries(colour('--chart-text')),
        testSeries(colour('--chart-text')),
        ...(after ? [trainSeries(colour('--chart-train')), testSeries(colour('--chart-train'))] : []),
      ],
    });
    const chart = new uPlot(options, data, parent);
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: parent.clientWidth, height: parent.clientHeight }),
    );
    observer.observe(parent);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [before, after, theme]);
  return (
    <figure className="chart trial-chart">
      <figcaption>
        <strong>{scoreLabel(lossName(before))}</strong>
        <span className="trial-legend">
          {after && <span className="trial-before">{l10n.t('without')}</span>}
          {after && <span className="trial-after">{l10n.t('with fix')}</span>}
          {hasTest && <span className="muted">{l10n.t('dashed: test')}</span>}
        </span>
      </figcaption>
      <div
        ref={box}
        className="chart-plot"
        role="img"
        aria-label={
          after
            ? l10n.t('Loss over the steps of the trial, without and with the fix')
            : l10n.t('Loss over the steps of the trial')
        }
      />
    </figure>
  );
}

/** All steps of several curves, and beside them the value of each curve where it has one that can be drawn. */
function columns(curves: readonly CourseReport['curve'][]): uPlot.AlignedData {
  const steps = [...new Set(curves.flatMap((curve) => curve.map(({ step }) => step)))].sort((a, b) => a - b);
  const values = curves.map((curve) => {
    const known = new Map(curve.map(({ step, loss }) => [step, Number.isFinite(loss) ? loss : null]));
    return steps.map((step) => known.get(step) ?? null);
  });
  return [steps, ...values];
}

/** How many times the least loss is in the greatest; 1 where there is none that a logarithm has. */
function rangeOf([, ...curves]: uPlot.AlignedData): number {
  const values = curves.flatMap((curve) => [...curve].filter((value) => typeof value === 'number'));
  const least = Math.min(...values);
  return least > 0 ? Math.max(...values) / least : 1;
}
