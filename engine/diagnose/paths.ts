/** Which layers of a network are on one path. It is asked for many pairs, so what is behind a layer is computed once. */
import type { TypedGraph } from '../graph/typed.ts';

export class Paths {
  readonly #graph: TypedGraph;
  readonly #places: ReadonlyMap<string, number>;
  /** For each layer that was asked for, a bit for each layer of the graph: whether it depends on its output. */
  readonly #behind = new Map<string, Uint32Array>();

  constructor(graph: TypedGraph) {
    this.#graph = graph;
    this.#places = new Map(graph.layers.map(({ name }, place) => [name, place]));
  }

  /** Whether a fault in one layer can show in the other one. A finding without a layer concerns all layers. */
  areJoined(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined || one === other) return true;
    return this.#leadsTo(one, other) || this.#leadsTo(other, one);
  }

  #leadsTo(from: string, to: string): boolean {
    const place = this.#places.get(to);
    return place !== undefined && isSet(this.#bitsBehind(from), place);
  }

  #bitsBehind(name: string): Uint32Array {
    const known = this.#behind.get(name);
    if (known) return known;
    const { layers } = this.#graph;
    const bits = new Uint32Array(Math.ceil(layers.length / 32));
    const start = this.#places.get(name);
    for (let place = (start ?? layers.length) + 1; place < layers.length; place++) {
      const reads = layers[place].from.some(({ layer }) => {
        const source = this.#places.get(layer);
        return source !== undefined && (source === start || isSet(bits, source));
      });
      if (reads) bits[place >> 5] |= 1 << (place & 31);
    }
    this.#behind.set(name, bits);
    return bits;
  }
}

const isSet = (bits: Uint32Array, place: number): boolean => ((bits[place >> 5] >> (place & 31)) & 1) === 1;
