/**
 * From spec and data to a plan that is ready to run: matches inputs and targets, and refuses what does not fit or is too large.
 */

import type { Dataset } from '../data/define.ts';
import { matchData } from '../graph/dataMatch.ts';
import type { Analysis } from '../graph/typed.ts';
import { optimizers } from '../optimizers/registry.ts';
import { compile } from '../plan/compile.ts';
import type { Float, Plan } from '../plan/plan.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { checkMetrics } from './scores.ts';

export interface Model {
  readonly plan: Plan;
  /** Index of the data's input field for each input layer, in the order of the plan's inputs. */
  readonly inputs: readonly { readonly layer: number; readonly field: number }[];
  /** For each loss: the data's target field. */
  readonly targets: readonly { readonly field: number; readonly oneHot: boolean }[];
}

export interface ModelOptions {
  readonly float: Float;
}

export function buildModel(
  analysis: Analysis,
  training: TrainingSpec,
  dataset: Dataset,
  options: ModelOptions,
): Model {
  const { graph, lossesAreListed } = analysis;
  const { inputs, targets, times } = matchData(graph, training.losses, lossesAreListed, dataset);
  const optimizer = optimizers.get(training.optimizer.type);
  const plan = compile(graph, {
    batchSize: training.batchSize,
    float: options.float,
    losses: targets.map(({ loss }) => loss),
    slots: optimizer.slots(training.optimizer.attributes),
    ...(times ? { times } : {}),
  });
  checkMetrics(plan, training);
  return { plan, inputs, targets: targets.map(({ field, oneHot }) => ({ field, oneHot })) };
}
