/** Questions that rules ask of a network's graph. */
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';

/** Layers with a matrix of weights: dense, convolutions, recurrent ones. Not those that only scale, or keep one number a unit. */
export const hasWeights = ({ inferred: { parameters } }: TypedLayer): boolean =>
  Object.values(parameters ?? {}).some(({ shape }) => shape.length >= 2);

/** Flat at both ends, so its derivative is small almost everywhere: sigmoid, tanh. */
export const squashes = ({ definition: { category, rails } }: TypedLayer): boolean =>
  category === 'activation' && rails?.low !== undefined && rails.high !== undefined;

/** The layers that read each layer. */
export function readersIn({ layers }: TypedGraph): ReadonlyMap<string, readonly TypedLayer[]> {
  const readers = new Map<string, TypedLayer[]>(layers.map(({ name }) => [name, []]));
  for (const layer of layers)
    for (const name of new Set(layer.from.map((ref) => ref.layer))) readers.get(name)?.push(layer);
  return readers;
}

/** All layers that a layer's output reaches, itself not among them, in the order of the graph. */
export function behind({ layers }: TypedGraph, name: string): readonly TypedLayer[] {
  const reached = new Set([name]);
  return layers.filter((layer) => {
    if (!layer.from.some((ref) => reached.has(ref.layer))) return false;
    reached.add(layer.name);
    return true;
  });
}
