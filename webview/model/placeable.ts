/** What the layout needs of layers, and which layers each of them reads. */

/** The properties of a layer that the layout needs. */
export interface Placeable {
  readonly name: string;
  readonly from: readonly { readonly layer: string; readonly output?: string }[];
  /** The size of its card; without a width, that of all cards. */
  readonly height: number;
  readonly width?: number;
  /** How far its connections are from its left side, or from its top if the layout goes to the right; without it, as on a card. */
  readonly line?: number;
  /** Whether it is drawn as a row and reads one layer. */
  readonly follows?: boolean;
  /** Its kind, by which a copy is known. */
  readonly type?: string;
  /** Whether nothing lies under it. */
  readonly alone?: boolean;
  /** Whether it can have an input. */
  readonly takesInput?: boolean;
}

/** For each layer, the layer that each of its inputs reads; -1 if there is none of this name. */
export type Reads = readonly (readonly number[])[];

export const none: readonly number[] = [];

/** Names are looked up once, because most steps of the layout need what they lead to. */
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
