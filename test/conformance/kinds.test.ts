/** Losses, optimizers, schedules and initializers against PyTorch's numbers. */
import { runLossCase } from '../../engine/conformance/losses.ts';
import { runOptimizerCase } from '../../engine/conformance/optimizers.ts';
import { checkOracleGroup } from './oracleGroup.ts';

checkOracleGroup({ file: 'losses.json', run: runLossCase, unsupported: [] });

checkOracleGroup({
  file: 'optimizers.json',
  run: runOptimizerCase,
  unsupported: ['clip_norm1', 'clip_norminf'],
});
