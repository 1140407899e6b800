/** An activation and its derivative as points, computed by the layer itself. */
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import type { RawValues } from './values.ts';

export interface ActivationCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** dy/dx. */
  readonly slope: readonly number[];
}

/** The range in which the typical behaviour of activations is visible. */
const span = 4;
const count = 161;

/** From `low` to `high`. Undefined for layers that are not a function of one number. */
export function activationCurve(
  definition: LayerDefinition,
  given: RawValues = {},
  [low, high]: readonly [low: number, high: number] = [-span, span],
): ActivationCurve | undefined {
  const reading = layers.read({ type: definition.type, ...given });
  if (!definition.elementwise || 'problems' in reading) return undefined;
  const { attributes } = reading.value;
  const shape = [count];
  const inferred = definition.infer(attributes, [shape]);
  if ('problem' in inferred) return undefined;
  const x = Float64Array.from({ length: count }, (_, index) => low + (index / (count - 1)) * (high - low));
  const [y, one, slope] = [new Float64Array(count), new Float64Array(count).fill(1), new Float64Array(count)];
  const tensor = (data: Float64Array) => ({ data, shape: [1, count] });
  const pass = {
    attributes,
    batch: 1,
    training: false,
    // No backend: without its fused kernels the layer's own loops run.
    kernels: { activations: {} },
    constants: inferred.constants,
    input: tensor(x),
    output: tensor(y),
    gradInput: tensor(slope),
    gradOutput: tensor(one),
  } as unknown as Parameters<LayerDefinition['backward']>[0];
  definition.forward(pass);
  definition.backward(pass);
  return { x: [...x], y: [...y], slope: [...slope] };
}
