/** PyTorch's names for attention. It keeps queries, keys and values in one tensor. */
import { as, type Conversion, inexpressible, statedByCall } from '../../schema/frameworks.ts';
import { channelsOf } from './conversions.ts';
import { denseKernel } from './layout.ts';

/** PyTorch divides the features among the heads. */
const featuresOfHead: Conversion<number> = {
  read: ({ num_heads: heads }, site) => {
    const size = channelsOf(site) / Number(heads);
    return Number.isInteger(size) ? size : inexpressible;
  },
  write: (ours, site, { heads }) => (ours * Number(heads) === channelsOf(site) ? {} : inexpressible),
};

const projection = (index: 0 | 1 | 2) => ({
  kernel: { name: 'in_proj_weight', part: { index, of: 3 }, axes: denseKernel },
  bias: { name: 'in_proj_bias', part: { index, of: 3 } },
});

export const attentionFrameworks = {
  pytorch: {
    name: 'MultiheadAttention',
    rank: 3,
    inputFeatures: 'embed_dim',
    fixed: { batch_first: true },
    attributes: {
      heads: 'num_heads',
      keySize: featuresOfHead,
      // A mask is an argument of each call.
      causal: statedByCall(false),
      useBias: as('bias', true),
    },
    parameters: {
      queryKernel: projection(0).kernel,
      keyKernel: projection(1).kernel,
      valueKernel: projection(2).kernel,
      outputKernel: { name: 'out_proj.weight', axes: denseKernel },
      queryBias: projection(0).bias,
      valueBias: projection(2).bias,
      outputBias: 'out_proj.bias',
    },
  },
};
