/** Which runner computes the cases of which file of the oracle. */
import { runActivationCase } from './activations.ts';
import { runConvolutionCase } from './convolution.ts';
import { runEmbeddingCase } from './embedding.ts';
import { runLossCase } from './losses.ts';
import { runNormalizationCase } from './normalization.ts';
import { runOptimizerCase } from './optimizers.ts';
import type { CaseRunner } from './oracle.ts';
import { runRecurrentCase } from './recurrent.ts';
import { runTensorOpCase } from './tensorOps.ts';

/** By the file's name without its ending. */
export const oracleGroups: { readonly [group: string]: CaseRunner } = {
  activations: runActivationCase,
  conv: runConvolutionCase,
  conv_transpose: runConvolutionCase,
  embedding: runEmbeddingCase,
  linear: runConvolutionCase,
  losses: runLossCase,
  norm: runNormalizationCase,
  optimizers: runOptimizerCase,
  pool: runConvolutionCase,
  recurrent: runRecurrentCase,
  tensor_ops: runTensorOpCase,
};
