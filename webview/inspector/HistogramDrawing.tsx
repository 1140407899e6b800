/** The current histogram, and below it how it changed: a row for each earlier one, the newest at the bottom. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { Histogram } from '../../engine/schema/statistic.ts';
import { axisOf, barsOn, barsPath, histogramHeights } from '../../engine/stats/drawings.ts';
import { type DrawingProps, Figure } from './Figure.tsx';
import { PixelCanvas } from './PixelCanvas.tsx';

/** An end of the axis, or a value on it. */
const axisText = ({ scale }: Histogram, value: number): string =>
  formatNumber(scale === 'log' ? 10 ** value : value);

export function HistogramDrawing({ statistic, value, earlier }: DrawingProps<'histogram'>) {
  const all = [...earlier, value];
  const axis = axisOf(all);
  const bars = barsOn(value, axis);
  const rows = all.map((histogram) => histogramHeights(histogram, axis, bars));
  const [low, high] = [axis.low, axis.high].map((end) => axisText(value, end));
  const total = value.counts.reduce((sum, count) => sum + count, value.zeros * Number(value.scale === 'log'));
  const most = rows.at(-1)!.indexOf(1);
  const peak = axisText(value, axis.low + ((most + 0.5) / bars) * (axis.high - axis.low));
  const zeros =
    value.zeros > 0 && total > 0 ? l10n.t('{0} % zero', Math.round((100 * value.zeros) / total)) : '';
  return (
    <Figure statistic={statistic} note={zeros}>
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={l10n.t('From {0} to {1}, with the peak at {2}', low, high, peak)}
      >
        <path className="bars" d={barsPath(rows.at(-1)!)} />
      </svg>
      {rows.length > 1 && (
        <PixelCanvas
          className="over-time"
          columns={bars}
          rows={rows.length}
          values={rows.flat()}
          height={2 * rows.length}
          label={
            rows.length === 2
              ? l10n.t('The same at an earlier step')
              : l10n.t('The same at {0} earlier steps', rows.length - 1)
          }
        />
      )}
      <div className="ends">
        <span>{low}</span>
        <span>{high}</span>
      </div>
    </Figure>
  );
}
