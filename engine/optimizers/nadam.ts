/** NAdam: Adam with Nesterov momentum. */
import { boolean, number, type Values } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { beta1, beta2, betas, epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

const attributes = {
  learningRate: learningRate(0.002),
  beta1: beta1(0.9),
  beta2: beta2(0.999),
  momentumDecay: number({
    default: 0.004,
    min: 0,
    doc: 'How quickly the momentum of the first steps grows to its full size.',
  }),
  epsilon: epsilon(1e-8),
  weightDecay: weightDecay(),
  torch1: boolean({
    default: false,
    doc: 'Reproduce PyTorch before 2.0, which had µₜ twice in Πµ·µₜ₊₁ by mistake. The first steps differ only. [Fixed upstream](https://github.com/pytorch/pytorch/pull/92699)',
  }),
};

type NadamValues = Values<typeof attributes>;

/** µ at a step: the momentum, warmed up. */
const momentumAt = ({ beta1, momentumDecay }: NadamValues, step: number): number =>
  beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));

/** The product of µ over steps 1 … step. Kept for the run, because it would need a loop over all steps at every step. */
const products = new WeakMap<NadamValues, { step: number; product: number }>();

function momentumProduct(values: NadamValues, step: number): number {
  let known = products.get(values);
  if (!known || known.step > step) {
    known = { step: 0, product: 1 };
    products.set(values, known);
  }
  while (known.step < step) known.product *= momentumAt(values, ++known.step);
  return known.product;
}

export const nadam = defineOptimizer({
  type: 'nadam',
  label: 'NAdam',
  doc: `*adam* with Nesterov momentum: **w ← w − learningRate · ((1 − µₜ)/(1 − Πµ) · g + µₜ₊₁/(1 − Πµ·µₜ₊₁) · m) / (√v̂ + ε)**, with m and v as in Adam,
µₜ = β1·(1 − ½·0.96^(t·momentumDecay)) and Πµ the product of µ over all steps so far. Often a little faster than Adam.

[Dozat, 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ),
[PyTorch: NAdam](https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html)`,
  attributes,
  frameworks: {
    pytorch: {
      name: 'NAdam',
      attributes: {
        learningRate: as('lr', 0.002),
        ...betas(),
        momentumDecay: as('momentum_decay', 0.004),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0),
        torch1: only(false),
      },
    },
  },
  slots: () => ['m', 'v'],

  update({ attributes, kernels, step, learningRate, count, parameters: w, gradients: g, slots }) {
    const { beta2, weightDecay, torch1 } = attributes;
    const [m, v] = slots;
    const product = momentumProduct(attributes, step);
    const next = momentumAt(attributes, step + 1);
    const momentum = momentumAt(attributes, step);
    const ofGradient = (learningRate * (1 - momentum)) / (1 - product);
    const ofMomentum = (learningRate * next) / (1 - product * (torch1 ? momentum : 1) * next);
    const correction2 = 1 - beta2 ** step;
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    kernels.nadamStep(count, ofGradient, ofMomentum, attributes, correction2, w, g, m, v);
  },
});
