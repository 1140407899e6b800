/** Which statistics belong to which line of a network's text. Pure functions, without an editor. */
import type { Analysis } from '../../engine/graph/typed.ts';
import type { LayerStats, Tone } from '../../engine/stats/define.ts';
import { briefStats, shortStats, statsBadges, worstTone } from '../../engine/stats/format.ts';

export interface StatsLine {
  readonly layer: string;
  readonly stats: LayerStats;
  /** Whether they were measured before the layer's text was changed. */
  readonly stale: boolean;
  /** Offset of the layer's name in the text; the statistics are shown at its line. */
  readonly offset: number;
  /** All statistics, for after the line. */
  readonly text: string;
  /** Two of them in a column of fixed width, for before it. */
  readonly brief: string;
  readonly tone: Tone | 'muted';
}

export function statsLines(
  analysis: Analysis,
  statsOf: (layer: string) => { readonly stats: LayerStats; readonly stale: boolean } | undefined,
): StatsLine[] {
  const lines: StatsLine[] = [];
  for (const [layer, { name }] of analysis.layerRanges) {
    const found = statsOf(layer);
    if (!found) continue;
    const { stats } = found;
    const tone = worstTone(statsBadges(stats)) ?? 'muted';
    const texts = { text: shortStats(stats), brief: briefStats(stats) };
    lines.push({ layer, ...found, offset: name.start, ...texts, tone });
  }
  return lines;
}
