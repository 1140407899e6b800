/** The best scores of predictions that do not depend on the input: the most frequent class, the class shares, or the mean of each value. */
import type { Split } from '../data/define.ts';
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import type { Reading } from '../losses/define.ts';
import type { Scores } from '../protocol/events.ts';
import type { Evaluated } from './evaluate.ts';
import { Scorer } from './scores.ts';
import { forEachBatch } from './targets.ts';

/** For the targets of a split. Overwrites outputs and targets in the runtime; the next step fills them again. */
export function baselineOf(run: Evaluated, split: Split): Scores {
  const answers = answersFor(run, split);
  return scoresOf(run, split, (index, i) => answers[index][i % answers[index].length]);
}

/**
 * The loss of predictions that are right for every sample. It is 0 for most losses, but not where targets are shares or smoothed, and below
 * 0 for the likelihood of counts. For the targets of a split; overwrites what `baselineOf` does.
 */
export function floorOf(run: Evaluated, split: Split): number {
  const { lossPasses, plan } = run.runtime;
  const best = plan.losses.map(({ spec, definition }) => inverse(definition.reads(spec.attributes)));
  const smoothing = plan.losses.map(({ spec }) => Number(spec.attributes.labelSmoothing ?? 0));
  const { loss } = scoresOf(run, split, (index, i) => {
    const { prediction, target } = lossPasses[index];
    if (!isClass(target)) return best[index](target.data[i]);
    const classes = prediction.shape.at(-1) ?? 1;
    const label = target.data[Math.floor(i / classes)];
    if (classes === 1) return best[index](label);
    const share = Number(i % classes === label);
    return best[index]((1 - smoothing[index]) * share + smoothing[index] / classes);
  });
  return Number.isFinite(loss) ? loss : 0;
}

/**
 * The loss of a network that answers 0 everywhere, as an untrained one does on average, or that gives even chances if it predicts
 * probabilities. Overwrites what `baselineOf` does.
 */
export function untrainedLossOf(run: Evaluated, split: Split): number {
  const { lossPasses, plan } = run.runtime;
  const answers = plan.losses.map(({ spec, definition }, index) => {
    const { predictions, threshold } = definition.reads(spec.attributes);
    const even = threshold === undefined ? 1 / (lossPasses[index].prediction.shape.at(-1) ?? 1) : 0.5;
    if (predictions === 'probabilities') return even;
    return predictions === 'logProbabilities' ? Math.log(even) : 0;
  });
  return scoresOf(run, split, (index) => answers[index]).loss;
}

/** The scores of these answers: value i of all that a loss judges in a batch. */
function scoresOf(run: Evaluated, split: Split, answer: (index: number, i: number) => number): Scores {
  const { runtime, training } = run;
  const scorer = new Scorer(runtime, training);
  const tally = scorer.tally();
  const { divisors } = runtime;
  runtime.divideBy(undefined);
  forEachBatch(run, split, (count) => {
    runtime.lossPasses.forEach(({ prediction }, index) => {
      const values = count * sizeOf(prediction.shape.slice(1));
      for (let i = 0; i < values; i++) prediction.data[i] = answer(index, i);
    });
    runtime.judge(count);
    scorer.add(tally);
  });
  runtime.divideBy(divisors);
  return scorer.scores(tally);
}

/**
 * For each loss, one answer for all samples: the share of each class, with the length of the prediction's last axis, or the
 * mean of each value, with the length of a sample.
 */
function answersFor(run: Evaluated, split: Split): readonly Float64Array[] {
  const { runtime } = run;
  const { plan, lossPasses } = runtime;
  const sums = lossPasses.map(
    ({ target, prediction: { shape } }) =>
      new Float64Array(isClass(target) ? (shape.at(-1) ?? 1) : sizeOf(shape.slice(1))),
  );
  // Every label has the same number of predictions: only values are counted place by place.
  const counts = sums.map(
    (sum, index) => new Float64Array(isClass(lossPasses[index].target) ? 1 : sum.length),
  );
  forEachBatch(run, split, (count) => {
    plan.losses.forEach(({ definition }, index) => {
      const { target, prediction } = lossPasses[index];
      const [sum, all] = [sums[index], counts[index]];
      const columns = isClass(target) ? 1 : (prediction.shape.slice(1).at(-1) ?? 1);
      const values = count * sizeOf(target.shape.slice(1));
      for (let i = 0; i < values; i++) {
        if (!definition.counts(lossPasses[index], Math.floor(i / columns))) continue;
        if (!isClass(target)) {
          sum[i % sum.length] += target.data[i];
          all[i % sum.length]++;
        } else {
          if (target.data[i] < sum.length) sum[target.data[i]]++;
          all[0]++;
        }
      }
    });
  });
  return plan.losses.map(({ spec, definition }, index) =>
    sums[index]
      .map((sum, place) => sum / Math.max(1, counts[index][place % counts[index].length]))
      .map(inverse(definition.reads(spec.attributes))),
  );
}

const isClass = (target: Tensor | IntTensor): boolean => target.data instanceof Int32Array;

/** A share or a mean in the form that the loss expects. */
function inverse({ predictions, threshold }: Reading): (mean: number) => number {
  const least = 1e-6;
  const share = (mean: number) => Math.min(1 - least, Math.max(least, mean));
  if (predictions === 'values' || predictions === 'probabilities') return (mean) => mean;
  if (predictions === 'scores' && threshold !== undefined)
    return (mean) => (mean < 0 ? -1 : Math.log(share(mean) / (1 - share(mean))));
  return (mean) => Math.log(Math.max(least, mean));
}
