/** Scores of a whole split with the current weights. */
import type { Split } from '../data/define.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Scores } from '../protocol/events.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { LoopHost } from './host.ts';
import type { Loader } from './loader.ts';
import { sampleOrder, streamOrder } from './order.ts';
import { sliceMilliseconds } from './pace.ts';
import { Scorer } from './scores.ts';

export interface Evaluated {
  readonly runtime: Runtime;
  readonly loader: Loader;
  readonly training: TrainingSpec;
}

export async function evaluateSplit(run: Evaluated, split: Split, host: LoopHost): Promise<Scores> {
  const { runtime, loader, training } = run;
  const scorer = new Scorer(runtime, training);
  const tally = scorer.tally();
  const { batchSize } = training;
  const order = (runtime.carriesSequences ? streamOrder : sampleOrder)(split.size, batchSize);
  const indices = new Int32Array(batchSize);
  let slice = host.now();
  runtime.beginSequences();
  runtime.divideBy(undefined);
  for (let batch = 0; batch < order.batches; batch++) {
    const count = order.fill(batch, indices);
    loader.load(split, indices, count);
    runtime.forward(count, false, 0);
    runtime.loss();
    scorer.add(tally);
    if (host.now() - slice >= sliceMilliseconds) {
      await host.yield();
      slice = host.now();
    }
  }
  return scorer.scores(tally);
}
