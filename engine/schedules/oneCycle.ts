/** One cycle: up to the full learning rate, then down far below the start. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { halfCosine } from './cosine.ts';
import { defineSchedule } from './define.ts';

/** Along half a cosine wave from `from` to `to`. */
const blend = (from: number, to: number, share: number): number => to + (from - to) * halfCosine(share);

export const oneCycle = defineSchedule({
  type: 'oneCycle',
  label: 'One cycle',
  doc: `The learning rate starts at the full rate divided by *startDivisor* and reaches the full rate after the share *rise* of all steps. It then falls to the
initial rate divided by *finalDivisor*. Both parts follow half a cosine wave. This allows a larger full rate than a constant one, and so faster training. The momentum does not change.

[Smith and Topin, 2018](https://arxiv.org/abs/1708.07120),
[PyTorch: OneCycleLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html)`,
  attributes: {
    rise: number({
      default: 0.3,
      above: 0,
      below: 1,
      doc: 'Share of all steps in which the learning rate rises.',
    }),
    startDivisor: number({ default: 25, min: 1, doc: 'The initial rate is the full rate divided by this.' }),
    finalDivisor: number({
      default: 10000,
      min: 1,
      doc: 'The final rate is the initial rate divided by this.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'OneCycleLR',
      fixed: { anneal_strategy: 'cos', three_phase: false },
      required: { cycle_momentum: false },
      attributes: {
        rise: as('pct_start', 0.3),
        startDivisor: as('div_factor', 25),
        finalDivisor: as('final_div_factor', 10000),
      },
    },
  },
  factor({ step, totalSteps }, { rise, startDivisor, finalDivisor }) {
    const start = 1 / startDivisor;
    const peak = rise * totalSteps - 1;
    const last = totalSteps - 1;
    if (step <= peak) return peak <= 0 ? 1 : blend(start, 1, step / peak);
    return blend(1, start / finalDivisor, Math.min(1, (step - peak) / Math.max(1e-9, last - peak)));
  },
});
