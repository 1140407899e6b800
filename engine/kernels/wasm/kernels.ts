/**
 * The kernel interface on the compiled module. What the module does not hold (rare windows, unusual cells) the
 * reference kernels compute on the same memory. Work is split among threads over output elements, never over a
 * sum, so every result has the same bits at any number of threads.
 */
// biome-ignore-all format: a call lists one group of operands a line.
import type { FusibleActivation, KernelNeeds, Kernels, Window2d } from '../kernels.ts';
import { referenceKernels } from '../reference/index.ts';
import type { FloatArray } from '../tensor.ts';
import { outputActivations, parametricActivations } from './activations.ts';
import { averagingKernels } from './averaging.ts';
import type { Crew } from './crew.ts';
import type { WasmMemory } from './memory.ts';
import { normalizationBytes, normalizationKernels } from './normalization.ts';
import { lossesBytes, passKernels } from './passes.ts';
import { unfusedCells } from './recurrent.ts';
import { address, cellPasses, crewThreshold, line, panel, parts, poolPasses, share } from './shares.ts';
import { specialBytes, specialConvolutions } from './specialConvolution.ts';
import { backwardKernelBytes, convolveBytes, outputsOf, turn, workOf } from './windows.ts';
import { suitsWinograd, winogradBytes, winogradConvolutions } from './winograd.ts';

/**
 * Bytes of a packed panel of B (K_BLOCK × 8 floats), a narrow bias, a block of C (C_ROWS × 8) and a packed block of A
 * (M_BLOCK × K_BLOCK): assembly/gemm.ts.
 */
const gemmBytes = 4 * (512 * 8 + 8 + 1536 * 8 + 132 * 512);

/** Scratch of all calls with such operands, in bytes. */
export function scratchBytes({ window, channels = 0 }: KernelNeeds, threads: number): number {
  const fixed = Math.max(gemmBytes * threads, lossesBytes);
  return Math.max(fixed, normalizationBytes(channels) * threads, window ? windowBytes(window, threads) : 0);
}

function windowBytes(window: Window2d, threads: number): number {
  const turned = turn(window);
  const plain = isPlain(window)
    ? [convolveBytes(window), backwardKernelBytes(window), ...(turned ? [convolveBytes(turned)] : [])]
    : [];
  return Math.max(
    threads * Math.max(specialBytes(window), ...plain),
    winogradBytes(window, threads),
    turned ? winogradBytes(turned, threads) : 0,
  );
}

