/** All figures of a layer with what they mean, and the gradient and gates of layers over time. */
import * as l10n from '@vscode/l10n';
import type { GateStats } from '../../engine/protocol/statistics.ts';
import {
  formatNumber,
  formatShare,
  gradientThroughTime,
  type StatsBadge,
  statsBadges,
} from '../../engine/stats/format.ts';
import { Icon } from '../controls/Icon.tsx';
import { TimeStrip } from '../controls/TimeStrip.tsx';
import { useStats, useStatsNote } from '../model/run.ts';
import { Section } from './Section.tsx';

export function StatisticsTable({ name }: { readonly name: string }) {
  const stats = useStats(name);
  const note = useStatsNote(name);
  if (!stats) return null;
  const through = stats.gradient?.gradThroughTime;
  return (
    <Section title={l10n.t('Statistics')}>
      {note !== undefined && <p className="statistics-note">{note}</p>}
      <table className={`statistics ${note === undefined ? '' : 'earlier'}`}>
        <tbody>
          {statsBadges(stats).map((badge) => (
            <Row key={badge.key} badge={badge} />
          ))}
          {stats.activation?.deadFraction === null && (
            <tr>
              <th scope="row">{l10n.t('Dead units')}</th>
              <td className="muted">{l10n.t('after the first epoch')}</td>
            </tr>
          )}
        </tbody>
      </table>
      {through && through.length > 1 && <ThroughTime norms={through} />}
      {stats.gates && Object.keys(stats.gates).length > 0 && <Gates gates={stats.gates} />}
    </Section>
  );
}

/** A figure that worries says at once what it means; the others on hover. */
function Row({ badge: { name, value, meaning, tone } }: { readonly badge: StatsBadge }) {
  const worrying = tone === 'warn' || tone === 'bad';
  return (
    <>
      <tr title={meaning}>
        <th scope="row">
          {name}
          {worrying && <Icon name={tone === 'bad' ? 'error' : 'warning'} className="badge-tone" />}
        </th>
        <td>{value}</td>
      </tr>
      {worrying && (
        <tr>
          <td colSpan={2} className="statistics-meaning">
            {meaning}
          </td>
        </tr>
      )}
    </>
  );
}

function ThroughTime({ norms }: { readonly norms: readonly number[] }) {
  const { text, tone } = gradientThroughTime(norms);
  return (
    <figure className="through-time">
      <figcaption>{l10n.t('Gradient at each time step')}</figcaption>
      <TimeStrip norms={norms} label={text} />
      <div className="through-time-ends muted">
        <span>{l10n.t('first {0}', formatNumber(norms[0]))}</span>
        <span>{l10n.t('last {0}', formatNumber(norms.at(-1)!))}</span>
      </div>
      <p className={tone === 'good' ? 'muted' : ''}>
        {tone !== 'good' && <Icon name={tone === 'bad' ? 'error' : 'warning'} className="badge-tone" />}{' '}
        {text}
      </p>
    </figure>
  );
}

/** How many of each gate's values are as good as shut or open; the rest of the bar is between. */
function Gates({ gates }: { readonly gates: GateStats }) {
  return (
    <figure className="gates">
      <figcaption>
        <span>{l10n.t('Gates')}</span>
        <span className="gates-legend muted">
          <span className="gate-shut">{l10n.t('shut')}</span>
          <span className="gate-open">{l10n.t('open')}</span>
        </span>
      </figcaption>
      {Object.entries(gates).map(([name, { shut, open }]) => {
        const shares = l10n.t('{0} shut, {1} open', formatShare(shut), formatShare(open));
        return (
          <div key={name} className="gate" title={l10n.t('{0} gate: {1}', name, shares)}>
            <span className="muted">{name}</span>
            <span className="gate-bar" role="img" aria-label={shares}>
              <span className="gate-shut" style={{ width: `${100 * shut}%` }} />
              <span className="gate-open" style={{ width: `${100 * open}%` }} />
            </span>
            <span className="gate-shares">
              {formatShare(shut)} · {formatShare(open)}
            </span>
          </div>
        );
      })}
    </figure>
  );
}
