/** Which figures stand behind which line of a network's text. Pure: knows no editor. */
import type { Analysis } from '../../engine/graph/typed.ts';
import type { LayerStats } from '../../engine/protocol/statistics.ts';
import { briefStats, shortStats, statsBadges, worstTone } from '../../engine/stats/format.ts';
import type { Tone } from '../../engine/stats/limits.ts';

export interface StatsLine {
  readonly layer: string;
  readonly stats: LayerStats;
  /** Offset of the layer's name in the text; the figures stand behind its line. */
  readonly offset: number;
  /** All figures, for behind the line. */
  readonly text: string;
  /** Two of them in a column of fixed width, for before it. */
  readonly brief: string;
  readonly tone: Tone | 'muted';
}

export function statsLines(
  analysis: Analysis,
  statsOf: (layer: string) => LayerStats | undefined,
): StatsLine[] {
  const lines: StatsLine[] = [];
  for (const [layer, { name }] of analysis.layerRanges) {
    const stats = statsOf(layer);
    if (!stats) continue;
    const tone = worstTone(statsBadges(stats)) ?? 'muted';
    lines.push({ layer, stats, offset: name.start, text: shortStats(stats), brief: briefStats(stats), tone });
  }
  return lines;
}
