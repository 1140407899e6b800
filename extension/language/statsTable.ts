/** A layer's statistics with their meaning, as a hover shows them. Contains only our own sentences and numbers. */
import * as vscode from 'vscode';
import { momentText } from '../../engine/schema/moment.ts';
import { countText } from '../../engine/schema/text.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { statsBadges } from '../../engine/stats/format.ts';
import { documentation } from '../shown/shown.ts';
import type { RunOrigin } from '../training/runRecord.ts';

/** Why statistics do not belong to the current text, or to the newest state of the current run; undefined if they do. */
export function statsNote(stale: boolean, { earlier, replayed }: RunOrigin = {}): string | undefined {
  if (replayed !== undefined)
    return vscode.l10n.t(
      'Replay: statistics of step {0} of a recorded run, not the newest ones.',
      countText(replayed),
    );
  if (stale)
    return vscode.l10n.t(
      'Measured before this layer was edited or its shapes changed. Train again for new statistics.',
    );
  if (!earlier) return undefined;
  const when = momentText(earlier, new Date(), vscode.env.language);
  return vscode.l10n.t('Statistics of an earlier run, {0}.', when);
}

export function statsTable(stats: LayerStats, note?: string): vscode.MarkdownString {
  const rows = statsBadges(stats).map(
    ({ name, label, value, meaning }) => `| ${label} | ${value.trim()} | **${name}.** ${meaning} |`,
  );
  return documentation(
    [...(note === undefined ? [] : [note, '']), '| | | |', '|:-:|--:|:--|', ...rows].join('\n'),
  );
}
