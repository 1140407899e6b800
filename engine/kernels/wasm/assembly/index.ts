/** Everything the wasm backend exports. Addresses and steps are in bytes, counts in elements. */
export { gemm, pack } from './gemm';
export { convolve, convolveBackwardKernel } from './convolution';
export { maxPool, maxPoolBackward } from './pooling';
export {
  addBias, addColumnSums, addScaled, reluBackward, reluForward, sigmoidBackward, sigmoidForward,
  softmaxBackward, softmaxForward, tanhBackward, tanhForward,
} from './elementwise';
export {
  addGroupGradients, addRowGradients, channelGradients, groupScaleGradients, measureChannels, normalizeGroups, normalizeRows, prepareRows,
} from './normalization';
export { gruCell, gruCellBackward, lstmCell, lstmCellBackward } from './recurrent';
export { adam, sgdMomentum, sgdPlain } from './optimizers';
export { moments, sumOfSquares } from './statistics';
export { peak } from './peak';

/** Where the module's own data ends. */
export function heapBase(): usize {
  return __heap_base;
}
