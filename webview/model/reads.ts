/** Which layers each layer reads, by index. Names are looked up once, because most steps of the layout need it. */
import type { Placeable } from './stacks.ts';

/** For each layer, the layer that each of its inputs reads; -1 if there is none of this name. */
export type Reads = readonly (readonly number[])[];

export const none: readonly number[] = [];

export function readsOf(layers: readonly Placeable[]): Reads {
  const indices = new Map<string, number>();
  for (let index = 0; index < layers.length; index++) indices.set(layers[index].name, index);
  const indexOf = (name: string): number => indices.get(name) ?? -1;
  const reads = new Array<readonly number[]>(layers.length);
  for (let index = 0; index < layers.length; index++) {
    const { from } = layers[index];
    // A list of one is the size of one; most layers read one.
    if (from.length === 0) reads[index] = none;
    else if (from.length === 1) reads[index] = [indexOf(from[0].layer)];
    else reads[index] = from.map(({ layer }) => indexOf(layer));
  }
  return reads;
}
