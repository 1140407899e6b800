/** Average pooling, and means and maxima over all positions, on the compiled module. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels, Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import type { WasmMemory } from './memory.ts';
import { address, deal, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';
import { windowWriter } from './windows.ts';

type Averaging = Pick<Kernels, 'averagePool' | 'averagePoolBackward' | 'averagePositions' | 'averagePositionsBackward' | 'maxPositions'>;

export function averagingKernels(pool: ThreadPool, memory: WasmMemory): Averaging {
  const leader = pool.on(0);
  const write = windowWriter(memory);
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
        for (let n = 0; n < samples; n++) leader.averagePositions(1, lengths[n], channels, 4 * size, address(x, n * size), address(y, n * channels));
        return;
      }
      deal(pool, samples, share(pool, samples, samples * size), (wasm, from, to) =>
        wasm.averagePositions(to - from, positions, channels, 4 * size, address(x, from * size), address(y, from * channels)));
    },

    averagePositionsBackward(samples, positions, channels, lengths, dy, dx) {
      const size = positions * channels;
      if (lengths) {
        for (let n = 0; n < samples; n++) leader.averagePositionsBackward(1, lengths[n], channels, 4 * size, address(dy, n * channels), address(dx, n * size));
        return;
      }
      deal(pool, samples, share(pool, samples, samples * size), (wasm, from, to) =>
        wasm.averagePositionsBackward(to - from, positions, channels, 4 * size, address(dy, from * channels), address(dx, from * size)));
    },

    maxPositions(samples, positions, channels, lengths, x, y, argmax) {
      const size = positions * channels;
      if (lengths) {
        for (let n = 0; n < samples; n++)
          leader.maxPositions(1, lengths[n], channels, 4 * size, n * size, address(x, n * size), address(y, n * channels), address(argmax, n * channels));
        return;
      }
      deal(pool, samples, share(pool, samples, samples * size), (wasm, from, to) =>
        wasm.maxPositions(to - from, positions, channels, 4 * size, from * size,
          address(x, from * size), address(y, from * channels), address(argmax, from * channels)));
    },
  };

  /** Rows of outputs are divided among threads in multiples of `unit`. */
  function overWindows(
    task: 'averagePool' | 'averagePoolBackward', w: Window2d, batch: number, unit: number, countPadding: boolean,
    input: FloatArray, output: FloatArray,
  ): void {
    const window = write(w);
    const rows = batch * w.outputHeight;
    const each = share(pool, rows, rows * w.outputWidth * w.inputChannels * w.kernelHeight * w.kernelWidth, unit);
    deal(pool, rows, each, (wasm, from, to) =>
      wasm[task](window, from, to, Number(countPadding), address(input), address(output)));
  }
}
