/** The figures on a card while there is a run: always the same three places, so that nothing jumps. */
import { type StatsBadge, statsBadges } from '../../engine/stats/format.ts';
import { Icon } from '../controls/Icon.tsx';
import { useStats } from '../model/run.ts';

/** The average, the share that tells of trouble (dead, saturated or zero), and the gradient. */
function chosen(badges: readonly StatsBadge[]): readonly StatsBadge[] {
  const share = badges.find((badge) => badge.share !== undefined);
  const find = (key: string) => badges.find((badge) => badge.key === key);
  return [find('mean'), share, find('gradNorm')].filter((badge) => badge !== undefined);
}

export function LayerStatistics({ name }: { readonly name: string }) {
  const stats = useStats(name);
  if (!stats) return null;
  return (
    <div className="layer-statistics">
      {chosen(statsBadges(stats)).map((badge) => (
        <Badge key={badge.key} badge={badge} />
      ))}
    </div>
  );
}

function Badge({ badge: { key, label, value, name, meaning, tone, share } }: { readonly badge: StatsBadge }) {
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
