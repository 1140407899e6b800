/** Draws values along a sequence or over channels: gates and states, the gradient through time, activity. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { areaPath, barsPath, linePath } from '../../engine/stats/drawings.ts';
import { type DrawingProps, Figure } from './Figure.tsx';

/** The first part is a line. If there are others, all are shares: one is drawn from below, the next from above. */
export function TracksDrawing({ statistic, value }: DrawingProps<'tracks'>) {
  const parts = Object.entries(statistic.words?.().parts ?? {});
  const [[line, name] = ['', ''], low, high] = parts;
  return (
    <Figure
      statistic={statistic}
      note={
        low &&
        parts.map(([part, name], index) => (
          <span key={part} className={`key key-${index}`}>
            {name}
          </span>
        ))
      }
    >
      {Object.entries(value).map(([row, courses]) => {
        const main = courses[line] ?? [];
        const top = low ? 1 : Math.max(...main, 1e-12);
        const [first, last] = [main[0], main.at(-1) ?? Number.NaN].map((end) =>
          formatNumber(end ?? Number.NaN),
        );
        return (
          <div key={row} className="track">
            <span>{row}</span>
            <svg
              viewBox="0 0 1 1"
              preserveAspectRatio="none"
              role="img"
              aria-label={l10n.t('{0}, {1}: {2} at the first step, {3} at the last', row, name, first, last)}
            >
              {high && <path className="high" d={areaPath(courses[high[0]] ?? [], 'above')} />}
              {low && <path className="low" d={areaPath(courses[low[0]] ?? [], 'below')} />}
              <path className="line" d={linePath(main, 0, top)} />
            </svg>
          </div>
        );
      })}
      <div className="ends">
        <span>{l10n.t('first step')}</span>
        <span>{l10n.t('last')}</span>
      </div>
    </Figure>
  );
}

/** The most active channel first. */
export function ChannelsDrawing({ statistic, value }: DrawingProps<'channels'>) {
  const sorted = [...value].sort((one, other) => other - one);
  const most = sorted[0] ?? 0;
  const dead = value.filter((activity) => activity === 0).length;
  const note = l10n.t('{0} of {1} at zero', dead, value.length);
  return (
    <Figure statistic={statistic} note={note}>
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${note}, ${l10n.t('the most active at {0}', formatNumber(most))}`}
      >
        <path className="bars" d={barsPath(sorted.map((activity) => (most > 0 ? activity / most : 0)))} />
      </svg>
      <div className="ends">
        <span>{l10n.t('most active {0}', formatNumber(most))}</span>
        <span>{formatNumber(sorted.at(-1) ?? 0)}</span>
      </div>
    </Figure>
  );
}
