/** Which runner computes the cases of which file of the oracle. */
import { runNormalizationCase } from './batchNorm.ts';
import { runLossCase } from './losses.ts';
import { runOptimizerCase } from './optimizers.ts';
import type { CaseRunner } from './oracle.ts';
import { runPytorchCase } from './pytorch.ts';
import { runRecurrentCase } from './recurrent.ts';
import { runTensorOpCase } from './tensorOps.ts';

/** By the file's name without its ending. */
export const oracleGroups: { readonly [group: string]: CaseRunner } = {
  activations: runPytorchCase,
  conv: runPytorchCase,
  conv_transpose: runPytorchCase,
  embedding: runPytorchCase,
  linear: runPytorchCase,
  losses: runLossCase,
  norm: runNormalizationCase,
  optimizers: runOptimizerCase,
  pool: runPytorchCase,
  recurrent: runRecurrentCase,
  tensor_ops: runTensorOpCase,
};
