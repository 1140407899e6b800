/** The runner for the cases of each file of the oracle. */
import { runNormalizationCase } from './batchNorm.ts';
import { runLossCase } from './losses.ts';
import { runOptimizerCase } from './optimizers.ts';
import type { CaseRunner } from './oracle.ts';
import { runPytorchCase } from './pytorch.ts';
import { runRecurrentCase } from './recurrent.ts';
import { runTensorOpCase } from './tensorOps.ts';

/** The runners by the name of the file without its extension. */
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
