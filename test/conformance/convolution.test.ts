/** Convolutions, pooling, normalization and dense layers against PyTorch's numbers. */
import { runNormalizationCase } from '../../engine/conformance/batchNorm.ts';
import { runPytorchCase } from '../../engine/conformance/pytorch.ts';
import { checkOracleGroup } from './oracleGroup.ts';

for (const file of ['conv.json', 'conv_transpose.json', 'linear.json'])
  checkOracleGroup({ file, run: runPytorchCase, unsupported: [] });

// The windows of this case differ in size.
checkOracleGroup({ file: 'pool.json', run: runPytorchCase, unsupported: ['adaptive_avg_3x2'] });

checkOracleGroup({ file: 'norm.json', run: runNormalizationCase, unsupported: [] });
