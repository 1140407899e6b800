/** A single layer that computes on given numbers. */
import type { Backend } from '../kernels/backend.ts';
import type { Random } from '../kernels/random.ts';
import type { Tensor } from '../kernels/tensor.ts';
import { layers } from '../layers/registry.ts';
import { StandaloneLayer } from '../layers/standalone.ts';
import type { Precision } from './oracle.ts';

export interface LayerUse {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: unknown };
  /** With the batch axis. Without data, an input is set before the layer runs. */
  readonly inputs: readonly Tensor[];
  /** Each is the sum of its sources. A single number is used for a whole parameter. */
  readonly parameters?: { readonly [name: string]: readonly ArrayLike<number>[] };
  readonly state?: { readonly [name: string]: ArrayLike<number> };
  readonly lengths?: readonly number[];
  /** Random numbers that the case prescribes. */
  readonly random?: Random;
}

export type Tensors = { readonly [name: string]: Tensor };

/** The layer before its first pass. */
export function openLayer(
  { type, attributes, inputs, parameters = {}, state = {}, lengths, random }: LayerUse,
  precision: Precision,
  { kernels, allocate }: Backend,
): StandaloneLayer {
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    ...(attributes ? { attributes } : {}),
    inputs: inputs.map(({ shape }) => shape.slice(1)),
    batch: inputs[0].shape[0],
    float: precision,
    kernels,
    allocate,
    ...(lengths ? { lengths } : {}),
  });
  const { pass } = layer;
  if (random) Object.assign(pass, { random });
  for (const [index, { data }] of inputs.entries()) pass.inputs[index].data.set(data);
  for (const [name, sources] of Object.entries(parameters)) {
    const { data } = (pass.parameters as Tensors)[name];
    for (const values of sources)
      for (let i = 0; i < data.length; i++) data[i] += values[values.length === 1 ? 0 : i];
  }
  for (const [name, values] of Object.entries(state)) (pass.state as Tensors)[name].data.set(values);
  return layer;
}
