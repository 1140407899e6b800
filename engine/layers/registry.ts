/** All layers, one line each, grouped by category. */
import { Registry } from '../schema/kind.ts';
import { add } from './add.ts';
import { average } from './average.ts';
import { averagePool1d } from './averagePool1d.ts';
import { averagePool2d } from './averagePool2d.ts';
import { batchNorm } from './batchNorm.ts';
import { celu } from './celu.ts';
import { concat } from './concat.ts';
import { conv1d } from './conv1d.ts';
import { conv2d } from './conv2d.ts';
import { convTranspose2d } from './convTranspose2d.ts';
import type { LayerDefinition } from './define.ts';
import { dense } from './dense.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import { gaussianNoise } from './gaussianNoise.ts';
import { gelu } from './gelu.ts';
import { globalAveragePool } from './globalAveragePool.ts';
import { globalMaxPool } from './globalMaxPool.ts';
import { groupNorm } from './groupNorm.ts';
import { gru } from './gru.ts';
import { hardSigmoid } from './hardSigmoid.ts';
import { hardSwish } from './hardSwish.ts';
import { hardTanh } from './hardTanh.ts';
import { input } from './input.ts';
import { lastStep } from './lastStep.ts';
import { layerNorm } from './layerNorm.ts';
import { leakyRelu } from './leakyRelu.ts';
import { linear } from './linear.ts';
import { logSigmoid } from './logSigmoid.ts';
import { logSoftmax } from './logSoftmax.ts';
import { lstm } from './lstm.ts';
import { maxPool1d } from './maxPool1d.ts';
import { maxPool2d } from './maxPool2d.ts';
import { mish } from './mish.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { multiply } from './multiply.ts';
import { permute } from './permute.ts';
import { positionalEncoding } from './positionalEncoding.ts';
import { pRelu } from './pRelu.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { reshape } from './reshape.ts';
import { rRelu } from './rRelu.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { simpleRnn } from './simpleRnn.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { softShrink } from './softShrink.ts';
import { softsign } from './softsign.ts';
import { spatialDropout } from './spatialDropout.ts';
import { tanh } from './tanh.ts';
import { tanhShrink } from './tanhShrink.ts';
import { thresholdedRelu } from './thresholdedRelu.ts';
import { upsample2d } from './upsample2d.ts';
import { zeroPad } from './zeroPad.ts';

export const layers = new Registry<LayerDefinition>('layer', [
  // input
  input,
  // core
  dense,
  // convolution
  conv2d,
  conv1d,
  depthwiseConv2d,
  convTranspose2d,
  upsample2d,
  zeroPad,
  // pooling
  maxPool2d,
  averagePool2d,
  maxPool1d,
  averagePool1d,
  globalMaxPool,
  globalAveragePool,
  // recurrent
  simpleRnn,
  lstm,
  gru,
  embedding,
  lastStep,
  // activation
  relu,
  leakyRelu,
  pRelu,
  rRelu,
  relu6,
  thresholdedRelu,
  elu,
  celu,
  selu,
  gelu,
  silu,
  mish,
  softplus,
  hardSwish,
  sigmoid,
  logSigmoid,
  hardSigmoid,
  tanh,
  softsign,
  hardTanh,
  softShrink,
  tanhShrink,
  softmax,
  logSoftmax,
  linear,
  // normalization
  batchNorm,
  layerNorm,
  groupNorm,
  // regularization
  dropout,
  spatialDropout,
  gaussianNoise,
  // shape
  flatten,
  reshape,
  permute,
  slice,
  // merge
  add,
  multiply,
  average,
  concat,
  // attention
  multiHeadAttention,
  positionalEncoding,
]);
