/** How much layers near the input matter to the loss, compared with later ones: where gradients vanish, they hardly do. */
import { type LayerStats, type NetworkStats, valueIn } from '../stats/define.ts';
import { gradNorm } from '../stats/gradNorm.ts';
import { paramNorm } from '../stats/paramNorm.ts';
import type { NetworkLook } from './look.ts';
import { behind, isSilent, mixesInputs } from './network.ts';

export interface Compared {
  readonly layer: string;
  readonly loudest: string;
  readonly ratio: number;
}

/** Compares each first layer with weights to the later layer that matters most to the loss. */
export function comparedPulls({ analysis: { graph } }: NetworkLook, stats: NetworkStats): Compared[] {
  const pulls = new Map(
    graph.layers.filter(mixesInputs).map(({ name }) => [name, pullOf(stats[name] ?? {})]),
  );
  const inner = new Set<string>();
  return [...pulls].flatMap(([layer, pull]) => {
    // What is behind an inner layer is behind the first one, too.
    if (inner.has(layer)) return [];
    const above = behind(graph, layer);
    const others = above.filter(({ name }) => pulls.get(name) !== undefined).map(({ name }) => name);
    for (const name of others) inner.add(name);
    if (pull === undefined || others.length === 0 || above.some((one) => isSilent(one, stats))) return [];
    const loudest = others.reduce((best, one) => (pulls.get(one)! > pulls.get(best)! ? one : best));
    const most = pulls.get(loudest)!;
    // A network that has learned everything gets no gradient anywhere.
    return most > 0 && Number.isFinite(most) && Number.isFinite(pull)
      ? [{ layer, loudest, ratio: pull / most }]
      : [];
  });
}

/** How much a relative change of the layer's weights would change the loss. */
function pullOf(stats: LayerStats): number | undefined {
  const [gradient, weights] = [valueIn(gradNorm, stats), valueIn(paramNorm, stats)];
  return gradient === undefined || weights === undefined ? undefined : gradient * weights;
}
