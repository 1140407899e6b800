/** The weights of a network's last run with which a new one can begin: those of layers that are the same in both texts. */
import { analyze } from '../../engine/graph/analyze.ts';
import { isSameLayer, layerText } from '../../engine/graph/layerText.ts';
import type { Job } from '../../engine/protocol/training.ts';
import type { RunRecord } from './runRecord.ts';

/**
 * Undefined if the run left no files in this window, or if all layers have changed. The log of an earlier run may come from a
 * stranger, so no folder that it names is read.
 */
export function weightsToKeep(record: RunRecord | undefined, text: string): Job['startFrom'] {
  const folder = record?.folder;
  if (!record || record.earlier || folder === undefined) return undefined;
  const [before, now] = [record.names.analysis, analyze(text)];
  const layers = [...now.layerRanges.keys()].filter((layer) => {
    const own = layerText(text, now, layer);
    return own !== undefined && isSameLayer(own, layerText(record.text, before, layer));
  });
  return layers.length > 0 ? { folder, layers } : undefined;
}
