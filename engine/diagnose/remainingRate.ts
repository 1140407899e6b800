/** How much of the learning rate a schedule leaves, now and over the whole run. */
import { schedules } from '../schedules/registry.ts';
import { lastCheck, type TrainingLook } from './look.ts';

/**
 * The factor of the schedule on the learning rate after this many steps of the run; 1 without a schedule. A past factor is computed from
 * the losses of the epochs before it, a later one from all losses so far.
 */
function factorAt({ training, totalSteps, epochs }: TrainingLook, step: number): number {
  const { schedule, accumulate } = training;
  if (!schedule) return 1;
  const batches = totalSteps / training.epochs;
  const stepsPerEpoch = Math.ceil(batches / accumulate);
  const progress = {
    step: Math.floor(step / batches) * stepsPerEpoch + Math.floor((step % batches) / accumulate),
    totalSteps: training.epochs * stepsPerEpoch,
    stepsPerEpoch,
    memory: epochs[Math.min(Math.floor(step / batches), epochs.length) - 1]?.memory,
  };
  return schedules.get(schedule.type).factor(progress, schedule.attributes);
}

/** The part of the learning rate that the schedule leaves now. */
export const factorNow = (look: TrainingLook): number => factorAt(look, lastCheck(look).step);

/** Whether the schedule now leaves less than this part of the learning rate. */
export const isBelow = (look: TrainingLook, limit: number): boolean => factorNow(look) < limit;

/** The part of the highest learning rate so far that the schedule leaves now: 1 while it rises. */
export function fallenTo(look: TrainingLook): number {
  const { step } = lastCheck(look);
  const earlier = Array.from({ length: places }, (_, place) =>
    factorAt(look, Math.floor((step * place) / places)),
  );
  const now = factorNow(look);
  return now / Math.max(now, ...earlier);
}

/** Whether the schedule leaves more of the learning rate now than ever before, as a warm-up does. */
export const isRising = (look: TrainingLook): boolean =>
  fallenTo(look) === 1 && factorAt(look, 0) < factorNow(look);

/** Places of a run at which the factor is computed. */
const places = 40;

/** The share of the whole run, past and future, in which the schedule leaves less than this part of the learning rate. */
export function shareBelow(look: TrainingLook, limit: number): number {
  const steps = Array.from({ length: places }, (_, place) => Math.floor((look.totalSteps * place) / places));
  return steps.filter((step) => factorAt(look, step) < limit).length / places;
}
