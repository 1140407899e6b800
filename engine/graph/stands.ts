/**
 * Layers of the text that do not run themselves: uses of blocks, and the inputs and outputs of blocks. Editors request their
 * shapes and costs as for any layer; the engine never sees them.
 */
import type { Shape } from '../layers/define.ts';
import type { OutputRef } from '../spec/document.ts';
import type { Stand } from './expand.ts';
import { definitionOf, outputShape } from './infer.ts';
import type { LayerSummary, TypedGraph, TypedLayer } from './typed.ts';

/** The same graph, with these layers by their names. */
export function withStands({ layers, byName }: TypedGraph, stands: readonly Stand[]): TypedGraph {
  if (stands.length === 0) return { layers, byName };
  const all = new Map(byName);
  const shapeOf = (source: OutputRef | undefined): Shape | undefined => {
    const layer = source && byName.get(source.layer);
    return layer && outputShape(layer, source.output);
  };
  for (const { spec, from, output, extraOutputs } of stands) {
    const shape = shapeOf(output);
    const inputShapes = from.map(shapeOf);
    if (!shape || !inputShapes.every((one) => one !== undefined)) continue;
    const extras = extraOutputs.flatMap(({ name, source }): [string, Shape][] => {
      const extra = shapeOf(source);
      return extra ? [[name, extra]] : [];
    });
    const typed: TypedLayer = {
      name: spec.name,
      spec,
      definition: definitionOf(spec),
      ...(output ? { source: output } : {}),
      from: from.filter((source) => source !== undefined),
      inputShapes,
      inferred: {
        output: shape,
        // The only output of a block needs no name.
        ...(extras.length > 1 ? { extraOutputs: Object.fromEntries(extras) } : {}),
      },
    };
    all.set(spec.name, typed);
  }
  return { layers, byName: all };
}

/** Adds the total cost of all layers inside of a use, under the name of the use. */
export function withTotals(
  summaries: ReadonlyMap<string, LayerSummary>,
  stands: readonly Stand[],
): ReadonlyMap<string, LayerSummary> {
  if (stands.length === 0) return summaries;
  const totals = new Map<string, LayerSummary>(
    stands.map(({ spec }) => [spec.name, { parameters: 0, flops: 0, activationBytes: 0 }]),
  );
  for (const [name, summary] of summaries)
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const outer = name.slice(0, end);
      const total = totals.get(outer);
      if (total) totals.set(outer, sum(total, summary));
    }
  return new Map([...summaries, ...totals]);
}

const sum = (a: LayerSummary, b: LayerSummary): LayerSummary => ({
  parameters: a.parameters + b.parameters,
  flops: a.flops + b.flops,
  activationBytes: a.activationBytes + b.activationBytes,
});