export function createWasmKernels(crew: Crew, memory: WasmMemory): Kernels {
  const wasm = crew.on(0);
  const special = specialConvolutions(crew, memory);
  const winograd = winogradConvolutions(crew, memory);

  const kernels: Kernels = {
    ...referenceKernels,
    ...averagingKernels(crew),
    ...normalizationKernels(crew, memory),
    ...passKernels(crew, memory),
    ...unfusedCells(crew),
    name: 'wasm',

    gemm(transposeA, transposeB, m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride, accumulate, bias, activation) {
      product(transposeA, transposeB, false, m, n, k, address(a, aOffset), 4 * aStride, address(b, bOffset), 4 * bStride,
        address(c, cOffset), 4 * cStride, accumulate, bias ? address(bias) : 0, activation);
    },

    pack: (transposeB, k, n, b, bOffset, bStride, packed) => wasm.pack(Number(transposeB), k, n, address(b, bOffset), 4 * bStride, address(packed)),

    gemmPacked(transposeA, m, n, k, a, aOffset, aStride, packed, c, cOffset, cStride, accumulate, bias) {
      product(transposeA, false, true, m, n, k, address(a, aOffset), 4 * aStride, address(packed), 0,
        address(c, cOffset), 4 * cStride, accumulate, bias ? address(bias) : 0);
    },

    copy: (x, y) => wasm.copy(4 * x.length, address(x), address(y)),

    clear(x) {
      const count = x.length;
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).clear(4 * Math.min(each, count - i), address(x, i));
      }
      crew.finish();
    },

    addBias(rows, columns, bias, y, yOffset) {
      const height = share(crew, rows, rows * columns);
      for (let part = parts(rows, height); part-- > 0; ) {
        const r = part * height;
        crew.on(part).addBias(Math.min(height, rows - r), columns, address(bias), address(y, yOffset + r * columns));
      }
      crew.finish();
    },

    addColumnSums(rows, columns, x, xOffset, sums) {
      const width = share(crew, columns, rows * columns, line);
      for (let part = parts(columns, width); part-- > 0; ) {
        const j = part * width;
        crew.on(part).addColumnSums(rows, columns, j, Math.min(columns, j + width), address(x, xOffset), address(sums));
      }
      crew.finish();
    },

    addScaled(count, factor, x, xOffset, y, yOffset) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).addScaled(Math.min(each, count - i), factor, address(x, xOffset + i), address(y, yOffset + i));
      }
      crew.finish();
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
      if (suitsWinograd(window, batch)) {
        winograd.convolveBackwardKernel(window, batch, x, dy, dKernel);
        return;
      }
      const w = window;
      const panels = Math.ceil(w.outputChannels / panel);
      const bytes = backwardKernelBytes(w);
      const { size } = crew;
      const scratch = memory.scratch(bytes * size);
      const each = size === 1 || workOf(w, batch) < crewThreshold ? panels : Math.ceil(panels / size);
      for (let part = parts(panels, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).convolveBackwardKernel(from, Math.min(panels, from + each), batch, w.inputHeight, w.inputWidth, w.inputChannels,
          w.outputHeight, w.outputWidth, w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX,
          w.padTop, w.padLeft, address(x), address(dy), address(dKernel), scratch + part * bytes);
      }
      crew.finish();
    },

    maxPool(window, batch, x, y, argmax) {
      const w = window;
      const rows = batch * w.outputHeight;
      const each = share(crew, rows, poolPasses * rows * w.outputWidth * w.inputChannels);
      for (let part = parts(rows, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).maxPool(from, Math.min(rows, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
          w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft, address(x), address(y), address(argmax));
      }
      crew.finish();
    },

    maxPoolBackward(window, batch, dy, argmax, dx, accumulate) {
      const w = window;
      const each = share(crew, batch, poolPasses * batch * w.outputHeight * w.outputWidth * w.inputChannels);
      for (let part = parts(batch, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).maxPoolBackward(from, Math.min(batch, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
          w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft, Number(accumulate),
          address(dy), address(argmax), address(dx));
      }
      crew.finish();
    },

    softmax: (rows, columns, x, y) => wasm.softmaxForward(rows, columns, address(x), address(y)),
    softmaxBackward: (rows, columns, y, dy, dx) => wasm.softmaxBackward(rows, columns, address(y), address(dy), address(dx)),

    fusible: Object.keys(activationCode) as FusibleActivation[],
    activations: {
      ...outputActivations(crew),
      ...parametricActivations(crew),
    },

    lstmCell(rows, units, row, stateRow, gates, active, cell, hidden, peephole) {
      const each = share(crew, rows, cellPasses * rows * units);
      const after = stateRow + rows;
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).lstmCell(Math.min(each, rows - r), units, address(gates, (row + r) * 4 * units), address(active, (row + r) * units),
          address(cell, (stateRow + r) * units), address(cell, (after + r) * units), address(hidden, (after + r) * units), peephole ? address(peephole) : 0);
      }
      crew.finish();
    },

    lstmCellBackward(rows, units, row, stateRow, gates, active, cell, peephole, gradHidden, gradCell, gradGates) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).lstmCellBackward(Math.min(each, rows - r), units, address(gates, (row + r) * 4 * units), address(active, (row + r) * units),
          address(cell, (stateRow + r) * units), peephole ? address(peephole) : 0, address(gradHidden, (stateRow + rows + r) * units),
          address(gradCell, r * units), address(gradGates, (row + r) * 4 * units));
      }
      crew.finish();
    },

    gruCell(rows, units, row, stateRow, gates, recurrent, candidate, hidden) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruCell(Math.min(each, rows - r), units, address(gates, (row + r) * 3 * units), address(recurrent, r * 3 * units),
          address(candidate, (row + r) * units), address(hidden, (stateRow + r) * units), address(hidden, (stateRow + rows + r) * units));
      }
      crew.finish();
    },

    gruCellBackward(rows, units, row, stateRow, carry, gates, candidate, hidden, gradHidden, gradGates, gradRecurrent) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruCellBackward(Math.min(each, rows - r), units, Number(carry), address(gates, (row + r) * 3 * units),
          address(candidate, (row + r) * units), address(hidden, (stateRow + r) * units), address(gradHidden, (stateRow + r) * units),
          address(gradHidden, (stateRow + rows + r) * units), address(gradGates, (row + r) * 3 * units), address(gradRecurrent, (row + r) * 3 * units));
      }
      crew.finish();
    },

    sgdStep(count, learningRate, momentum, nesterov, w, g, velocity) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        const n = Math.min(each, count - i);
        if (momentum === 0) crew.on(part).sgdPlain(n, learningRate, address(w, i), address(g, i));
        else crew.on(part).sgdMomentum(n, learningRate, momentum, 1, Number(nesterov), address(w, i), address(g, i), address(velocity, i));
      }
      crew.finish();
    },

    adamStep(count, learningRate, { beta1, beta2, epsilon }, correction1, correction2, w, g, m, v) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).adam(Math.min(each, count - i), learningRate, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, correction1, correction2,
          address(w, i), address(g, i), address(m, i), address(v, i));
      }
      crew.finish();
    },

    sumOfSquares: (count, x, offset) => wasm.sumOfSquares(count, address(x, offset)),

    markPositive: (rows, columns, x, offset, positive) => wasm.markPositive(rows, columns, address(x, offset), address(positive)),
    moments: (count, x, offset, low, high, out) => wasm.moments(count, address(x, offset), low, high, out.byteOffset),
    measureUpdate: (segments, table, w, before, out) =>
      wasm.measureUpdate(segments, address(table), address(w), address(before), out.byteOffset),
    countBeyond: (rows, columns, x, offset, stride, low, high, out, outOffset) =>
      wasm.countBeyond(rows, columns, address(x, offset), 4 * stride, low, high, out.byteOffset + 8 * outOffset),
  };
  return kernels;

  /** Addresses and steps in bytes. */
  function product(
    transposeA: boolean, transposeB: boolean, packed: boolean, m: number, n: number, k: number,
    a: number, aStep: number, b: number, bStep: number, c: number, cStep: number, accumulate: boolean, bias: number,
    activation?: FusibleActivation,
  ): void {
    const { size } = crew;
    const bytes = gemmBytes;
    const scratch = memory.scratch(bytes * size);
    const ta = Number(transposeA);
    const tb = Number(transposeB);
    const adds = Number(accumulate);
    const applies = activation ? activationCode[activation] : 0;
    if (size === 1 || m * n * k < crewThreshold) {
      wasm.product(ta, tb, Number(packed), m, n, k, a, aStep, b, bStep, c, cStep, adds, bias, applies, scratch);
      return;
    }
    // By columns where each thread still has a few panels, else by rows.
    if (n >= 4 * panel * size) {
      const width = panel * Math.ceil(n / (panel * size));
      // One column further in B: a panel's rows when packed, a row when transposed, else an element.
      const columnStep = packed ? 4 * k : transposeB ? bStep : 4;
      for (let part = parts(n, width); part-- > 0; ) {
        const j = part * width;
        crew.on(part).product(ta, tb, Number(packed), m, Math.min(width, n - j), k, a, aStep, b + j * columnStep, bStep,
          c + 4 * j, cStep, adds, bias && bias + 4 * j, applies, scratch + part * bytes);
      }
    } else {
      const height = Math.ceil(m / size);
      for (let part = parts(m, height); part-- > 0; ) {
        const i = part * height;
        crew.on(part).product(ta, tb, Number(packed), Math.min(height, m - i), n, k, a + i * (transposeA ? 4 : aStep), aStep, b, bStep,
          c + i * cStep, cStep, adds, bias, applies, scratch + part * bytes);
      }
    }
    crew.finish();
  }

  function convolveShares(
    w: Window2d, batch: number, flipped: boolean, accumulate: boolean,
    x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray, activation?: FusibleActivation,
  ): void {
    const bytes = convolveBytes(w);
    const { size } = crew;
    const scratch = memory.scratch(bytes * size);
    const each = size === 1 || workOf(w, batch) < crewThreshold ? batch : Math.ceil(batch / size);
    for (let part = parts(batch, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).convolve(from, Math.min(batch, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
        w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft,
        Number(flipped), Number(accumulate), activation ? activationCode[activation] : 0,
        address(x), address(kernel), bias ? address(bias) : 0, address(y), scratch + part * bytes);
    }
    crew.finish();
  }
}

/** Numbers of assembly/elementwise.ts's `activate`. */
const activationCode = { relu: 1, sigmoid: 2, tanh: 3 } as const satisfies { readonly [name in FusibleActivation]: number };

const isPlain = (window: Window2d): boolean => window.groups === 1 && window.padTop >= 0 && window.padLeft >= 0;
