/** Who runs which file of oracle cases, by the `group` the file names itself. One line a group. */
import { runActivationCase } from './activations.ts';
import type { CaseRunner } from './oracle.ts';
import { runTensorOpCase } from './tensorOps.ts';

export const oracleGroups: ReadonlyMap<string, CaseRunner> = new Map([
  ['activations', runActivationCase],
  ['tensor_ops', runTensorOpCase],
]);
