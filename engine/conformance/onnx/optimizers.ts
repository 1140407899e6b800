/** ONNX's update steps: parameters, gradients and running values before, parameters and running values after. */
import { floatsOn } from '../../kernels/backend.ts';
import type { FloatArray } from '../../kernels/tensor.ts';
import { optimizers } from '../../optimizers/registry.ts';
import type { Json } from '../../schema/attributes.ts';
import { against, type NodeRunner, numbersOf } from './node.ts';

interface Update {
  readonly type: string;
  readonly attributes: { readonly [name: string]: Json };
  /** Counts from 1. */
  readonly step: number;
  /** How many running values ONNX keeps, in the order of our slots. */
  readonly slots: number;
  /** What the parameters are multiplied by afterwards. */
  readonly after?: number;
}

type Mapping = (
  attributes: { readonly [name: string]: Json },
  rate: number,
  steps: number,
) => Update | undefined;

/** Inputs: rate, steps so far, then all parameters, all gradients, and all of each running value. */
const updating =
  (mapping: Mapping): NodeRunner =>
  ({ attributes, inputs: [rate, steps, ...tensors], outputs, precision, backend }) => {
    if (!rate || !steps) return undefined;
    const learningRate = Number(rate.data[0]);
    const update = mapping(attributes, learningRate, Number(steps.data[0]));
    if (!update) return undefined;
    const reading = optimizers.read({ ...update.attributes, type: update.type, learningRate });
    if ('problems' in reading) return undefined;
    const count = tensors.length / (2 + update.slots);
    const copy = (index: number): FloatArray => {
      const tensor = tensors[index];
      const values = tensor ? numbersOf(tensor) : new Float64Array(0);
      const own = floatsOn(backend, precision, values.length);
      own.set(values);
      return own;
    };
    return Array.from({ length: count }, (_, index) => {
      const parameters = copy(index);
      const slots = Array.from({ length: update.slots }, (_slot, slot) => copy((2 + slot) * count + index));
      optimizers.get(update.type).update({
        attributes: reading.value.attributes,
        kernels: backend.kernels,
        step: update.step,
        learningRate,
        count: parameters.length,
        parameters,
        gradients: copy(count + index),
        slots,
      });
      const found = parameters.map((value: number) => value * (update.after ?? 1));
      return [
        ...against(found, outputs[index]),
        ...slots.flatMap((values, slot) => against(values, outputs[(1 + slot) * count + index])),
      ];
    }).flat();
  };

const adagrad: Mapping = ({ decay_factor = 0, epsilon = 1e-6, norm_coefficient = 0 }, _rate, steps) => ({
  type: 'adagrad',
  attributes: { learningRateDecay: decay_factor, epsilon, weightDecay: norm_coefficient },
  step: steps + 1,
  slots: 1,
});

/**
 * ONNX corrects the rate by √(1 − β2ᵗ)/(1 − β1ᵗ) where we correct both running values, so that its ε is our
 * ε·√(1 − β2ᵗ). It leaves out the correction at step 0, which to us is a step so late that there is none.
 */
const adam: Mapping = (given, _rate, steps) => {
  const { alpha = 0.9, beta = 0.999, norm_coefficient = 0, norm_coefficient_post: post = 0 } = given;
  const epsilon = Number(given.epsilon ?? 1e-6);
  const spread = steps === 0 ? 1 : Math.sqrt(1 - Number(beta) ** steps);
  return {
    type: 'adam',
    attributes: { beta1: alpha, beta2: beta, epsilon: epsilon / spread, weightDecay: norm_coefficient },
    step: steps === 0 ? Number.POSITIVE_INFINITY : steps,
    slots: 2,
    after: 1 - Number(post),
  };
};

/** Its beta is the share of each gradient that enters, from the second step on. */
const momentum: Mapping = ({ alpha, beta, mode, norm_coefficient = 0 }, _rate, steps) => ({
  type: 'sgd',
  attributes: {
    momentum: alpha,
    dampening: 1 - Number(beta),
    nesterov: mode === 'nesterov',
    weightDecay: norm_coefficient,
  },
  step: steps + 1,
  slots: 1,
});

export const optimizerRunners: { readonly [op: string]: NodeRunner } = {
  Adagrad: updating(adagrad),
  Adam: updating(adam),
  Momentum: updating(momentum),
};
