/** Step and exponential: the learning rate falls epoch by epoch. */
import { boolean, integer, integers, number } from '../schema/attributes.ts';
import { as, only, unstated } from '../schema/frameworks.ts';
import { defineSchedule, type Progress } from './define.ts';

const epochsDone = ({ step, stepsPerEpoch }: Progress): number => Math.floor(step / stepsPerEpoch);

export const step = defineSchedule({
  type: 'step',
  label: 'Step',
  doc: `Multiplies the learning rate by *factor* at regular intervals, or after given epochs. Common for image networks: when the loss stops
falling, a ten times smaller learning rate lets it fall again.

[PyTorch: StepLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html),
[MultiStepLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html)`,
  attributes: {
    every: integer({ default: 10, min: 1, doc: 'Epochs between two reductions.' }),
    milestones: integers({
      default: [],
      min: 1,
      doc: 'Instead of *every*: the epochs after which the learning rate is reduced, e.g. [30, 60].',
    }),
    factor: number({
      default: 0.1,
      above: 0,
      doc: 'Factor by which the learning rate is multiplied at each reduction.',
    }),
  },
  frameworks: {
    pytorch: [
      {
        name: 'StepLR',
        attributes: { every: 'step_size', milestones: only([]), factor: as('gamma', 0.1) },
      },
      {
        name: 'MultiStepLR',
        attributes: { every: unstated(10), milestones: 'milestones', factor: as('gamma', 0.1) },
      },
    ],
  },
  factor(progress, { every, milestones, factor }) {
    const done = epochsDone(progress);
    const falls =
      milestones.length > 0 ? milestones.filter((epoch) => epoch <= done).length : Math.floor(done / every);
    return factor ** falls;
  },
});

export const exponential = defineSchedule({
  type: 'exponential',
  label: 'Exponential',
  doc: `Multiplies the learning rate by *decay* after each epoch: decay^epochs.

[PyTorch: ExponentialLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html)`,
  attributes: {
    decay: number({ default: 0.95, above: 0, doc: 'Factor for each epoch.' }),
    smooth: boolean({
      default: false,
      doc: 'Reduce the learning rate a little at each step instead of once per epoch.',
    }),
  },
  frameworks: { pytorch: { name: 'ExponentialLR', attributes: { decay: 'gamma', smooth: only(false) } } },
  factor: (progress, { decay, smooth }) =>
    decay ** (smooth ? progress.step / progress.stepsPerEpoch : epochsDone(progress)),
});
