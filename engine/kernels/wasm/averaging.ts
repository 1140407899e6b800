/** Average pooling, and means and maxima over all positions, on the compiled module. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels, Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import type { Crew } from './crew.ts';
import { address, parts, share } from './shares.ts';

type Averaging = Pick<Kernels, 'averagePool' | 'averagePoolBackward' | 'averagePositions' | 'averagePositionsBackward' | 'maxPositions'>;

export function averagingKernels(crew: Crew): Averaging {
  const wasm = crew.on(0);
  return {
    averagePool(window, batch, countPadding, x, y) {
      overWindows('averagePool', window, batch, 1, countPadding, x, y);
    },

    averagePoolBackward(window, batch, countPadding, dy, dx) {
      // Windows overlap, so a thread takes whole samples.
      overWindows('averagePoolBackward', window, batch, window.outputHeight, countPadding, dx, dy);
    },

    averagePositions(samples, positions, channels, lengths, x, y) {
      const size = positions * channels;
      if (lengths) {
        for (let n = 0; n < samples; n++) wasm.averagePositions(1, lengths[n], channels, 4 * size, address(x, n * size), address(y, n * channels));
        return;
      }
      const each = share(crew, samples, samples * size);
      for (let part = parts(samples, each); part-- > 0; ) {
        const n = part * each;
        crew.on(part).averagePositions(Math.min(each, samples - n), positions, channels, 4 * size, address(x, n * size), address(y, n * channels));
      }
      crew.finish();
    },

    averagePositionsBackward(samples, positions, channels, lengths, dy, dx) {
      const size = positions * channels;
      if (lengths) {
        for (let n = 0; n < samples; n++) wasm.averagePositionsBackward(1, lengths[n], channels, 4 * size, address(dy, n * channels), address(dx, n * size));
        return;
      }
      const each = share(crew, samples, samples * size);
      for (let part = parts(samples, each); part-- > 0; ) {
        const n = part * each;
        crew.on(part).averagePositionsBackward(Math.min(each, samples - n), positions, channels, 4 * size, address(dy, n * channels), address(dx, n * size));
      }
      crew.finish();
    },

    maxPositions(samples, positions, channels, lengths, x, y, argmax) {
      const size = positions * channels;
      if (lengths) {
        for (let n = 0; n < samples; n++)
          wasm.maxPositions(1, lengths[n], channels, 4 * size, n * size, address(x, n * size), address(y, n * channels), address(argmax, n * channels));
        return;
      }
      const each = share(crew, samples, samples * size);
      for (let part = parts(samples, each); part-- > 0; ) {
        const n = part * each;
        crew.on(part).maxPositions(Math.min(each, samples - n), positions, channels, 4 * size, n * size,
          address(x, n * size), address(y, n * channels), address(argmax, n * channels));
      }
      crew.finish();
    },
  };

  /** Rows of outputs are dealt out in multiples of `unit`. */
  function overWindows(
    task: 'averagePool' | 'averagePoolBackward', w: Window2d, batch: number, unit: number, countPadding: boolean,
    input: FloatArray, output: FloatArray,
  ): void {
    const rows = batch * w.outputHeight;
    const each = share(crew, rows, rows * w.outputWidth * w.inputChannels * w.kernelHeight * w.kernelWidth, unit);
    for (let part = parts(rows, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part)[task](from, Math.min(rows, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
        w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft, w.padBottom, w.padRight,
        Number(countPadding), address(input), address(output));
    }
    crew.finish();
  }
}
