/** Determines which metrics can be computed for which losses, and why not. */
import * as l10n from '@vscode/l10n';
import type { Judged } from './define.ts';
import { metrics } from './registry.ts';

export interface NamedLoss extends Judged {
  readonly type: string;
  /** The layer or output that it judges. */
  readonly from: string;
}

/** Why a metric fits none of the losses; undefined when it fits one. */
export function misfitOfAll(type: string, losses: readonly NamedLoss[]): string | undefined {
  const reasons = losses.map((loss) => ({ loss, reason: metrics.get(type).misfit(loss) }));
  if (reasons.some(({ reason }) => reason === undefined)) return undefined;
  return reasons
    .map(({ loss, reason }) =>
      l10n.t('{0} cannot be computed for {1} on {2}: {3}.', type, loss.type, loss.from, reason ?? ''),
    )
    .join(' ');
}
