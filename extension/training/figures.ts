/** Scores as people read them: "loss 0.31 · accuracy 91.2 %", the sign never on a line of its own. */
import * as vscode from 'vscode';
import { metrics } from '../../engine/metrics/registry.ts';
import { formatNumber } from '../../engine/stats/format.ts';

function metricText(name: string, value: number): string {
  const metric = metrics.find(name);
  const label = metric?.label.toLocaleLowerCase() ?? name;
  return metric?.unit === 'share'
    ? `${label} ${(value * 100).toFixed(1)}\u00a0%`
    : `${label} ${formatNumber(value)}`;
}

export function scoresText(loss: number, figures: { readonly [metric: string]: number }): string {
  const others = Object.entries(figures).filter(([name]) => name !== 'loss');
  return [
    vscode.l10n.t('loss {0}', formatNumber(loss)),
    ...others.map(([name, value]) => metricText(name, value)),
  ].join(' · ');
}
