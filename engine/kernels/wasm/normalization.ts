/** Normalization on the compiled module: sums are split over channels or groups, the passes after them over rows. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { NormalizationKernels } from '../normalization.ts';
import * as reference from '../reference/normalization.ts';
import type { FloatArray } from '../tensor.ts';
import type { WasmExports } from './exports.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { address, addressOf, deal, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/** Channels of one SIMD vector. */
const lanes = 4;

/** Two sums in float64 for each channel, of whole vectors. */
const sumsBytes = (channels: number): number => 16 * lanes * Math.ceil(channels / lanes);

/** Scratch of one thread for each of these passes: tables of at most 5 floats for each channel, and sums. */
export const normalizationBytes = (channels: number): number => 5 * 4 * channels + sumsBytes(channels);

export function normalizationKernels(pool: ThreadPool, memory: WasmMemory): NormalizationKernels {
  const leader = pool.on(0);
  return {
    measureChannels(rows, channels, x, mean, variance, real, stretch = rows) {
      const count = real ? sumOf(real, rows / stretch) : rows;
      if (count === 0) {
        reference.measureChannels(rows, channels, x, mean, variance, real, stretch);
        return;
      }
      const sums = memory.scratch(sumsBytes(channels));
      deal(pool, channels, share(pool, channels, rows * channels, lanes), (wasm, from, to) =>
        wasm.measureChannels(count, channels, from, to, address(x), address(mean), address(variance), stretch, addressOf(real), sums));
    },

    normalizeChannels(rows, channels, epsilon, x, mean, variance, gamma, beta, y) {
      const table = memory.scratch(3 * 4 * channels);
      leader.prepareRows(channels, epsilon, address(mean), address(variance), addressOf(gamma), addressOf(beta), table);
      deal(pool, rows, share(pool, rows, rows * channels), (wasm, from, to) =>
        wasm.normalizeRows(to - from, channels, table, address(x, from * channels), address(y, from * channels)));
    },

    normalizeChannelsBackward(rows, channels, epsilon, fixed, x, mean, variance, gamma, dy, dGamma, dBeta, dx, real, stretch = rows) {
      const count = real ? sumOf(real, rows / stretch) : rows;
      if (count === 0) return;
      const table = memory.scratch(4 * 4 * channels + sumsBytes(channels));
      deal(pool, channels, share(pool, channels, rows * channels, lanes), (wasm, from, to) =>
        wasm.channelGradients(count, channels, from, to, epsilon, Number(fixed), address(x), address(mean), address(variance),
          addressOf(gamma), address(dy), addressOf(dGamma), addressOf(dBeta), table, stretch, addressOf(real), table + 4 * 4 * channels));
      if (!dx) return;
      const add = (wasm: WasmExports, from: number, to: number) =>
        wasm.addRowGradients(to - from, channels, table, address(x, from * channels), address(dy, from * channels), address(dx, from * channels));
      if (real) for (let n = 0; n < rows / stretch; n++) add(leader, n * stretch, n * stretch + real[n]);
      else deal(pool, rows, share(pool, rows, rows * channels), add);
    },

    normalizeGroups(samples, positions, channels, groups, epsilon, x, gamma, beta, mean, inverse, y) {
      if (groups === channels) {
        normalizeInstances(samples, positions, channels, epsilon, x, gamma, beta, mean, inverse, y);
        return;
      }
      const slots = samples * groups;
      deal(pool, slots, share(pool, slots, samples * positions * channels), (wasm, from, to) =>
        wasm.normalizeGroups(from, to, positions, channels, groups, epsilon,
          address(x), addressOf(gamma), addressOf(beta), address(mean), address(inverse), address(y)));
    },

    normalizeGroupsBackward(samples, positions, channels, groups, x, mean, inverse, gamma, dy, dGamma, dBeta, dx) {
      const work = samples * positions * channels;
      if (dGamma || dBeta) {
        const sums = memory.scratch(sumsBytes(channels));
        deal(pool, channels, share(pool, channels, work, lanes), (wasm, from, to) =>
          wasm.groupScaleGradients(samples, positions, channels, groups, from, to,
            address(x), address(mean), address(inverse), address(dy), addressOf(dGamma), addressOf(dBeta), sums));
      }
      if (!dx) return;
      if (groups === channels) {
        addInstanceGradients(samples, positions, channels, x, mean, inverse, gamma, dy, dx);
        return;
      }
      const slots = samples * groups;
      deal(pool, slots, share(pool, slots, work), (wasm, from, to) =>
        wasm.addGroupGradients(from, to, positions, channels, groups,
          address(x), address(mean), address(inverse), addressOf(gamma), address(dy), address(dx)));
    },
  };

  function normalizeInstances(
    samples: number, positions: number, channels: number, epsilon: number, x: FloatArray,
    gamma: FloatArray | undefined, beta: FloatArray | undefined, mean: FloatArray, inverse: FloatArray, y: FloatArray,
  ): void {
    const bytes = 3 * 4 * channels + sumsBytes(channels);
    const table = memory.scratch(bytesOfThreads(bytes, pool.size));
    deal(pool, samples, share(pool, samples, samples * positions * channels), (wasm, from, to, part) =>
      wasm.normalizeInstances(from, to, positions, channels, epsilon,
        address(x), addressOf(gamma), addressOf(beta), address(mean), address(inverse), address(y), ofThread(table, bytes, part)));
  }

  function addInstanceGradients(
    samples: number, positions: number, channels: number, x: FloatArray, mean: FloatArray, inverse: FloatArray,
    gamma: FloatArray | undefined, dy: FloatArray, dx: FloatArray,
  ): void {
    const bytes = normalizationBytes(channels);
    const table = memory.scratch(bytesOfThreads(bytes, pool.size));
    deal(pool, samples, share(pool, samples, samples * positions * channels), (wasm, from, to, part) =>
      wasm.addInstanceGradients(from, to, positions, channels,
        address(x), address(mean), address(inverse), addressOf(gamma), address(dy), address(dx), ofThread(table, bytes, part)));
  }
}

/** The sum of the first `count` lengths. */
const sumOf = (counts: Int32Array, count: number): number => {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += counts[n];
  return sum;
};
