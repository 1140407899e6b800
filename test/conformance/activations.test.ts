/** Activations and simple tensor operations against PyTorch's numbers. */
import { runPytorchCase } from '../../engine/conformance/pytorch.ts';
import { runTensorOpCase } from '../../engine/conformance/tensorOps.ts';
import { checkOracleGroup } from './oracleGroup.ts';

checkOracleGroup({
  file: 'activations.json',
  run: runPytorchCase,
  unsupported: ['glu'],
});

checkOracleGroup({
  file: 'tensor_ops.json',
  run: runTensorOpCase,
  unsupported: [
    'o_sub',
    'o_div',
    'o_batched_matmul',
    'o_exp',
    'o_log',
    'o_sqrt',
    'o_square',
    'o_pow_2.5',
    'o_abs',
    'o_sum_axis0',
    'o_var_axis0_biased',
    'o_logsumexp_axis1',
    'o_slice_step',
    'o_flip_axis1',
    'o_maximum',
    'o_where_gt0',
    'o_l2_norm_axis1',
  ],
});
