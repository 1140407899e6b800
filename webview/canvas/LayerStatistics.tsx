/**
 * The figures on a card while there is a run, always in the same three places, so that nothing jumps: the average,
 * what tells of trouble (the share that is dead, saturated or zero; over time, the gradient), and the gradient.
 */
import { gradientThroughTime, type StatsBadge, statsBadges } from '../../engine/stats/format.ts';
import { Icon } from '../controls/Icon.tsx';
import { TimeStrip } from '../controls/TimeStrip.tsx';
import { useStats, useStatsNote } from '../model/run.ts';

export function LayerStatistics({ name }: { readonly name: string }) {
  const stats = useStats(name);
  const note = useStatsNote(name);
  if (!stats) return null;
  const badges = statsBadges(stats);
  const find = (key: string) => badges.find((badge) => badge.key === key);
  const through = stats.gradient?.gradThroughTime ?? [];
  return (
    <div className={`layer-statistics ${note === undefined ? '' : 'earlier'}`} title={note}>
      {note !== undefined && <Icon name="history" className="statistics-note" label={note} />}
      <Badge badge={find('mean')} />
      {through.length > 1 ? (
        <Through norms={through} />
      ) : (
        <Badge badge={badges.find(({ share }) => share !== undefined)} />
      )}
      <Badge badge={find('gradNorm')} />
    </div>
  );
}

/** The gradient from the first time step to the last, which says more of a layer over time than any share. */
function Through({ norms }: { readonly norms: readonly number[] }) {
  const { text, tone } = gradientThroughTime(norms);
  return (
    <span className={`badge-through ${tone}`} title={text}>
      <TimeStrip norms={norms} label={text} />
    </span>
  );
}

/** A place stays empty where there is no such figure. */
function Badge({ badge }: { readonly badge: StatsBadge | undefined }) {
  if (!badge) return <span />;
  const { key, label, value, name, meaning, tone, share } = badge;
  return (
    <span className={`badge badge-${key} ${tone ?? ''}`} title={`${name}: ${value.trim()}\n${meaning}`}>
      <span className="badge-label">{label}</span>
      {(tone === 'warn' || tone === 'bad') && (
        <Icon name={tone === 'bad' ? 'error' : 'warning'} className="badge-tone" />
      )}
      <span className="badge-value">{value}</span>
      {share !== undefined && (
        <span className="share-bar">
          <span style={{ transform: `scaleX(${Math.min(1, Math.max(0, share))})` }} />
        </span>
      )}
    </span>
  );
}
