/** Update steps of ONNX, with parameters, gradients and running values before, and parameters and running values after. */
import { floatsOn } from '../../kernels/backend.ts';
import type { FloatArray } from '../../kernels/tensor.ts';
import { optimizers } from '../../optimizers/registry.ts';
import type { AttributeTable, Json } from '../../schema/attributes.ts';
import { type Counterpart, counterpartsOf, nowhere, readAttributesOf } from '../../schema/frameworks.ts';
import { numbersOf } from '../oracle.ts';
import { against, type NodeRunner } from './node.ts';

type Attributes = { readonly [name: string]: Json };

/** How an operator of ONNX differs from the optimizer with the same name. */
interface Difference {
  /** Netloom's attributes at this step, from those that were read. */
  attributes?(ours: Attributes, steps: number): Attributes;
  /** Netloom's step, which counts from 1. Default: one more than ONNX's. */
  step?(steps: number): number;
  /** A factor on the parameters afterwards. */
  after?(theirs: Attributes): number;
}

const differences: { readonly [op: string]: Difference } = {
  /**
   * ONNX corrects the rate by √(1 − β2ᵗ)/(1 − β1ᵗ), and Netloom corrects both running values, so ONNX's ε is Netloom's ε·√(1 −
   * β2ᵗ). At step 0, ONNX makes no correction, which corresponds to an infinite step in Netloom.
   */
  Adam: {
    attributes: (ours, steps) => ({
      ...ours,
      epsilon: Number(ours.epsilon) / (steps === 0 ? 1 : Math.sqrt(1 - Number(ours.beta2) ** steps)),
    }),
    step: (steps) => (steps === 0 ? Number.POSITIVE_INFINITY : steps),
    after: ({ norm_coefficient_post = 0 }) => 1 - Number(norm_coefficient_post),
  },
};

/** Inputs: learning rate, number of steps so far, then all parameters, all gradients, and for each running value all tensors. */
const updating =
  (type: string, counterpart: Counterpart<AttributeTable>, difference: Difference = {}): NodeRunner =>
  ({ attributes, inputs: [rate, steps, ...tensors], outputs, precision, backend }) => {
    if (!rate || !steps) return undefined;
    const learningRate = Number(rate.data[0]);
    const done = Number(steps.data[0]);
    const ours = readAttributesOf(counterpart, { ...attributes, norm_coefficient_post: 0 }, nowhere);
    if (!ours) return undefined;
    const adapted = difference.attributes?.(ours, done) ?? ours;
    const reading = optimizers.read({ ...adapted, type, learningRate });
    if ('problems' in reading) return undefined;
    const optimizer = optimizers.get(type);
    const slotCount = optimizer.slots(reading.value.attributes).length;
    const count = tensors.length / (2 + slotCount);
    const copy = (index: number): FloatArray => {
      const tensor = tensors[index];
      const values = tensor ? numbersOf(tensor) : new Float64Array(0);
      const own = floatsOn(backend, precision, values.length);
      own.set(values);
      return own;
    };
    return Array.from({ length: count }, (_, index) => {
      const parameters = copy(index);
      const slots = Array.from({ length: slotCount }, (_slot, slot) => copy((2 + slot) * count + index));
      optimizer.update({
        attributes: reading.value.attributes,
        kernels: backend.kernels,
        step: difference.step?.(done) ?? done + 1,
        learningRate,
        count: parameters.length,
        parameters,
        gradients: copy(count + index),
        slots,
      });
      const found = parameters.map((value: number) => value * (difference.after?.(attributes) ?? 1));
      return [
        ...against(found, outputs[index]),
        ...slots.flatMap((values, slot) => against(values, outputs[(1 + slot) * count + index])),
      ];
    }).flat();
  };

export const optimizerRunners: { readonly [op: string]: NodeRunner } = Object.fromEntries(
  [...optimizers].flatMap(({ type, frameworks }) =>
    counterpartsOf(frameworks, 'onnx').map((counterpart) => [
      counterpart.name,
      updating(type, counterpart, differences[counterpart.name]),
    ]),
  ),
);
