/**
 * Kernels: the arithmetic that layers call. One interface, two backends: `reference` (plain TypeScript, float32 or
 * float64) and `wasm` (float32, SIMD, threads). Arrays are whole arena buffers; offsets and strides count
 * elements. No kernel allocates. "adds" means the result is added to what the destination holds.
 */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { AttentionKernels } from './attention.ts';
import type { NormalizationKernels } from './normalization.ts';
import type { Random } from './random.ts';
import type { RecurrentKernels } from './recurrent.ts';
import type { SoftmaxKernels } from './softmax.ts';
import type { FloatArray } from './tensor.ts';

/** A convolution's or pooling's sliding window over [height, width, channels]; one-dimensional ones have height 1. */
export interface Window2d {
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
  /** Kernel is [kernelHeight, kernelWidth, inputChannels / groups, outputChannels]; group g maps its slice of both. */
  readonly groups: number;
}

/** The sizes that determine the working memory of kernel calls. Everything else that kernels need has a fixed size. */
export interface KernelNeeds {
  /** For convolutions with this window, also over smaller inputs: batches of any size, with both gradients. */
  readonly window?: Window2d;
  /** For normalizations. */
  readonly channels?: number;
  /** For attention. */
  readonly steps?: number;
}

/** Moments of one tensor, from which statistics are computed: the position of each in the output of `moments`. */
// biome-ignore format: one record in one line.
export const momentAt = { count: 0, mean: 1, deviations: 2, min: 3, max: 4, zeros: 5, below: 6, above: 7, notFinite: 8 } as const;
export const momentCount = Object.keys(momentAt).length;

/** The sums of `change`: the position of each in its output. */
export const changeAt = { before: 0, change: 1 } as const;
export const changeCount = Object.keys(changeAt).length;

/**
 * One of the measurements that a call takes, of all of x, or of `perSample` elements of each sample. `out` is in the backend's memory.
 */
export type Measurement = { readonly x: FloatArray; readonly perSample?: number } & (
  | { readonly what: 'moments'; readonly low: number; readonly high: number; readonly out: Float64Array }
  /** Σ x². */
  | { readonly what: 'squares'; readonly out: Float64Array }
  /** Copies x to `other`, for `change`. */
  | { readonly what: 'copy'; readonly other: FloatArray }
  /** Σ other² and Σ (x − other)², in the order of `changeAt`. */
  | { readonly what: 'change'; readonly other: FloatArray; readonly out: Float64Array }
);

/** Takes prepared measurements of the first `samples` samples. */
export type Measuring = (samples: number) => void;

/** Bytes of the backend's memory that a prepared measurement takes. */
export const measurementBytes = 32;

/** Elements of a packed matrix: its columns are padded to whole panels of 8. */
export const packedLength = (k: number, n: number): number => k * 8 * Math.ceil(n / 8);

export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Activations with a fused kernel on some backend. Without one, a layer uses its own loop. */
export interface ActivationKernel {
  /** `parameter` and `second` are numbers that some activations have: a slope, alpha, beta, the upper and the lower end. */
  forward(count: number, x: FloatArray, y: FloatArray, parameter?: number, second?: number): void;
  /** dx += dy · f′, from input x and output y. */
  backward(count: number, x: FloatArray, y: FloatArray, dy: FloatArray, dx: FloatArray, parameter?: number, second?: number): void;
  /** dx = dy · f′, from the output y alone; dx may be dy. Absent where the output does not determine f′. */
  backwardFromOutput?(count: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;
}

/** Activations that a backend may apply to the output of a product or a convolution while it is in the cache. */
export type FusibleActivation = 'relu' | 'sigmoid' | 'tanh';

/** How a product treats its operands. */
export interface ProductOptions {
  /** A is stored [k, m]. */
  readonly transposeA?: boolean;
  /** Adds the product to C. Excludes a bias. */
  readonly accumulate?: boolean;
  /** [n], added to every row. */
  readonly bias?: FloatArray | undefined;
  /** Applied to C at the end; always one of `fusible`. */
  readonly activation?: FusibleActivation | undefined;
}

export interface GemmOptions extends ProductOptions {
  /** B is stored [n, k]. */
  readonly transposeB?: boolean;
}

export interface Kernels extends AttentionKernels, RecurrentKernels, NormalizationKernels, SoftmaxKernels {
  readonly name: string;

  /**
   * Runs `calls` of kernels that work row by row on the same number of rows: row r of an output depends on row r of inputs only. Then
   * threads need not wait for each other before the end. Nothing but these kernels may read or write the rows until then. `work`: the
   * multiply-adds of a few calls in a row; threads divide either all calls or none.
   */
  together(work: number, calls: () => void): void;

