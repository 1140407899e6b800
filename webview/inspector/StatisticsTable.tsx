/** All figures of a layer with what they mean, and the gradient over time for layers that have one. */
import * as l10n from '@vscode/l10n';
import { formatNumber, type StatsBadge, statsBadges } from '../../engine/stats/format.ts';
import { Icon } from '../controls/Icon.tsx';
import { useStats } from '../model/run.ts';
import { Section } from './Section.tsx';

export function StatisticsTable({ name }: { readonly name: string }) {
  const stats = useStats(name);
  if (!stats) return null;
  const through = stats.gradient?.gradThroughTime;
  return (
    <Section title={l10n.t('Statistics')}>
      <table className="statistics">
        <tbody>
          {statsBadges(stats).map((badge) => (
            <Row key={badge.key} badge={badge} />
          ))}
        </tbody>
      </table>
      {through && through.length > 1 && <ThroughTime norms={through} />}
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

/** A bar for each time step, on a logarithmic scale: vanishing gradients fall off to the left. */
function ThroughTime({ norms }: { readonly norms: readonly number[] }) {
  const logs = norms.map((norm) => Math.log10(Math.max(norm, 1e-12)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const height = (log: number) => (high > low ? 0.08 + (0.92 * (log - low)) / (high - low) : 1);
  const first = formatNumber(norms[0]);
  const last = formatNumber(norms.at(-1)!);
  return (
    <figure className="through-time">
      <svg
        viewBox={`0 0 ${norms.length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={l10n.t('Gradient norm from the first time step, {0}, to the last, {1}', first, last)}
      >
        {logs.map((log, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a time step is its index.
          <rect key={index} x={index + 0.1} width={0.8} y={1 - height(log)} height={height(log)} />
        ))}
      </svg>
      <figcaption className="muted">
        <span>{l10n.t('first step {0}', first)}</span>
        <span>{l10n.t('last step {0}', last)}</span>
      </figcaption>
    </figure>
  );
}
