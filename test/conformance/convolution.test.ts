/** Convolutions, pooling, normalization and dense layers against PyTorch's numbers. */
import { runConvolutionCase } from '../../engine/conformance/convolution.ts';
import { runNormalizationCase } from '../../engine/conformance/normalization.ts';
import { checkOracleGroup } from './oracleGroup.ts';

for (const file of ['conv.json', 'conv_transpose.json', 'linear.json'])
  checkOracleGroup({ file, run: runConvolutionCase, unsupported: [] });

// Its windows differ in size.
checkOracleGroup({ file: 'pool.json', run: runConvolutionCase, unsupported: ['adaptive_avg_3x2'] });

checkOracleGroup({ file: 'norm.json', run: runNormalizationCase, unsupported: [] });