  /**
   * C = op(A)·op(B). op(A) is [m, k], op(B) is [k, n], C is [m, n]; each is stored like this unless the options say otherwise.
   * Strides are the distances between rows as stored.
   */
  gemm(
    m: number, n: number, k: number,
    a: FloatArray, aOffset: number, aStride: number,
    b: FloatArray, bOffset: number, bStride: number,
    c: FloatArray, cOffset: number, cStride: number,
    options?: GemmOptions,
  ): void;
  /** Packs op(B) [k, n] for repeated products; `packed` has `packedLength(k, n)` elements. */
  pack(
    k: number, n: number, b: FloatArray, bOffset: number, bStride: number, packed: FloatArray,
    options?: Pick<GemmOptions, 'transposeB'>,
  ): void;
  /** C = op(A)·B with B packed by `pack`. */
  gemmPacked(
    m: number, n: number, k: number,
    a: FloatArray, aOffset: number, aStride: number, packed: FloatArray,
    c: FloatArray, cOffset: number, cStride: number,
    options?: ProductOptions,
  ): void;

  /** y = x, for buffers of the same length. */
  copy(x: FloatArray, y: FloatArray): void;
  /**
   * Sets positive[c] to 1 for each column c of x [rows, columns] that is above zero in some row, and leaves the others. Returns
   * how many entries are not 1.
   */
  markPositive(rows: number, columns: number, x: FloatArray, offset: number, positive: FloatArray): number;
  /** Zeros a whole buffer. */
  clear(x: FloatArray): void;
  /** Zeros `rows` rows of x [·, columns], from `row` on. */
  clearRows(rows: number, columns: number, x: FloatArray, row: number): void;
  /** y[r, :] += bias. y is [rows, columns]. */
  addBias(rows: number, columns: number, bias: FloatArray, y: FloatArray, yOffset: number): void;
  /** sums[c] += Σ_r x[r, c]. */
  addColumnSums(rows: number, columns: number, x: FloatArray, xOffset: number, sums: FloatArray): void;
  /** y[r, c] = x[r, c] if it is above 0, otherwise slope[c] · x[r, c]. */
  leak(rows: number, columns: number, slope: FloatArray, x: FloatArray, y: FloatArray): void;
  /** dx[r, c] += dy[r, c], times slope[c] where x[r, c] is not above 0. */
  leakBackward(rows: number, columns: number, slope: FloatArray, x: FloatArray, dy: FloatArray, dx: FloatArray): void;
  /** dSlope[c] += Σ_r dy[r, c] · min(0, x[r, c]). */
  leakSlopes(rows: number, columns: number, x: FloatArray, dy: FloatArray, dSlope: FloatArray): void;
  /** y += factor · x. */
  addScaled(count: number, factor: number, x: FloatArray, xOffset: number, y: FloatArray, yOffset: number): void;

