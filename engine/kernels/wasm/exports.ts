/** What the compiled module exports (assembly/index.ts). Addresses and steps are in bytes, counts in elements. */
// biome-ignore-all format: a signature lists one group of operands a line.

type N = number;

/** Activations with kernels `<name>Forward` and `<name>Backward` that take one parameter: assembly/activations.ts. */
export type ParametricActivation =
  | 'leakyRelu' | 'elu' | 'selu' | 'celu' | 'relu6' | 'silu' | 'hardSwish' | 'softplus' | 'softsign' | 'mish' | 'gelu' | 'geluTanh';

type ActivationExports =
  & { readonly [name in `${ParametricActivation}Forward`]: (count: N, parameter: N, x: N, y: N) => void }
  & { readonly [name in `${ParametricActivation}Backward`]: (count: N, parameter: N, x: N, y: N, dy: N, dx: N) => void };

export interface WasmExports extends ActivationExports {
  heapBase(): N;
  pack(transposeB: N, k: N, n: N, b: N, bStep: N, to: N): void;
  product(
    transposeA: N, transposeB: N, packed: N, m: N, n: N, k: N, a: N, aStep: N, b: N, bStep: N, c: N, cStep: N,
    accumulate: N, bias: N, activation: N, scratch: N,
  ): void;
  convolve(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, flipped: N, accumulate: N, activation: N, x: N, kernel: N, bias: N, y: N, scratch: N,
  ): void;
  convolveBackwardKernel(
    from: N, to: N, batch: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, x: N, dy: N, dKernel: N, scratch: N,
  ): void;
  winogradKernel(from: N, to: N, base: N, C: N, F: N, flipped: N, kernel: N, U: N, scratch: N): void;
  winograd(
    from: N, to: N, block: N, base: N, end: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N,
    padTop: N, padLeft: N, accumulate: N, x: N, U: N, bias: N, y: N, scratch: N,
  ): void;
  winogradProducts(
    from: N, to: N, tiles: N, block: N, base: N, end: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N,
    padTop: N, padLeft: N, x: N, dy: N, dU: N, scratch: N,
  ): void;
  winogradKernelGradient(from: N, to: N, base: N, C: N, F: N, dU: N, dKernel: N): void;
  convolveScatter(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, dy: N, kernel: N, dx: N, scratch: N,
  ): void;
  convolveGrouped(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, groups: N, flipped: N, accumulate: N,
    x: N, kernel: N, bias: N, y: N, scratch: N,
  ): void;
  convolveScatterGrouped(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, groups: N, dy: N, kernel: N, dx: N, scratch: N,
  ): void;
  convolveGroupedBackwardKernel(
    from: N, to: N, batch: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, F: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, groups: N, x: N, dy: N, dKernel: N, scratch: N,
  ): void;
  depthwise(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, multiplier: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, flipped: N, accumulate: N,
    x: N, kernel: N, bias: N, y: N, scratch: N,
  ): void;
  depthwiseBackwardInput(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, multiplier: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, dy: N, kernel: N, dx: N, scratch: N,
  ): void;
  depthwiseBackwardKernel(
    from: N, to: N, batch: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, multiplier: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, x: N, dy: N, dKernel: N, scratch: N,
  ): void;
  maxPool(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, kernelHeight: N, kernelWidth: N,
    strideY: N, strideX: N, dilationY: N, dilationX: N, padTop: N, padLeft: N, x: N, y: N, argmax: N,
  ): void;
  maxPoolBackward(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, kernelHeight: N, kernelWidth: N, strideY: N, strideX: N,
    dilationY: N, dilationX: N, padTop: N, padLeft: N, accumulate: N, dy: N, argmax: N, dx: N,
  ): void;
  averagePool(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, kernelHeight: N, kernelWidth: N, strideY: N, strideX: N,
    dilationY: N, dilationX: N, padTop: N, padLeft: N, padBottom: N, padRight: N, countPadding: N, x: N, y: N,
  ): void;
  averagePoolBackward(
    from: N, to: N, H: N, W: N, C: N, outputHeight: N, outputWidth: N, kernelHeight: N, kernelWidth: N, strideY: N, strideX: N,
    dilationY: N, dilationX: N, padTop: N, padLeft: N, padBottom: N, padRight: N, countPadding: N, dx: N, dy: N,
  ): void;
  averagePositions(samples: N, positions: N, C: N, step: N, x: N, y: N): void;
  averagePositionsBackward(samples: N, positions: N, C: N, step: N, dy: N, dx: N): void;
  maxPositions(samples: N, positions: N, C: N, step: N, origin: N, x: N, y: N, argmax: N): void;
  measureChannels(rows: N, channels: N, from: N, to: N, x: N, mean: N, variance: N): void;
  prepareRows(channels: N, epsilon: N, mean: N, variance: N, gamma: N, beta: N, table: N): void;
  normalizeRows(rows: N, channels: N, table: N, x: N, y: N): void;
  channelGradients(
    rows: N, channels: N, from: N, to: N, epsilon: N, fixed: N, x: N, mean: N, variance: N,
    gamma: N, dy: N, dGamma: N, dBeta: N, table: N,
  ): void;
  addRowGradients(rows: N, channels: N, table: N, x: N, dy: N, dx: N): void;
  normalizeGroups(
    from: N, to: N, positions: N, channels: N, groups: N, epsilon: N, x: N, gamma: N, beta: N, mean: N, inverse: N, y: N,
  ): void;
  addGroupGradients(
    from: N, to: N, positions: N, channels: N, groups: N, x: N, mean: N, inverse: N, gamma: N, dy: N, dx: N,
  ): void;
  normalizeInstances(
    from: N, to: N, positions: N, channels: N, epsilon: N, x: N, gamma: N, beta: N, mean: N, inverse: N, y: N, table: N,
  ): void;
  addInstanceGradients(
    from: N, to: N, positions: N, channels: N, x: N, mean: N, inverse: N, gamma: N, dy: N, dx: N, table: N,
  ): void;
  groupScaleGradients(
    samples: N, positions: N, channels: N, groups: N, from: N, to: N, x: N, mean: N, inverse: N, dy: N, dGamma: N, dBeta: N,
  ): void;
  copy(bytes: N, x: N, y: N): void;
  markPositive(rows: N, columns: N, x: N, positive: N): N;
  clear(bytes: N, x: N): void;
  addBias(rows: N, columns: N, bias: N, y: N): void;
  addColumnSums(rows: N, columns: N, from: N, to: N, x: N, sums: N): void;
  addScaled(count: N, factor: N, x: N, y: N): void;
  multiply(count: N, accumulate: N, a: N, b: N, y: N): void;
  scale(count: N, factor: N, x: N): void;
  softmaxCrossEntropy(rows: N, classes: N, ignored: N, factor: N, x: N, target: N, p: N, dx: N, losses: N): void;
  sumDoubles(count: N, x: N): N;
  gatherRows(rows: N, width: N, index: N, x: N, xStep: N, y: N, yStep: N): void;
  scatterRows(rows: N, width: N, index: N, x: N, xStep: N, y: N, yStep: N, accumulate: N): void;
  softmaxForward(rows: N, columns: N, x: N, y: N): void;
  softmaxBackward(rows: N, columns: N, y: N, dy: N, dx: N): void;
  reluForward(count: N, x: N, y: N): void;
  reluBackward(count: N, x: N, dy: N, dx: N): void;
  reluBackwardInPlace(count: N, y: N, dy: N): void;
  sigmoidForward(count: N, x: N, y: N): void;
  sigmoidBackward(count: N, y: N, dy: N, dx: N): void;
  sigmoidBackwardInPlace(count: N, y: N, dy: N): void;
  tanhForward(count: N, x: N, y: N): void;
  tanhBackward(count: N, y: N, dy: N, dx: N): void;
  tanhBackwardInPlace(count: N, y: N, dy: N): void;
  lstmCell(rows: N, units: N, gates: N, active: N, cellBefore: N, cellAfter: N, hidden: N, peephole: N): void;
  lstmCellBackward(rows: N, units: N, gates: N, active: N, cellBefore: N, peephole: N, gradHidden: N, gradCell: N, gradGates: N): void;
  gruCell(rows: N, units: N, gates: N, recurrent: N, candidate: N, before: N, after: N): void;
  gruCellBackward(rows: N, units: N, carry: N, gates: N, candidate: N, before: N, gradBefore: N, gradAfter: N, gradGates: N, gradRecurrent: N): void;
  rnnCellBackward(count: N, relu: N, hidden: N, gradHidden: N, gradGates: N): void;
  gruResetCell(rows: N, units: N, gates: N, source: N, resetHidden: N): void;
  gruCandidateCell(rows: N, units: N, gates: N, before: N, after: N): void;
  gruCandidateCellBackward(rows: N, units: N, carry: N, gates: N, before: N, gradBefore: N, gradAfter: N, gradGates: N): void;
  gruResetCellBackward(rows: N, units: N, carry: N, gates: N, source: N, gradReset: N, gradSource: N, gradGates: N): void;
  sgdPlain(count: N, learningRate: N, w: N, g: N): void;
  sgdMomentum(count: N, learningRate: N, momentum: N, share: N, nesterov: N, w: N, g: N, velocity: N): void;
  adam(count: N, learningRate: N, beta1: N, beta2: N, rest1: N, rest2: N, epsilon: N, correction1: N, correction2: N, w: N, g: N, m: N, v: N): void;
  rmsprop(
    count: N, learningRate: N, rho: N, rest: N, momentum: N, epsilon: N, w: N, g: N, square: N, mean: N, velocity: N,
  ): void;
  adagrad(count: N, learningRate: N, initialSum: N, epsilon: N, w: N, g: N, sum: N): void;
  measureUpdate(segments: N, table: N, w: N, before: N, out: N): void;
  countBeyond(rows: N, columns: N, x: N, step: N, low: N, high: N, out: N): void;
  moments(count: N, x: N, low: N, high: N, out: N): void;
  sumOfSquares(count: N, x: N): N;
  peak(turns: N, at: N): void;
}

/** The part of the WebAssembly interface the backend uses; the engine compiles without the DOM's types. */
declare global {
  namespace WebAssembly {
    function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>);
    }
    class Memory {
      constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
      readonly buffer: SharedArrayBuffer;
      grow(pages: number): number;
    }
    class Instance {
      constructor(module: Module, imports: { readonly env: { readonly memory: Memory; readonly abort: () => void } });
      readonly exports: object;
    }
  }
}
