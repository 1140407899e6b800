/** Everything the wasm backend exports. Addresses and steps are in bytes, counts in elements. */
import { PANEL } from './tiles';

export { pack } from './gemm';
export { product } from './product';
export { attend, attendBackward } from './attention';
export {
  columns1, columns2, columns3, columns4, columns5, columns6, keepingColumns5, keepingColumns6, keepingRows5, keepingRows6,
  narrowColumns1, narrowColumns2, narrowColumns3, narrowColumns4, narrowColumns5, narrowColumns6,
  narrowRows1, narrowRows2, narrowRows3, narrowRows4, narrowRows5, narrowRows6, rows1, rows2, rows3, rows4, rows5, rows6,
} from './tiles';
export { convolve, convolveBackwardKernel } from './convolution';
export { one1, one2, one3, one4, one5, one6, two1, two2, two3, two4, two5, two6 } from './lines';
export { winograd, winogradKernelGradient, winogradProducts } from './winograd';
export { averagePool, averagePoolBackward, averagePositions, averagePositionsBackward, maxPositions } from './averaging';
export {
  celuBackward, celuForward, eluBackward, eluForward, geluBackward, geluForward, geluTanhBackward, geluTanhForward,
  hardSwishBackward, hardSwishForward, leakyReluBackward, leakyReluForward, mishBackward, mishForward, relu6Backward,
  relu6Forward, seluBackward, seluForward, siluBackward, siluForward, softplusBackward, softplusForward,
  softsignBackward, softsignForward, hardSigmoidBackward, hardSigmoidForward, hardTanhBackward, hardTanhForward,
  logSigmoidBackward, logSigmoidForward, softShrinkBackward, softShrinkForward, tanhShrinkBackward, tanhShrinkForward,
  thresholdedReluBackward, thresholdedReluForward,
} from './activations';
export { leak, leakBackward, leakSlopes } from './leak';
export { logSoftmax, logSoftmaxBackward, softmax, softmaxBackward } from './softmax';
export { drawMask, drawUniform } from './drawing';
export { softmaxCrossEntropy, sumDoubles } from './losses';
export { gatherRows, scatterRows } from './rows';
export { depthwise, depthwiseBackwardInput, depthwiseBackwardKernel } from './depthwise';
export { convolveGrouped, convolveGroupedBackwardKernel, convolveScatterGrouped } from './grouped';
export { convolveScatter } from './scatter';
export { maxPool, maxPoolBackward } from './pooling';
export {
  addBias, clear, copy, columnSums, addColumnSums, addScaled, multiply, scale, reluBackward, reluBackwardFromOutput, reluForward,
  sigmoidBackward, sigmoidBackwardFromOutput, sigmoidForward,
  tanhBackward, tanhBackwardFromOutput, tanhForward,
} from './elementwise';
export { addGroupGradients, groupScaleGradients, normalizeGroups } from './groupNormalization';
export { addInstanceGradients, addRowGradients, channelGradients, measureChannels, normalizeInstances, normalizeRows, prepareRows } from './normalization';
export {
  gruCandidateCell, gruCandidateCellBackward, gruCell, gruCellBackward, gruResetCell, gruResetCellBackward,
  lstmCell, lstmCellBackward, rnnCellBackward,
} from './recurrent';
export { adadelta, adagrad, adam, adamax, lion, nadam, rmsprop, sgdMomentum, sgdPlain } from './optimizers';
export { measure } from './measure';
export { moments } from './moments';
export { countBeyond, markPositive, sumOfSquares } from './statistics';
export { peak } from './peak';

/** Columns of a tile. */
export function panelColumns(): i32 {
  return PANEL;
}

/** Where the module's own data ends. */
export function heapBase(): usize {
  return __heap_base;
}
