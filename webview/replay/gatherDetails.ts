/** The detailed statistics of a run for its page: what can be drawn, thinned out so that the page stays small. */
import type { ReplaySource } from '../../engine/protocol/replayPage.ts';
import { thinned } from '../../engine/schema/thinned.ts';
import type { LayerStats, NetworkStats } from '../../engine/stats/define.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import type { DrawnValue, ReplayDetail, ReplayDrawing } from './data.ts';

const most = 64;
/** Characters of all details together. */
const mostCharacters = 4_000_000;

const shapes: readonly string[] = [
  'histogram',
  'tracks',
  'channels',
  'pictures',
] satisfies ReplayDrawing['shape'][];

interface DetailedLayer {
  detailOf(stats: NetworkStats): LayerStats | undefined;
}

/** Pauses after each, so that the host answers meanwhile. */
export async function gatherDetails(
  recording: ReplaySource['recording'],
  layers: readonly DetailedLayer[],
): Promise<{ readonly drawings: readonly ReplayDrawing[]; readonly details: readonly ReplayDetail[] }> {
  const drawings = new Map<string, ReplayDrawing>();
  let details: (readonly [ReplayDetail, size: number])[] = [];
  for (const event of recording.details(most)) {
    const detail: ReplayDetail = {
      step: event.step,
      layers: layers.map((layer) => drawn(layer.detailOf(event.layers), drawings)),
    };
    details.push([detail, JSON.stringify(detail).length]);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const size = () => details.reduce((sum, [, characters]) => sum + characters, 0);
  while (details.length > 1 && size() > mostCharacters)
    details = details.length === 2 ? details.slice(1) : [...thinned(details, Math.ceil(details.length / 2))];
  return { drawings: [...drawings.values()], details: details.map(([detail]) => detail) };
}

function drawn(
  stats: LayerStats | undefined,
  drawings: Map<string, ReplayDrawing>,
): readonly DrawnValue[] | null {
  if (!stats) return null;
  const values = shownStatistics(stats).flatMap(({ statistic, shape, value }): DrawnValue[] => {
    if (!shapes.includes(shape)) return [];
    if (!drawings.has(statistic.key)) {
      const { name = statistic.key, meaning = '', parts = {} } = statistic.words?.() ?? {};
      const byActivity = statistic.byActivity ?? false;
      const of = shape as ReplayDrawing['shape'];
      drawings.set(statistic.key, { shape: of, name, meaning, parts: Object.entries(parts), byActivity });
    }
    return [[[...drawings.keys()].indexOf(statistic.key), value as DrawnValue[1]]];
  });
  return values.length > 0 ? values : null;
}
