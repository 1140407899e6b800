/** Warm-up: the learning rate grows linearly to its full size. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { defineSchedule } from './define.ts';

/** From `start` to 1 in `length` steps; 1 from there on. */
export const warmupFactor = (step: number, length: number, start: number): number =>
  step >= length ? 1 : start + ((1 - start) * step) / length;

export const warmup = defineSchedule({
  type: 'warmup',
  label: 'Warm-up',
  doc: `Increases the learning rate linearly over the first epochs, then keeps it. Early gradients are large and of little use, and small first steps
limit the damage. *cosine* and *oneCycle* include a warm-up.

[PyTorch: LinearLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html),
[Goyal et al., 2017](https://arxiv.org/abs/1706.02677)`,
  attributes: {
    epochs: number({ default: 1, min: 0, doc: 'Epochs of growth; may be a fraction.' }),
    start: number({ default: 0.1, min: 0, max: 1, doc: 'Factor at the first step.' }),
  },
  frameworks: {
    pytorch: {
      name: 'LinearLR',
      fixed: { end_factor: 1 },
      attributes: { epochs: as('total_iters', 5), start: as('start_factor', 1 / 3) },
    },
  },
  factor: ({ step, stepsPerEpoch }, { epochs, start }) => warmupFactor(step, epochs * stepsPerEpoch, start),
});
