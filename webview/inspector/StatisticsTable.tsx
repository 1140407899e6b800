/** All statistics of a layer with their meanings: a row for each number or share, and a drawing for other shapes. */
import * as l10n from '@vscode/l10n';
import type { ComponentType } from 'react';
import { formatNumber, formatShare } from '../../engine/schema/numbers.ts';
import type { Shape, ShapeValues, StatisticDefinition, Tone } from '../../engine/stats/define.ts';
import { badgeOf } from '../../engine/stats/format.ts';
import { type Shown, shownStatistics } from '../../engine/stats/registry.ts';
import { Icon } from '../controls/Icon.tsx';
import { TimeStrip } from '../controls/TimeStrip.tsx';
import { useStats, useStatsNote } from '../model/run.ts';
import { Section } from './Section.tsx';

interface Props<S extends Shape> {
  readonly statistic: StatisticDefinition<S>;
  readonly value: ShapeValues[S];
}

type Renderers = { readonly [S in Shape]?: ComponentType<Props<S>> };

const rows: Renderers = { number: ScalarRow, share: ScalarRow, numbers: NumberRows };
const drawings: Renderers = { series: Series, shares: Shares };

export function StatisticsTable({ name }: { readonly name: string }) {
  const stats = useStats(name);
  const note = useStatsNote(name);
  if (!stats) return null;
  const shown = shownStatistics(stats);
  return (
    <Section title={l10n.t('Statistics')}>
      {note !== undefined && <p className="statistics-note">{note}</p>}
      <table className={`statistics ${note === undefined ? '' : 'earlier'}`}>
        <tbody>{render(shown, rows)}</tbody>
      </table>
      {render(shown, drawings)}
    </Section>
  );
}

const render = (shown: readonly Shown[], renderers: Renderers) =>
  shown.map(({ statistic, shape, value }) => {
    const Component = renderers[shape] as ComponentType<Props<Shape>> | undefined;
    return (
      Component && (
        <Component key={statistic.key} statistic={statistic as StatisticDefinition} value={value} />
      )
    );
  });

/** A statistic with a warning shows its meaning at once; the others show it on hover. */
function ScalarRow<S extends 'number' | 'share'>({ statistic, value }: Props<S>) {
  const badge = badgeOf({ statistic, shape: statistic.shape, value } as Shown);
  if (!badge) return <PendingRow statistic={statistic as StatisticDefinition} />;
  const { name, value: text, meaning, tone } = badge;
  const worrying = tone === 'warn' || tone === 'bad';
  return (
    <>
      <tr title={meaning}>
        <th scope="row">
          {name}
          <ToneIcon tone={tone} />
        </th>
        <td>{text}</td>
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

/** One for each parameter. */
function NumberRows({ statistic, value }: Props<'numbers'>) {
  const words = statistic.words?.();
  return Object.entries(value).map(([name, number]) => (
    <tr key={name} title={words?.meaning} className="statistics-part">
      <th scope="row">{`${words?.label} ${name}`}</th>
      <td>{formatNumber(number)}</td>
    </tr>
  ));
}

function PendingRow({ statistic }: { readonly statistic: StatisticDefinition }) {
  const words = statistic.words?.();
  return (
    <tr>
      <th scope="row">{words?.name}</th>
      <td className="muted">{words?.pending}</td>
    </tr>
  );
}

function ToneIcon({ tone }: { readonly tone: Tone | undefined }) {
  if (tone !== 'warn' && tone !== 'bad') return null;
  return <Icon name={tone === 'bad' ? 'error' : 'warning'} className="badge-tone" />;
}

function Series({ statistic, value }: Props<'series'>) {
  const { name, meaning } = statistic.words?.() ?? { name: statistic.key, meaning: '' };
  const { text, tone } = statistic.verdict?.(value) ?? { text: meaning, tone: 'good' };
  return (
    <figure className="series">
      <figcaption>
        {name} <span className="muted">{l10n.t('(logarithmic)')}</span>
      </figcaption>
      <TimeStrip norms={value} label={text} />
      <Reach statistic={statistic} value={value} />
      <div className="series-ends muted">
        <span>{l10n.t('first {0}', formatNumber(value[0]))}</span>
        <span>{l10n.t('last {0}', formatNumber(value.at(-1)!))}</span>
      </div>
      <p className={tone === 'good' ? 'muted' : ''}>
        <ToneIcon tone={tone} /> {text}
      </p>
    </figure>
  );
}

/** A bracket under the last steps, from which training still learns. */
function Reach({ statistic, value }: Props<'series'>) {
  const reach = statistic.reach?.(value);
  if (!reach) return null;
  return (
    <>
      <div className="bracket" style={{ width: `${(100 * reach.last) / value.length}%` }} />
      <div className="reach muted">{reach.text}</div>
    </>
  );
}

/** A bar for each row, with parts drawn from both ends; the rest of the bar belongs to no part. */
function Shares({ statistic, value }: Props<'shares'>) {
  const words = statistic.words?.();
  const parts = Object.entries(words?.parts ?? {});
  return (
    <figure className="shares" title={words?.meaning}>
      <figcaption>
        <span>{words?.name}</span>
        <span className="shares-legend muted">
          {parts.map(([key, label], index) => (
            <span key={key} className={`part-${index}`}>
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      {Object.entries(value).map(([row, shares]) => {
        const texts = parts.map(([key]) => formatShare(shares[key]));
        const all = parts.map(([, label], index) => `${texts[index]} ${label}`).join(', ');
        return (
          <div key={row} className="shares-row" title={`${row}: ${all}`}>
            <span className="muted">{row}</span>
            <span className="shares-bar" role="img" aria-label={all}>
              {parts.map(([key], index) => (
                <span key={key} className={`part-${index}`} style={{ width: `${100 * shares[key]}%` }} />
              ))}
            </span>
            <span className="shares-texts">{texts.join(' · ')}</span>
          </div>
        );
      })}
    </figure>
  );
}
