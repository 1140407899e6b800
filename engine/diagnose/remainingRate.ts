/** How much of the learning rate a schedule leaves, at the current step and later. */
import { schedules } from '../schedules/registry.ts';
import { lastCheck, type TrainingLook } from './look.ts';

/** The factor of the schedule on the learning rate at a step of the run, if the losses of later epochs changed nothing. 1 without a schedule. */
function factorAt({ training, totalSteps, epochs }: TrainingLook, step: number): number {
  const { schedule, accumulate } = training;
  if (!schedule) return 1;
  const total = totalSteps / accumulate;
  return schedules.get(schedule.type).factor(
    {
      step: Math.floor(step / accumulate),
      totalSteps: total,
      stepsPerEpoch: total / training.epochs,
      epochLosses: epochs.map(({ train, test }) => (test ?? train).loss),
    },
    schedule.attributes,
  );
}

/** Below this part of its learning rate, a training hardly moves. */
export const stopped = 0.005;

/** Whether the schedule has stopped the training by now. Then the learning rate itself is not the reason why updates are small. */
export const isStopped = (look: TrainingLook): boolean => factorAt(look, lastCheck(look).step) < stopped;

/** Places from now to the end of the part at which the factor is computed. */
const places = 12;

/** The largest factor from now until this part of the run; undefined after that. */
export function mostAhead(look: TrainingLook, part: number): number | undefined {
  const { step } = lastCheck(look);
  const last = part * look.totalSteps;
  if (!look.training.schedule || step > last) return undefined;
  const steps = Array.from({ length: places + 1 }, (_, place) => step + ((last - step) * place) / places);
  return Math.max(...steps.map((one) => factorAt(look, one)));
}
