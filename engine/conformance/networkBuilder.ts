/** Writes down a reference network layer by layer, and where each of its tensors lies in ours. */

import { type Shape, sizeOf } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { readAttributes } from '../layers/standalone.ts';
import type { Json } from '../schema/attributes.ts';
import { type Placement, place } from './layerCase.ts';
import type { OracleTensor } from './oracle.ts';
import type { Located, Trajectory } from './trajectory.ts';

type Attributes = { readonly [name: string]: Json };

export interface RecurrentTensors {
  readonly kernel: OracleTensor;
  readonly recurrent: OracleTensor;
  /** None, one for all, or one of the input and one of the state. */
  readonly offsets: readonly OracleTensor[];
  /** A matrix or a vector as ours lies: [inputs, gates · units]. */
  readonly convert: (tensor: OracleTensor) => Float64Array;
}

/** Matrices [inputs, gates · units] with gates as ours. */
export const asOurs = ({ data }: OracleTensor): Float64Array => Float64Array.from(data, Number);

/** Matrices [gates · units, inputs], our gate i being theirs gates[i]. */
export const withGates =
  (gates: readonly number[]) =>
  (tensor: OracleTensor): Float64Array =>
    Float64Array.from(place(tensor, { gates, ...(tensor.shape.length === 2 ? { axes: [1, 0] } : {}) }).data);

/** Whether the layer itself has an offset of the input and one of the state. */
function hasTwoOffsets(type: string, attributes: Attributes, input: Shape): boolean {
  const layer = layers.get(type);
  const inferred = layer.infer(readAttributes(layer, attributes), [input]);
  return !('problem' in inferred) && inferred.parameters?.recurrentBias !== undefined;
}

export class NetworkBuilder {
  readonly layers: { [name: string]: Json } = {};
  readonly located: Located[] = [];
  readonly inputs: { readonly name: string; readonly shape: Shape }[] = [];
  /** Inputs beside the first, which are 1 everywhere. */
  readonly ones: number[] = [];
  /** The layer added last. */
  last = '';

  input(shape: Shape): string {
    const name = this.inputs.length === 0 ? 'x' : `ones${this.inputs.length}`;
    this.inputs.push({ name, shape });
    if (this.inputs.length > 1) this.ones.push(sizeOf(shape));
    this.layers[name] = { type: 'input', shape: [...shape] };
    if (this.inputs.length === 1) this.last = name;
    return name;
  }

  /** A layer on the last one, or on several. */
  add(type: string, attributes: Attributes = {}, from: Json = this.last): string {
    const name = `${type}${Object.keys(this.layers).length}`;
    this.layers[name] = { type, from, ...attributes };
    this.last = name;
    return name;
  }

  /** Says that a tensor of the case is one of the last layer's. */
  locate(key: string, tensor: string, placement: Omit<Placement, 'tensor'> = {}): void {
    this.#locate(key, tensor, 0, (given) => Float64Array.from(place(given, placement).data));
  }

  /** The same for a tensor that is brought into our order by itself. */
  locateBy(key: string, tensor: string, convert: (given: OracleTensor) => Float64Array): void {
    this.#locate(key, tensor, 0, convert);
  }

  #locate(key: string, tensor: string, offset: number, convert: Located['convert']): void {
    this.located.push({ key, layer: this.last, tensor, offset, convert });
  }

  /**
   * A recurrent layer on `features` features, with tensors for each direction. Where the case has two offsets and ours
   * one, the second is the weight of one more feature, which is always 1: it gets the same gradient and the same steps.
   */
  recurrent(
    type: string,
    attributes: Attributes,
    directions: readonly RecurrentTensors[],
    time: number,
    features: number,
  ): void {
    const pair = hasTwoOffsets(type, attributes, [time, features]);
    const count = directions[0].offsets.length;
    const feature = count === 2 && !pair;
    if (feature) {
      const below = this.last;
      this.add('concat', {}, [below, this.input([time, 1])]);
    }
    this.add(type, { ...attributes, useBias: count > 0, bidirectional: directions.length === 2 });
    for (const [direction, { kernel, recurrent, offsets, convert }] of directions.entries()) {
      const ours = (name: string): string =>
        direction === 0 ? name : `backward${name[0].toUpperCase()}${name.slice(1)}`;
      this.#locate(kernel.name, ours('kernel'), 0, convert);
      this.#locate(recurrent.name, ours('recurrentKernel'), 0, convert);
      for (const [index, { name }] of offsets.entries())
        if (index === 0) this.#locate(name, ours('bias'), 0, convert);
        else if (feature) this.#locate(name, ours('kernel'), sizeOf(kernel.shape), convert);
        else this.#locate(name, ours('recurrentBias'), 0, convert);
    }
  }

  /** What the builder knows of a trajectory. A batch is the case's input and its target. */
  trajectory(
    batches: readonly { readonly input: Float64Array; readonly target: Float64Array }[],
    batchSize: number,
  ) {
    return {
      layers: this.layers,
      located: this.located,
      inputs: this.inputs,
      batchSize,
      batches: batches.map(({ input, target }) => ({
        inputs: [input, ...this.ones.map((size) => new Float64Array(size * batchSize).fill(1))],
        target,
      })),
    } satisfies Partial<Trajectory>;
  }
}
