/** The targets of a split, for what is computed from them alone. Overwrites targets in the runtime; the next step fills them again. */
import type { Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';
import type { Evaluated } from './evaluate.ts';
import { sampleOrder } from './order.ts';

/** The number of samples that guesses are computed from, and that they are scored on: enough for two digits. */
const mostSamples = 2000;

/** Loads the targets of each batch of a split, or of at most about `mostSamples` samples at even distances, without inputs that went forward. */
export function forEachBatch(
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
    runtime.beginLosses(count);
    visit(count);
  }
  runtime.beginSequences();
}

/**
 * How many predictions of the first loss count in a split: not those beyond the length of a sequence, nor those whose target is ignored. Estimated
 * from a part of a large split.
 */
export function predictionsIn(run: Evaluated, split: Split): number {
  const { plan, lossPasses } = run.runtime;
  const [{ definition }] = plan.losses;
  const [pass] = lossPasses;
  const rows = sizeOf(pass.prediction.shape.slice(1, -1));
  let [predictions, samples] = [0, 0];
  forEachBatch(run, split, (count) => {
    for (let row = 0; row < count * rows; row++) if (definition.counts(pass, row)) predictions++;
    samples += count;
  });
  return (predictions * split.size) / samples;
}
