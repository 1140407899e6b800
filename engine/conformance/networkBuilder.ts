/** Builds the spec of a reference network layer by layer, and records where each tensor of the case is in Netloom's tensors. */

import { type Inferred, type Shape, sizeOf } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { readAttributes } from '../layers/standalone.ts';
import type { Json } from '../schema/attributes.ts';
import { type LayerCase, type Placement, place } from './layerCase.ts';
import { numbersOf, type OracleTensor } from './oracle.ts';
import type { Located, Trajectory } from './trajectory.ts';

type Attributes = { readonly [name: string]: Json };

export interface RecurrentTensors {
  readonly kernel: OracleTensor;
  readonly recurrent: OracleTensor;
  /** Biases: none, one, or one for the input and one for the state. */
  readonly offsets: readonly OracleTensor[];
  /** Converts a matrix or vector to Netloom's layout, [inputs, gates · units]. */
  readonly convert: (tensor: OracleTensor) => Float64Array;
}

/** For matrices [inputs, gates · units] with gates in Netloom's order. */
export const asOurs = numbersOf;

/** For matrices [gates · units, inputs], in which Netloom's gate i is gate gates[i]. */
export const withGates =
  (gates: readonly number[]) =>
  (tensor: OracleTensor): Float64Array =>
    Float64Array.from(place(tensor, { gates, ...(tensor.shape.length === 2 ? { axes: [1, 0] } : {}) }).data);

function inferred(type: string, attributes: Attributes, inputs: readonly Shape[]): Inferred {
  const layer = layers.get(type);
  const result = layer.infer(readAttributes(layer, attributes), inputs);
  if ('problem' in result) throw new Error(`${type}: ${result.problem.message}`);
  return result;
}

export class NetworkBuilder {
  readonly layers: { [name: string]: Json } = {};
  readonly located: Located[] = [];
  readonly inputs: { readonly name: string; readonly shape: Shape }[] = [];
  /** Sizes of the inputs after the first, which are 1 everywhere. */
  readonly ones: number[] = [];
  /** The layer added last. */
  last = '';
  readonly #shapes = new Map<Json, Shape>();

  /** Shape of one sample of the last layer's output. */
  get shape(): Shape {
    return this.#shapes.get(this.last)!;
  }

  input(shape: Shape): string {
    const name = this.inputs.length === 0 ? 'x' : `ones${this.inputs.length}`;
    this.inputs.push({ name, shape });
    if (this.inputs.length > 1) this.ones.push(sizeOf(shape));
    this.layers[name] = { type: 'input', shape: [...shape] };
    this.#shapes.set(name, shape);
    if (this.inputs.length === 1) this.last = name;
    return name;
  }

  /** Adds a layer after the last one, or after several. */
  add(type: string, attributes: Attributes = {}, from: Json = this.last): string {
    const name = `${type}${Object.keys(this.layers).length}`;
    const inputs = [from].flat().map((one) => this.#shapes.get(one)!);
    this.layers[name] = { type, from, ...attributes };
    this.#shapes.set(name, inferred(type, attributes, inputs).output);
    this.last = name;
    return name;
  }

  /** Adds the layer of a case, and calls `locate` for each of its tensors, with Netloom's name. */
  addCase(
    { type, attributes, parameters = {}, state = {} }: LayerCase,
    locate: (ours: string, placement: Placement) => void,
  ): void {
    this.add(type, attributes);
    for (const [ours, [placement]] of Object.entries(parameters)) locate(ours, placement);
    for (const [ours, placement] of Object.entries(state)) locate(ours, placement);
  }

  /** Declares that a tensor of the case belongs to the last layer. */
  locate(key: string, tensor: string, placement: Omit<Placement, 'tensor'> = {}): void {
    this.#locate(key, tensor, 0, (given) => Float64Array.from(place(given, placement).data));
  }

  /** The same for a tensor with its own conversion. */
  locateBy(key: string, tensor: string, convert: (given: OracleTensor) => Float64Array): void {
    this.#locate(key, tensor, 0, convert);
  }

  #locate(key: string, tensor: string, offset: number, convert: Located['convert']): void {
    this.located.push({ key, layer: this.last, tensor, offset, convert });
  }

  /**
   * Adds a recurrent layer with tensors for each direction. If the case has two biases and the layer has one, the second becomes
   * the weight of one more feature, which is always 1. It gets the same gradient and the same updates.
   */
  recurrent(type: string, attributes: Attributes, directions: readonly RecurrentTensors[]): void {
    const hasTwo = inferred(type, attributes, [this.shape]).parameters?.recurrentBias !== undefined;
    const count = directions[0].offsets.length;
    const feature = count === 2 && !hasTwo;
    if (feature) {
      const below = this.last;
      this.add('concat', {}, [below, this.input([this.shape[0], 1])]);
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

  /** The parts of a trajectory that the builder contributes. `batches`: inputs and targets of the case. */
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
