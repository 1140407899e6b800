/** What a layer costs: parameters, arithmetic, memory. */
import { sizeOf } from '../layers/define.ts';
import type { LayerSummary, TypedGraph, TypedLayer } from './typed.ts';

/** Of floats and of whole numbers alike. */
const bytesPerNumber = 4;

export function summarize({ layers }: TypedGraph): ReadonlyMap<string, LayerSummary> {
  return new Map(layers.map((layer) => [layer.name, summarizeLayer(layer)]));
}

function summarizeLayer({ spec, inferred }: TypedLayer): LayerSummary {
  const outputs = [inferred.output, ...Object.values(inferred.extraOutputs ?? {})];
  const saved = Object.values(inferred.saved ?? {}).filter((buffer) => buffer.batched);
  const own = spec.common.shares === undefined ? Object.values(inferred.parameters ?? {}) : [];
  return {
    parameters: total(own.map(({ shape }) => sizeOf(shape))),
    flops: inferred.flops ?? 0,
    activationBytes: bytesPerNumber * total([...outputs, ...saved.map(({ shape }) => shape)].map(sizeOf)),
  };
}

/** The whole network. */
export function totalOf(summaries: Iterable<LayerSummary>): LayerSummary {
  const all = [...summaries];
  return {
    parameters: total(all.map(({ parameters }) => parameters)),
    flops: total(all.map(({ flops }) => flops)),
    activationBytes: total(all.map(({ activationBytes }) => activationBytes)),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
