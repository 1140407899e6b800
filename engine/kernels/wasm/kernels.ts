/**
 * The kernel interface on the compiled module. What the module does not contain (rare windows, unusual cells) is
 * computed by the reference kernels on the same memory. Work is divided among threads by output elements, or by
 * portions of sums that no number of threads changes, so every result has the same bits at any number of threads.
 */
// biome-ignore-all format: a call lists one group of operands a line.
import type { FusibleActivation, GemmOptions, KernelNeeds, Kernels, ProductOptions, Window2d } from '../kernels.ts';
import { referenceKernels } from '../reference/index.ts';
import type { FloatArray } from '../tensor.ts';
import { outputActivations, parametricActivations } from './activations.ts';
import { attentionBytes, attentionKernels } from './attention.ts';
import { averagingKernels } from './averaging.ts';
import { drawingKernels } from './drawing.ts';
import { measurementKernels } from './measurements.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { normalizationBytes, normalizationKernels } from './normalization.ts';
import { lossesBytes, passKernels } from './passes.ts';
import { portionSums, sumsColumnsInPortions } from './portions.ts';
import { unfusedCells } from './recurrent.ts';
import { address, addressOf, cellPasses, deal, gemmBytes, line, panel, parallelThreshold, poolPasses, share } from './shares.ts';
import { softmaxKernels } from './softmax.ts';
import { specialBytes, specialConvolutions } from './specialConvolution.ts';
import type { ThreadPool } from './threadPool.ts';
import { backwardKernelBytes, convolveBytes, kernelFloats, outputsOf, portionBytes, sumsInPortions, turn, windowDealer, windowWriter } from './windows.ts';
import { suitsWinograd, suitsWinogradGradient, winogradBytes, winogradConvolutions } from './winograd.ts';

/** Scratch for all calls with such operands, in bytes. */
export function scratchBytes({ window, channels = 0, steps = 0 }: KernelNeeds, threads: number): number {
  const each = Math.max(attentionBytes(steps), normalizationBytes(channels));
  return Math.max(bytesOfThreads(each, threads), lossesBytes, window ? windowBytes(window, threads) : 0);
}

function windowBytes(window: Window2d, threads: number): number {
  const turned = turn(window);
  const plain = isPlain(window)
    ? [convolveBytes(window), backwardKernelBytes(window) + portionBytes(window), ...(turned ? [convolveBytes(turned)] : [])]
    : [];
  return Math.max(
    bytesOfThreads(Math.max(specialBytes(window), ...plain), threads),
    winogradBytes(window, threads),
    turned ? winogradBytes(turned, threads) : 0,
  );
}

