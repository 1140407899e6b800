/** Assigns statistics to lines of a network's text. Pure functions, without an editor. */
import { layersInText } from '../../engine/graph/layerText.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { LayerStats, Tone } from '../../engine/stats/define.ts';
import { briefStats, shortStats, statsBadges, type Wanted, worstTone } from '../../engine/stats/format.ts';
import { nameInside, worstInside } from '../../engine/stats/inside.ts';
import type { Rank } from '../../engine/stats/ranking.ts';

export interface StatsLine {
  readonly layer: string;
  readonly stats: LayerStats;
  /** Whether they were measured before the layer's text was changed. */
  readonly stale: boolean;
  /** Offset of the layer's name in the text; the statistics are shown at its line. */
  readonly offset: number;
  /** All statistics, for after the line, the most important ones first. */
  readonly text: string;
  /** Two of them in a column of fixed width, for before it. */
  readonly brief: string;
  readonly tone: Tone | 'muted';
}

/** A use of a block shows the inner layer in the worst state. */
const insideOf = <S extends { readonly stats: LayerStats }>(
  { graph }: Analysis,
  running: readonly string[],
  use: string,
  statsOf: (layer: string) => S | undefined,
) =>
  graph.byName.get(use)?.definition.category === 'block' ? worstInside(running, use, statsOf) : undefined;

/**
 * A layer inside a block has one line for all uses, which shows the statistics of the first use. The colour is that of the worst
 * statistic, even if that is not wanted.
 */
export function statsLines(
  analysis: Analysis,
  statsOf: (layer: string) => { readonly stats: LayerStats; readonly stale: boolean } | undefined,
  isWanted?: Wanted,
  rankOf?: (layer: string) => Rank,
): StatsLine[] {
  const lines: StatsLine[] = [];
  const running = analysis.graph.layers.map((layer) => layer.name);
  for (const [layer, { name }] of layersInText(analysis)) {
    const own = statsOf(layer);
    const inside = own ? undefined : insideOf(analysis, running, layer, statsOf);
    const found = own ?? inside?.found;
    if (!found) continue;
    const { stats } = found;
    const tone = worstTone(statsBadges(stats)) ?? 'muted';
    const start = inside ? `${nameInside(inside.layer, layer)}: ` : '';
    const rank = rankOf?.(inside?.layer ?? layer);
    const all = shortStats(stats, isWanted, rank && (({ key }) => rank(key)));
    const texts = { text: start + all, brief: briefStats(stats, isWanted) };
    lines.push({ layer, ...found, offset: name.start, ...texts, tone });
  }
  return lines;
}
