/** Trains a network on so few samples that it should memorize them. Two checks use the result, so it is done once. */

import type { Runtime } from '../plan/runtime.ts';
import type { Scores } from '../protocol/events.ts';
import { runSteps, type Subject, scoreFirstBatch } from './subject.ts';

export const most = 20;
export const updates = 1000;
/** Share of the first loss at which samples count as known. */
export const memorizedShare = 0.1;
/** Steps between two looks at the loss. */
const stride = 25;

export interface Memorized {
  readonly samples: number;
  readonly before: Scores;
  readonly after: Scores;
  /** The same samples with every input zero. */
  readonly blind: Scores;
  readonly steps: number;
  /** Whether every prediction is right. */
  readonly isPerfect: boolean;
}

const known = new WeakMap<Subject, Promise<Memorized>>();

/** Throws ProblemError where a number is not finite. */
export function memorize(subject: Subject): Promise<Memorized> {
  const running = known.get(subject) ?? learn(subject);
  known.set(subject, running);
  return running;
}

const learn = (subject: Subject): Promise<Memorized> =>
  subject.train({ samples: most, batchSize: most }, (training) => {
    const before = scoreFirstBatch(training);
    let after = before;
    let steps = 0;
    while (steps < updates && after.loss > memorizedShare * before.loss && after.accuracy !== 1) {
      runSteps(training, stride);
      steps += stride;
      after = scoreFirstBatch(training);
    }
    return {
      samples: training.parts.dataset.train.size,
      before,
      after,
      blind: scoreFirstBatch(training, clearInputs),
      steps,
      isPerfect: after.accuracy === 1,
    };
  });

function clearInputs({ plan, tensors }: Runtime): void {
  for (const { layer, output } of plan.layers) if (layer.from.length === 0) tensors[output].data.fill(0);
}