  /** y = activation(x ∗ kernel + bias). x is [batch, H, W, C]; y is overwritten; the activation is always one of `fusible`. */
  convolve(
    window: Window2d, batch: number, x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
    activation?: FusibleActivation,
  ): void;
  /** dx = the gradient with respect to x, or dx += with `accumulate`. */
  convolveBackwardInput(window: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray, accumulate: boolean): void;
  /** dKernel adds the gradient with respect to the kernel. */
  convolveBackwardKernel(window: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void;

  /**
   * argmax gets, for each output, the index of the first largest input within its sample, or −1 if the window covers only
   * padding. With `rectify`, an output that is at most zero becomes 0, and its argmax −1: a ReLU and its gradient.
   */
  maxPool(window: Window2d, batch: number, x: FloatArray, y: FloatArray, argmax: Int32Array, rectify?: boolean): void;
  /** dx = dy where its argmax is and 0 elsewhere, or dx += with `accumulate`. */
  maxPoolBackward(window: Window2d, batch: number, dy: FloatArray, argmax: Int32Array, dx: FloatArray, accumulate: boolean): void;
  /** Mean over the window's cells: all of them with `countPadding`, otherwise those inside the input; 0 if none is inside. */
  averagePool(window: Window2d, batch: number, countPadding: boolean, x: FloatArray, y: FloatArray): void;
  /** dx += dy divided by the number of cells that count, for every input cell of a window. */
  averagePoolBackward(window: Window2d, batch: number, countPadding: boolean, dy: FloatArray, dx: FloatArray): void;

  /**
   * Mean of each channel of x [samples, positions, channels] over the positions, or over the first `lengths[n]` of them; 0 if
   * there are none.
   */
  averagePositions(samples: number, positions: number, channels: number, lengths: Int32Array | undefined, x: FloatArray, y: FloatArray): void;
  /** dx += dy / count for the positions that count. */
  averagePositionsBackward(samples: number, positions: number, channels: number, lengths: Int32Array | undefined, dy: FloatArray, dx: FloatArray): void;
  /** The maximum of each channel. argmax is its index in x; −1, and a maximum of 0, if there are no positions. NaN counts as the largest. */
  maxPositions(
    samples: number, positions: number, channels: number, lengths: Int32Array | undefined,
    x: FloatArray, y: FloatArray, argmax: Int32Array,
  ): void;

  /**
   * p = softmax(x) of each row; returns Σ −ln p[target] and does dx += factor · (p − target), both without the rows whose target
   * is `ignored`. Targets are class indices below `columns`.
   */
  softmaxCrossEntropy(
    rows: number, columns: number, ignored: number, factor: number, x: FloatArray, target: Int32Array,
    p: FloatArray, dx: FloatArray | undefined,
  ): number;

  /** x *= factor. */
  scale(count: number, factor: number, x: FloatArray): void;
  /** y = a · b elementwise, or y += with `accumulate`. */
  multiply(count: number, accumulate: boolean, a: FloatArray, b: FloatArray, y: FloatArray): void;

  /** Draws y uniformly in [low, high), the next numbers of the stream. */
  drawUniform(random: Random, count: number, low: number, high: number, y: FloatArray): void;
  /** Draws a mask, the next numbers of the stream: 0 with probability `rate`, otherwise 1 / (1 − rate). */
  drawMask(random: Random, count: number, rate: number, mask: FloatArray): void;

  /** What `gemm` and `convolve` can apply to their output. */
  readonly fusible: readonly FusibleActivation[];
  readonly activations: { readonly [type: string]: ActivationKernel };

  /** w −= learningRate · v, with v = momentum · v + g (plain g when momentum is 0, and `velocity` is unused). */
  sgdStep(count: number, learningRate: number, momentum: number, nesterov: boolean, w: FloatArray, g: FloatArray, velocity: FloatArray): void;
  /** Adam's update; `correction1` and `correction2` are 1 − βᵗ. With `largest`, the largest v so far replaces v. */
  adamStep(
    count: number, learningRate: number, constants: AdamConstants, correction1: number, correction2: number,
    w: FloatArray, g: FloatArray, m: FloatArray, v: FloatArray, largest?: FloatArray,
  ): void;
  /** NAdam's: m and v as Adam's, w −= (ofGradient · g + ofMomentum · m) / (√(v / correction2) + ε). */
  nadamStep(
    count: number, ofGradient: number, ofMomentum: number, constants: AdamConstants, correction2: number,
    w: FloatArray, g: FloatArray, m: FloatArray, v: FloatArray,
  ): void;
  /** Adamax's: m as Adam's, largest = max(β₂ · largest, |g| + ε), w −= rate · m / largest. */
  adamaxStep(
    count: number, rate: number, constants: AdamConstants, w: FloatArray, g: FloatArray, m: FloatArray, largest: FloatArray,
  ): void;
  /** Lion's: w −= learningRate · (sign(β₁ · m + (1 − β₁) · g) + weightDecay · w), then m = β₂ · m + (1 − β₂) · g. */
  lionStep(
    count: number, learningRate: number, beta1: number, beta2: number, weightDecay: number,
    w: FloatArray, g: FloatArray, m: FloatArray,
  ): void;

  /** Σ x² over x[offset … offset+count), in float64: for float32 elements finite exactly when all of them are. */
  sumOfSquares(count: number, x: FloatArray, offset: number): number;

  /**
   * RMSprop's update: square = rho · square + (1 − rho) · g², change = g / (√square + ε), w −= learningRate · change.
   * With `mean`, the running mean of g, √(square − mean²) replaces the root; with `velocity`, changes are accumulated with
   * momentum.
   */
  rmspropStep(
    count: number, learningRate: number, rho: number, momentum: number, epsilon: number,
    w: FloatArray, g: FloatArray, square: FloatArray, mean: FloatArray | undefined, velocity: FloatArray | undefined,
  ): void;
  /**
   * Adadelta's update: square = rho · square + (1 − rho) · g², change = √(stepSquare + ε) / √(square + ε) · g,
   * stepSquare = rho · stepSquare + (1 − rho) · change², w −= learningRate · change.
   */
  adadeltaStep(
    count: number, learningRate: number, rho: number, epsilon: number,
    w: FloatArray, g: FloatArray, square: FloatArray, stepSquare: FloatArray,
  ): void;
  /** Adagrad's update: sum += g², w −= learningRate · g / (√(sum + initialSum) + ε). */
  adagradStep(
    count: number, learningRate: number, initialSum: number, epsilon: number, w: FloatArray, g: FloatArray, sum: FloatArray,
  ): void;

  /**
   * Adds to out[outOffset] the number of elements of x [rows, columns] below low, and to the next entry the number above high.
   */
  countBeyond(
    rows: number, columns: number, x: FloatArray, offset: number, stride: number, low: number, high: number,
    out: Float64Array, outOffset: number,
  ): void;
  /**
   * Writes the moments of x[offset … offset+count) into `out`, in the order of `momentAt`. `mean`, `deviations` (Σ (x − mean)²),
   * `min` and `max` are of the finite values; `below` and `above` count values beyond low and high.
   */
  moments(count: number, x: FloatArray, offset: number, low: number, high: number, out: Float64Array): void;
  /** Prepares measurements that one call takes, in this order. Allocates. */
  prepare(measurements: readonly Measurement[]): Measuring;
}
