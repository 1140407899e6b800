/** The costs of a layer: parameters, arithmetic, memory. */
import { sizeOf } from '../layers/define.ts';
import type { Analysis, LayerSummary, TypedGraph, TypedLayer } from './typed.ts';

/** Bytes of a float or of a whole number. */
const bytesPerNumber = 4;

/** The costs of each layer, by name. Parameters that a layer shares are counted for their owner only. */
export function summarize({ layers }: TypedGraph): ReadonlyMap<string, LayerSummary> {
  return new Map(layers.map((layer) => [layer.name, summarizeLayer(layer)]));
}

const known = new WeakMap<TypedLayer, LayerSummary>();

function summarizeLayer(layer: TypedLayer): LayerSummary {
  const before = known.get(layer);
  if (before) return before;
  const summary = summaryOf(layer);
  known.set(layer, summary);
  return summary;
}

function summaryOf({ spec, inferred }: TypedLayer): LayerSummary {
  let parameters = 0;
  if (spec.common.shares === undefined)
    for (const name in inferred.parameters) parameters += sizeOf(inferred.parameters[name].shape);
  let activations = sizeOf(inferred.output);
  for (const name in inferred.extraOutputs) activations += sizeOf(inferred.extraOutputs[name]);
  for (const name in inferred.saved)
    if (inferred.saved[name].batched) activations += sizeOf(inferred.saved[name].shape);
  return { parameters, flops: inferred.flops ?? 0, activationBytes: bytesPerNumber * activations };
}

const totals = new WeakMap<TypedGraph, LayerSummary>();

/** The costs of the whole network. Summaries of uses of blocks repeat those of their layers, so they are excluded. */
export function networkTotal({ graph, summaries }: Pick<Analysis, 'graph' | 'summaries'>): LayerSummary {
  const before = totals.get(graph);
  if (before) return before;
  const total = totalOf(graph.layers.map(({ name }) => summaries.get(name)));
  totals.set(graph, total);
  return total;
}

/** The sum of these costs. */
export function totalOf(summaries: Iterable<LayerSummary | undefined>): LayerSummary {
  const total = { parameters: 0, flops: 0, activationBytes: 0 };
  for (const summary of summaries) {
    if (!summary) continue;
    total.parameters += summary.parameters;
    total.flops += summary.flops;
    total.activationBytes += summary.activationBytes;
  }
  return total;
}
