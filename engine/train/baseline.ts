/** The best scores of predictions that do not depend on the input: the most frequent class, the class shares, or the mean of each value. */
import type { Split } from '../data/define.ts';
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import type { Reading } from '../losses/define.ts';
import type { Scores } from '../protocol/events.ts';
import type { Evaluated } from './evaluate.ts';
import { sampleOrder } from './order.ts';
import { Scorer } from './scores.ts';

/** Samples that it is computed from, and those that it is scored on: enough for two digits. */
const mostSamples = 2000;

/** What one loss judges, its target, and the answer for element i of a prediction. */
type Answer = (
  pass: { readonly target: Tensor | IntTensor; readonly prediction: Tensor },
  i: number,
) => number;

/**
 * The loss of predictions that equal the targets. 0 for most losses; a likelihood of values and a cross-entropy of shares have
 * another lowest value. Overwrites outputs and targets in the runtime, as all of these do.
 */
export function leastLossOf(run: Evaluated, split: Split): number {
  // A class that is certain costs nothing.
  if (run.runtime.lossPasses.some(({ target }) => isClass(target))) return 0;
  return scoresOfAnswers(run, split, (reading) => {
    const answer = inverse(reading);
    return ({ target }, i) => answer(target.data[i]);
  }).loss;
}

/** The loss of a network that answers 0 everywhere, as an untrained one does on average, and of even chances where it gives probabilities. */
export const untrainedLossOf = (run: Evaluated, split: Split): number =>
  scoresOfAnswers(run, split, ({ predictions, threshold }) => ({ prediction }) => {
    const even = threshold === undefined ? 1 / (prediction.shape.at(-1) ?? 1) : 0.5;
    if (predictions === 'probabilities') return even;
    return predictions === 'logProbabilities' ? Math.log(even) : 0;
  }).loss;

/** For the targets of a split. Overwrites outputs and targets in the runtime; the next step fills them again. */
export function baselineOf(run: Evaluated, split: Split): Scores {
  const answers = answersFor(run, split);
  return scoresOfAnswers(run, split, (_, index) => {
    const answer = answers[index];
    return (_pass, i) => answer[i % answer.length];
  });
}

/** The scores of these answers, loss by loss. */
function scoresOfAnswers(
  run: Evaluated,
  split: Split,
  answersOf: (reading: Reading, index: number) => Answer,
): Scores {
  const { runtime, training } = run;
  const answers = runtime.plan.losses.map(({ spec, definition }, index) =>
    answersOf(definition.reads(spec.attributes), index),
  );
  const scorer = new Scorer(runtime, training);
  const tally = scorer.tally();
  runtime.divideBy(undefined);
  forEachBatch(run, split, (count) => {
    runtime.lossPasses.forEach((pass, index) => {
      const { prediction } = pass;
      for (let i = 0; i < count * sizeOf(prediction.shape.slice(1)); i++)
        prediction.data[i] = answers[index](pass, i);
    });
    runtime.judge(count);
    scorer.add(tally);
  });
  return scorer.scores(tally);
}

/**
 * For each loss, one answer for all samples: the share of each class, as long as the prediction's last axis; or the mean of each value,
 * as long as a sample.
 */
function answersFor(run: Evaluated, split: Split): readonly Float64Array[] {
  const { runtime } = run;
  const sums = runtime.lossPasses.map(
    ({ target, prediction: { shape } }) =>
      new Float64Array(isClass(target) ? (shape.at(-1) ?? 1) : sizeOf(shape.slice(1))),
  );
  const counts = sums.map(() => 0);
  forEachBatch(run, split, (count) => {
    runtime.lossPasses.forEach(({ target }, index) => {
      const sum = sums[index];
      const length = count * sizeOf(target.shape.slice(1));
      if (isClass(target)) {
        for (let i = 0; i < length; i++) if (target.data[i] < sum.length) sum[target.data[i]]++;
        counts[index] += length;
      } else {
        for (let i = 0; i < length; i++) sum[i % sum.length] += target.data[i];
        counts[index] += count;
      }
    });
  });
  return runtime.plan.losses.map(({ spec, definition }, index) =>
    sums[index]
      .map((sum) => sum / Math.max(1, counts[index]))
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

function forEachBatch(
  { runtime, loader, training }: Evaluated,
  split: Split,
  visit: (count: number) => void,
): void {
  const { batchSize } = training;
  const order = sampleOrder(split.size, batchSize);
  const indices = new Int32Array(batchSize);
  const step = Math.max(1, Math.floor((order.batches * batchSize) / mostSamples));
  for (let batch = 0; batch < order.batches; batch += step) {
    const count = order.fill(batch, indices);
    loader.loadTargets(split, indices, count);
    visit(count);
  }
  runtime.beginSequences();
}
