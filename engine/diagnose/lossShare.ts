/** The loss relative to the baseline, for a part of a network with several losses. */
import { metrics } from '../metrics/registry.ts';
import { lossShare, type TrainingLook } from './look.ts';
import { behind } from './network.ts';

/**
 * The loss of the outputs that a layer leads to, relative to the baseline. With several losses, it is the least share of error in
 * the metrics of these outputs, in the last epoch; otherwise the share of the current loss.
 */
export function lossShareBehind(look: TrainingLook, layer: string): number {
  const { analysis, baseline, epochs } = look;
  const losses = analysis.spec.training?.losses ?? [];
  const last = epochs[epochs.length - 1];
  if (losses.length < 2 || !last) return lossShare(look);
  const reached = new Set(behind(analysis.graph, layer).map(({ name }) => name));
  const shares = Object.keys(baseline).flatMap((name) => {
    const output = name.slice(0, name.lastIndexOf('.'));
    const metric = metrics.find(name.slice(name.lastIndexOf('.') + 1));
    if (!reached.has(output) || !metric || last.train[name] === undefined) return [];
    const [now, before] = [last.train[name], baseline[name]];
    return [metric.higherIsBetter === false ? now / before : (1 - now) / (1 - before)];
  });
  return shares.length === 0 ? lossShare(look) : Math.min(...shares);
}
