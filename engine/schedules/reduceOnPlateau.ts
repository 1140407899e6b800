/** Reduce on plateau: the learning rate falls when the loss no longer does. */
import { integer, number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineSchedule, type ScheduleMemory } from './define.ts';

export const reduceOnPlateau = defineSchedule({
  type: 'reduceOnPlateau',
  label: 'Reduce on plateau',
  doc: `Multiplies the learning rate by *factor* when the loss of an epoch (on test data if there are any) has not fallen below the best so far
by a share of *threshold* for more than *patience* epochs in a row. It does not depend on the length of the training.

[PyTorch: ReduceLROnPlateau](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html)`,
  attributes: {
    factor: number({
      default: 0.1,
      above: 0,
      below: 1,
      doc: 'Factor by which the learning rate is multiplied at each reduction.',
    }),
    patience: integer({ default: 10, min: 0, doc: 'Epochs without progress that are tolerated.' }),
    threshold: number({
      default: 0.0001,
      min: 0,
      below: 1,
      doc: 'Share by which the loss must fall to count as progress.',
    }),
    cooldown: integer({ default: 0, min: 0, doc: 'Epochs after a reduction that do not count.' }),
    minimum: number({ default: 0, min: 0, max: 1, doc: 'Smallest factor on the learning rate.' }),
  },
  frameworks: {
    pytorch: {
      name: 'ReduceLROnPlateau',
      fixed: { mode: 'min', threshold_mode: 'rel', min_lr: 0 },
      attributes: {
        factor: as('factor', 0.1),
        patience: as('patience', 10),
        threshold: as('threshold', 1e-4),
        cooldown: as('cooldown', 0),
        minimum: only(0),
      },
    },
  },
  afterEpoch(before, loss, { factor, patience, threshold, cooldown, minimum }) {
    let { current, best, bad, rest } = before ?? start;
    if (loss < best * (1 - threshold)) {
      best = loss;
      bad = 0;
    } else bad++;
    if (rest > 0) {
      rest--;
      bad = 0;
    }
    if (bad > patience) {
      current = Math.max(minimum, current * factor);
      rest = cooldown;
      bad = 0;
    }
    return { current, best, bad, rest };
  },

  factor: ({ memory = start }) => memory.current,
});

/** The factor now, the best loss, and how many epochs without progress and of cooldown there are. */
const start: ScheduleMemory = { current: 1, best: Number.POSITIVE_INFINITY, bad: 0, rest: 0 };
