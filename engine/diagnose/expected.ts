/** Losses that can be compared: over enough samples, and in a known unit. */

import { losses as lossTypes } from '../losses/registry.ts';
import { type DataLook, shareOf, type TrainingLook } from './look.ts';

/** Losses are averaged over at least this many samples before they are compared: those of single samples differ by chance. */
const fewestSamples = 32;

/** Whether all losses judge values or their logarithms, which have the unit of the targets, and not scores. */
export const predictsValues = (look: DataLook): boolean =>
  (look.analysis.spec.training?.losses ?? []).every(({ type, attributes }) =>
    ['values', 'logValues'].includes(lossTypes.get(type).reads(attributes).predictions),
  );

/**
 * The loss at each look, oldest first: the mean over its steps, and over the steps of earlier looks until there are enough samples.
 * `from` is the step of the first look in the mean. Looks at the start with too few samples are left out, except for the current one.
 */
export function steadyLosses({ checks, training }: TrainingLook) {
  return checks.flatMap((check, last) => {
    let [sum, steps, from] = [0, 0, last + 1];
    do {
      from--;
      const own = checks[from].step - (from === 0 ? checks[0].step - 1 : checks[from - 1].step);
      sum += own * checks[from].loss;
      steps += own;
    } while (from > 0 && steps * training.batchSize < fewestSamples);
    const isEnough = steps * training.batchSize >= fewestSamples || last === checks.length - 1;
    return isEnough ? [{ step: check.step, from: checks[from].step, loss: sum / steps }] : [];
  });
}

/** Whether the loss is lower than at all looks before, by at least a twentieth. */
export function stillFalls(look: TrainingLook): boolean {
  const losses = steadyLosses(look);
  const now = losses[losses.length - 1];
  const before = losses.filter(({ step }) => step < now.from).map(({ loss }) => loss - look.floor);
  return before.length > 0 && now.loss - look.floor < 0.95 * Math.min(...before);
}

/** How much better, as a share of guessing, similar samples must predict the target than the network does. */
const better = 0.15;

/** Whether similar samples do not predict the target of a table better either. Then the inputs may say no more about it. */
export const isNoisy = ({ data: { leftByNeighbours = 0 } }: DataLook, share: number): boolean =>
  leftByNeighbours > share - better;

/** A loss of up to this many times that of predictions by similar samples is about the same. */
const same = 1.25;

/** Whether the loss has fallen as far as the noise of a table's target allows: similar samples predict it about as badly. */
export const isOnlyNoise = ({ data: { leftByNeighbours = 0 } }: DataLook, share: number): boolean =>
  share < same * leftByNeighbours;

/** The relative decrease of the training loss over the last third of the epochs. */
export function fallOf(look: TrainingLook): number {
  const shares = look.epochs.map(({ train }) => shareOf(look, train.loss));
  const third = Math.max(1, Math.floor(shares.length / 3));
  const before = shares[shares.length - 1 - third];
  return before > 0 ? 1 - shares[shares.length - 1] / before : 0;
}
