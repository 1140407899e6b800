/** Which layers need no buffers of their own: those that work in place, and those that only give their input another shape. */
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import type { Fusion, PlannedLoss } from './plan.ts';

/** `inPlace`: output and input may be one tensor. `view`: the same memory with two shapes, and nothing to compute. */
export type Sharing = 'inPlace' | 'view';

/** By layer: the next one, if it may be computed by this one because it could work in place on its output. */
export function fuseActivations(
  graph: TypedGraph,
  sharing: ReadonlyMap<string, Sharing>,
): ReadonlyMap<string, Fusion> {
  const fused = new Map<string, Fusion>();
  graph.layers.forEach(({ name, from, definition: { fusible } }, follower) => {
    if (!fusible || sharing.get(name) !== 'inPlace') return;
    const [{ layer: source }] = from;
    if (graph.byName.get(source)?.definition.fuses) fused.set(source, { activation: fusible, follower });
  });
  return fused;
}

/** By layer: the index of the ReLU before it, if this layer may do its work because it is in place and nothing else reads its output. */
export function fuseReLUs(
  graph: TypedGraph,
  losses: readonly PlannedLoss[],
  sharing: ReadonlyMap<string, Sharing>,
): ReadonlyMap<string, number> {
  const readers = readersOf(graph, losses);
  const indices = new Map(graph.layers.map(({ name }, index) => [name, index]));
  const fused = new Map<string, number>();
  for (const { name, from, inferred } of graph.layers) {
    const source = inferred.rectifies ? graph.byName.get(from[0].layer) : undefined;
    if (!source?.definition.isPositivePart || readers.get(source.name) !== 1) continue;
    if (sharing.get(source.name) === 'inPlace') fused.set(name, indices.get(source.name)!);
  }
  return fused;
}

/** How many layers and losses read each layer. */
function readersOf(graph: TypedGraph, losses: readonly PlannedLoss[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const read = (layer: string) => readers.set(layer, (readers.get(layer) ?? 0) + 1);
  for (const layer of graph.layers) for (const { layer: source } of layer.from) read(source);
  for (const { spec } of losses) read(spec.from.layer);
  return readers;
}

/**
 * For every layer whose output may share the memory of its input: how. No other layer or loss may then read the input. A layer in
 * place changes the input, so it must not be data, nor be read again by the backward of its own layer.
 */
export function shareOutputs(
  graph: TypedGraph,
  losses: readonly PlannedLoss[],
): ReadonlyMap<string, Sharing> {
  const readers = readersOf(graph, losses);
  const sharing = new Map<string, Sharing>();
  const mayChange = (layer: TypedLayer): boolean => {
    if (layer.from.length === 0) return false;
    if (sharing.get(layer.name) === 'view') return mayChange(sourceOf(layer));
    return sharing.get(layer.name) === undefined && layer.definition.forgetsOutput === true;
  };
  const sourceOf = (layer: TypedLayer) => graph.byName.get(layer.from[0].layer) as TypedLayer;
  for (const layer of graph.layers) {
    const { name, definition, from } = layer;
    if (from.length !== 1 || from[0].output !== undefined || readers.get(from[0].layer) !== 1) continue;
    if (definition.view) sharing.set(name, 'view');
    else if (definition.inPlace && mayChange(sourceOf(layer))) sharing.set(name, 'inPlace');
  }
  return sharing;
}
