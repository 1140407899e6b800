/** Cosine: the learning rate falls along half a cosine wave, with an optional warm-up and restarts. */
import { number } from '../schema/attributes.ts';
import { as, type Conversion, given, inexpressible, only, unstated } from '../schema/frameworks.ts';
import { defineSchedule } from './define.ts';
import { warmupFactor } from './warmup.ts';

/** From 1 at `share` 0 to 0 at 1. */
export const halfCosine = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2;

/** How far step `step` is within its cycle, in 0 … 1; cycle k is `first` · `growth`ᵏ steps long. */
function shareOfCycle(step: number, first: number, growth: number): number {
  if (growth === 1) return (step % first) / first;
  const cycle = Math.floor(Math.log(1 + (step / first) * (growth - 1)) / Math.log(growth) + 1e-9);
  const length = first * growth ** cycle;
  const begin = (first * (growth ** cycle - 1)) / (growth - 1);
  return Math.min(1, Math.max(0, (step - begin) / length));
}

/** PyTorch gives the end of the wave as a learning rate, not as a factor. */
const minimumRate: Conversion<number> = {
  read: (theirs, { training }) => {
    const rate = Number(given(theirs, 'eta_min', 0));
    return rate === 0 ? 0 : training ? rate / training.learningRate : inexpressible;
  },
  write: (ours, { training }) => {
    if (ours === 0) return { eta_min: 0 };
    return training ? { eta_min: ours * training.learningRate } : inexpressible;
  },
};

/** Without restarts, the wave ends with the training. PyTorch's would rise again after it. */
const oneWave: Conversion<number> = {
  read: ({ T_max }, { training }) => (T_max === training?.epochs ? 0 : inexpressible),
  write: (ours, { training }) => (ours === 0 && training ? { T_max: training.epochs } : inexpressible),
};

const restarts: Conversion<number> = {
  read: ({ T_0 }) => T_0 ?? inexpressible,
  write: (ours) => (ours === 0 ? inexpressible : { T_0: ours }),
};

const withoutWarmup = { minimum: minimumRate, warmupEpochs: only(0), warmupStart: unstated(0.01) };

export const cosine = defineSchedule({
  type: 'cosine',
  label: 'Cosine',
  doc: `After an optional warm-up the factor falls from 1 to *minimum* along half a cosine wave: minimum + (1 − minimum)·(1 + cos(π·share done))/2. The fall is slow at
first, fast in the middle and slow at the end. Without restarts, one wave spans the whole training. With restarts, the factor jumps back to 1 at each one.

[Loshchilov and Hutter, 2017 (SGDR)](https://arxiv.org/abs/1608.03983),
[PyTorch: CosineAnnealingLR](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html)`,
  attributes: {
    minimum: number({ default: 0, min: 0, max: 1, doc: 'Factor at the end of the wave.' }),
    warmupEpochs: number({
      default: 0,
      min: 0,
      doc: 'Epochs of linear growth at the start; may be a fraction.',
    }),
    warmupStart: number({ default: 0.01, min: 0, max: 1, doc: 'Factor at the first step of the warm-up.' }),
    restartEpochs: number({
      default: 0,
      min: 0,
      doc: 'Epochs of the first wave, after which it restarts. 0: no restart.',
    }),
    restartGrowth: number({
      default: 1,
      min: 1,
      doc: 'How many times as long each wave is as the previous one.',
    }),
  },
  frameworks: {
    pytorch: [
      {
        name: 'CosineAnnealingLR',
        attributes: { ...withoutWarmup, restartEpochs: oneWave, restartGrowth: unstated(1) },
      },
      {
        name: 'CosineAnnealingWarmRestarts',
        attributes: { ...withoutWarmup, restartEpochs: restarts, restartGrowth: as('T_mult', 1) },
      },
    ],
  },
  factor(
    { step, totalSteps, stepsPerEpoch },
    { minimum, warmupEpochs, warmupStart, restartEpochs, restartGrowth },
  ) {
    const warm = warmupEpochs * stepsPerEpoch;
    if (step < warm) return warmupFactor(step, warm, warmupStart);
    const done = step - warm;
    const share =
      restartEpochs > 0
        ? shareOfCycle(done, restartEpochs * stepsPerEpoch, restartGrowth)
        : Math.min(1, done / Math.max(1, totalSteps - warm));
    return minimum + (1 - minimum) * halfCosine(share);
  },
});
