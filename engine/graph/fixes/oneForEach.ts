/** Makes a network that gives a result for each cell of its input give one for each sample. */
import type { Shape } from '../../layers/define.ts';
import type { Fix } from '../../schema/problem.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import type { TypedGraph, TypedLayer } from '../typed.ts';
import { bridgeBefore } from './bridge.ts';
import { inferred, mostTries } from './tries.ts';

/** Puts a layer that joins all cells before the last layer with parameters, which then has as many outputs as before. */
export function oneForEachSample(graph: TypedGraph, name: string): Fix<SpecEdit> | undefined {
  const tries = { tries: { left: mostTries } };
  for (let layer = graph.byName.get(name); layer; layer = before(graph, layer)) {
    const { spec, definition, from, inputShapes, inferred: own } = layer;
    const [input] = inputShapes;
    if (from.length !== 1 || spec.path[0] === 'blocks') return undefined;
    if (Object.keys(own.parameters ?? {}).length === 0) continue;
    const isKept = (output: Shape): boolean =>
      output.length === 1 &&
      inferred(tries, definition, spec.attributes, [output])?.output.join() === String(own.output.at(-1));
    return bridgeBefore(layer, input, isKept, (one) => graph.byName.has(one), tries);
  }
  return undefined;
}

/** The layer that this one reads, if it keeps the number of cells. */
const before = (
  { byName }: TypedGraph,
  { from, inputShapes, inferred }: TypedLayer,
): TypedLayer | undefined =>
  inputShapes[0]?.slice(0, -1).join() === inferred.output.slice(0, -1).join()
    ? byName.get(from[0].layer)
    : undefined;