/** The kernels of the module over one memory. They run on the threads of the pool. */
export function createWasmKernels(pool: ThreadPool, memory: WasmMemory): Kernels {
  const leader = pool.on(0);
  const writeWindow = windowWriter(memory);
  const dealWindow = windowDealer(pool, memory);
  const special = specialConvolutions(dealWindow);
  const winograd = winogradConvolutions(pool, memory);
  const inPortions = portionSums(pool, memory);

  const kernels: Kernels = {
    ...referenceKernels,
    ...attentionKernels(pool, memory),
    ...averagingKernels(pool, memory),
    ...normalizationKernels(pool, memory),
    ...passKernels(pool, memory),
    ...measurementKernels(leader, memory),
    ...softmaxKernels(pool),
    ...drawingKernels(leader, memory),
    ...unfusedCells(pool),
    name: 'wasm',

    together: (work, calls) => pool.together(work < parallelThreshold ? 1 : pool.size, calls),

    gemm(m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride, options = plain) {
      product(false, options.transposeB === true, m, n, k, address(a, aOffset), 4 * aStride, address(b, bOffset), 4 * bStride,
        address(c, cOffset), 4 * cStride, options);
    },

    pack: (k, n, b, bOffset, bStride, packed, { transposeB = false } = plain) =>
      leader.pack(Number(transposeB), k, n, address(b, bOffset), 4 * bStride, address(packed)),

    gemmPacked(m, n, k, a, aOffset, aStride, packed, c, cOffset, cStride, options = plain) {
      product(true, false, m, n, k, address(a, aOffset), 4 * aStride, address(packed), 0, address(c, cOffset), 4 * cStride, options);
    },

    copy: (x, y) => leader.copy(4 * x.length, address(x), address(y)),

    clear(x) {
      const count = x.length;
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.clear(4 * (to - from), address(x, from)));
    },

    clearRows(rows, columns, x, row) {
      deal(pool, rows, share(pool, rows, rows * columns), (wasm, from, to) =>
        wasm.clear(4 * (to - from) * columns, address(x, (row + from) * columns)));
    },

    addBias(rows, columns, bias, y, yOffset) {
      deal(pool, rows, share(pool, rows, rows * columns), (wasm, from, to) =>
        wasm.addBias(to - from, columns, address(bias), address(y, yOffset + from * columns)));
    },

    addColumnSums(rows, columns, x, xOffset, sums) {
      if (sumsColumnsInPortions(rows, columns)) {
        inPortions.addColumnSums(rows, columns, x, xOffset, sums);
        return;
      }
      deal(pool, columns, share(pool, columns, rows * columns, line), (wasm, from, to) =>
        wasm.addColumnSums(rows, columns, from, to, address(x, xOffset), address(sums)));
    },

    addScaled(count, factor, x, xOffset, y, yOffset) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.addScaled(to - from, factor, address(x, xOffset + from), address(y, yOffset + from)));
    },

    convolve(window, batch, x, kernel, bias, y, activation) {
      const saves = suitsWinograd(window, batch);
      if (isPlain(window) && !saves) {
        convolveShares(window, batch, false, false, x, kernel, bias, y, activation);
        return;
      }
      if (saves) winograd.convolve(window, batch, false, false, x, kernel, bias, y);
      else special.convolve(window, batch, x, kernel, bias, y);
      if (activation) kernels.activations[activation].forward(outputsOf(window, batch), y, y);
    },

    convolveBackwardInput(window, batch, dy, kernel, dx, accumulate) {
      const turned = turn(window);
      if (!isPlain(window) || !turned) {
        if (!accumulate) kernels.clear(dx);
        special.addInputGradient(window, batch, dy, kernel, dx);
        return;
      }
      if (suitsWinograd(turned, batch)) winograd.convolve(turned, batch, true, accumulate, dy, kernel, undefined, dx);
      else convolveShares(turned, batch, true, accumulate, dy, kernel, undefined, dx);
    },

    convolveBackwardKernel(window, batch, x, dy, dKernel) {
      if (!isPlain(window)) {
        special.convolveBackwardKernel(window, batch, x, dy, dKernel);
        return;
      }
      if (suitsWinogradGradient(window, batch)) {
        winograd.convolveBackwardKernel(window, batch, x, dy, dKernel);
        return;
      }
      if (sumsInPortions(window)) inPortions.addKernelGradient(window, batch, x, dy, dKernel);
      else addKernelGradient(window, batch, x, dy, dKernel);
    },

    maxPool(window, batch, x, y, argmax, rectify = false) {
      const rows = batch * window.outputHeight;
      const at = writeWindow(window);
      deal(pool, rows, share(pool, rows, poolPasses * rows * window.outputWidth * window.inputChannels), (wasm, from, to) =>
        wasm.maxPool(at, from, to, Number(rectify), address(x), address(y), address(argmax)));
    },

    maxPoolBackward(window, batch, dy, argmax, dx, accumulate) {
      const at = writeWindow(window);
      deal(pool, batch, share(pool, batch, poolPasses * outputsOf(window, batch)), (wasm, from, to) =>
        wasm.maxPoolBackward(at, from, to, Number(accumulate), address(dy), address(argmax), address(dx)));
    },

    fusible: Object.keys(activationCode) as FusibleActivation[],
    activations: {
      ...outputActivations(pool),
      ...parametricActivations(pool),
    },

    lstmCell(rows, units, row, stateRow, gates, active, cell, hidden, peephole) {
      const each = share(pool, rows, cellPasses * rows * units);
      const after = stateRow + rows;
      deal(pool, rows, each, (wasm, from, to) =>
        wasm.lstmCell(to - from, units, address(gates, (row + from) * 4 * units), address(active, (row + from) * units),
          address(cell, (stateRow + from) * units), address(cell, (after + from) * units), address(hidden, (after + from) * units), addressOf(peephole)));
    },

    lstmCellBackward(rows, units, row, stateRow, gradRow, gates, active, cell, peephole, gradHidden, gradCell, gradGates) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.lstmCellBackward(to - from, units, address(gates, (row + from) * 4 * units), address(active, (row + from) * units),
          address(cell, (stateRow + from) * units), addressOf(peephole), address(gradHidden, (stateRow + rows + from) * units),
          address(gradCell, from * units), address(gradGates, (gradRow + from) * 4 * units)));
    },

    gruCell(rows, units, row, stateRow, gates, recurrent, candidate, hidden) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruCell(to - from, units, address(gates, (row + from) * 3 * units), address(recurrent, from * 3 * units),
          address(candidate, (row + from) * units), address(hidden, (stateRow + from) * units), address(hidden, (stateRow + rows + from) * units)));
    },

    gruCellBackward(rows, units, row, stateRow, gradRow, carry, gates, candidate, hidden, gradHidden, gradGates, gradRecurrent) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruCellBackward(to - from, units, Number(carry), address(gates, (row + from) * 3 * units),
          address(candidate, (row + from) * units), address(hidden, (stateRow + from) * units), address(gradHidden, (stateRow + from) * units),
          address(gradHidden, (stateRow + rows + from) * units), address(gradGates, (gradRow + from) * 3 * units), address(gradRecurrent, (gradRow + from) * 3 * units)));
    },

    sgdStep(count, learningRate, momentum, nesterov, w, g, velocity) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) => {
        const n = to - from;
        if (momentum === 0) wasm.sgdPlain(n, learningRate, address(w, from), address(g, from));
        else wasm.sgdMomentum(n, learningRate, momentum, 1, Number(nesterov), address(w, from), address(g, from), address(velocity, from));
      });
    },

    adamStep(count, learningRate, { beta1, beta2, epsilon }, correction1, correction2, w, g, m, v, largest) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.adam(to - from, learningRate, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, correction1, correction2,
          address(w, from), address(g, from), address(m, from), address(v, from), largest ? address(largest, from) : 0));
    },

  };
  return kernels;

  /** Addresses and steps in bytes. */
  function product(
    packed: boolean, transposeB: boolean, m: number, n: number, k: number,
    a: number, aStep: number, b: number, bStep: number, c: number, cStep: number,
    { transposeA = false, accumulate = false, bias, activation }: ProductOptions,
  ): void {
    const { size } = pool;
    const scratch = memory.scratch(bytesOfThreads(gemmBytes, size));
    const applies = activation ? activationCode[activation] : 0;
    if (size === 1 || (m * n * k < parallelThreshold && !pool.isTogether))
      leader.product(Number(transposeA), Number(transposeB), Number(packed), m, n, k, a, aStep, b, bStep, c, cStep,
        Number(accumulate), addressOf(bias), applies, scratch);
    else
      dealProduct(size, Number(transposeA), Number(transposeB), Number(packed), m, n, k, a, aStep, b, bStep, c, cStep,
        Number(accumulate), addressOf(bias), applies, scratch);
  }

  /**
   * By columns if each thread still has a few panels, otherwise by rows. Separate from `product`, whose small calls must cost
   * little.
   */
  function dealProduct(
    size: number, transposeA: number, transposeB: number, packed: number, m: number, n: number, k: number,
    a: number, aStep: number, b: number, bStep: number, c: number, cStep: number,
    accumulate: number, bias: number, activation: number, scratch: number,
  ): void {
    if (!pool.isTogether && n >= 2 * panel * size) {
      // The distance to the next column of B: the rows of a panel if packed, a row if transposed, otherwise an element.
      const columnStep = packed ? 4 * k : transposeB ? bStep : 4;
      deal(pool, n, panel * Math.ceil(n / (panel * size)), (wasm, from, to, part) =>
        wasm.product(transposeA, transposeB, packed, m, to - from, k, a, aStep, b + from * columnStep, bStep,
          c + 4 * from, cStep, accumulate, bias && bias + 4 * from, activation, ofThread(scratch, gemmBytes, part)));
    } else {
      const rowStep = transposeA ? 4 : aStep;
      deal(pool, m, Math.ceil(m / size), (wasm, from, to, part) =>
        wasm.product(transposeA, transposeB, packed, to - from, n, k, a + from * rowStep, aStep, b, bStep,
          c + from * cStep, cStep, accumulate, bias, activation, ofThread(scratch, gemmBytes, part)));
    }
  }

  /** By columns if each thread has a panel of them, otherwise by rows, for which every thread packs all of dy. */
  function addKernelGradient(w: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void {
    const { outputChannels } = w;
    const rows = kernelFloats(w) / outputChannels;
    const bytes = backwardKernelBytes(w);
    if (outputChannels > panel * (pool.size - 1))
      dealWindow(w, batch, outputChannels, bytes, (wasm, at, from, to, scratch) =>
        wasm.convolveBackwardKernel(at, 0, rows, from, to, 0, batch, 0, address(x), address(dy), address(dKernel), scratch), panel);
    else
      dealWindow(w, batch, rows, bytes, (wasm, at, first, last, scratch) =>
        wasm.convolveBackwardKernel(at, first, last, 0, outputChannels, 0, batch, 0, address(x), address(dy), address(dKernel), scratch));
  }

  function convolveShares(
    w: Window2d, batch: number, flipped: boolean, accumulate: boolean,
    x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray, activation?: FusibleActivation,
  ): void {
    const applies = activation ? activationCode[activation] : 0;
    dealWindow(w, batch, batch, convolveBytes(w), (wasm, at, from, to, scratch) =>
      wasm.convolve(at, from, to, Number(flipped), Number(accumulate), applies, address(x), address(kernel), addressOf(bias), address(y), scratch));
  }
}

/** A product without options. */
const plain: GemmOptions = {};

/** The codes of `activate` in assembly/elementwise.ts. */
const activationCode = { relu: 1, sigmoid: 2, tanh: 3 } as const satisfies { readonly [name in FusibleActivation]: number };

const isPlain = (window: Window2d): boolean => window.groups === 1 && window.padTop >= 0 && window.padLeft >= 0;
