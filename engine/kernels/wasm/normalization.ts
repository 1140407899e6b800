/** Normalization on the compiled module: sums are split over channels or groups, the passes after them over rows. Padded sequences go to the reference kernels. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { NormalizationKernels } from '../normalization.ts';
import * as reference from '../reference/normalization.ts';
import type { FloatArray } from '../tensor.ts';
import type { Crew } from './crew.ts';
import type { WasmMemory } from './memory.ts';
import { address, addressOf, parts, share } from './shares.ts';

/** Channels of one SIMD vector. */
const lanes = 4;

/** Scratch of one thread for each of these passes: tables of at most 5 floats a channel. */
export const normalizationBytes = (channels: number): number => 5 * 4 * channels;

export function normalizationKernels(crew: Crew, memory: WasmMemory): NormalizationKernels {
  const wasm = crew.on(0);
  return {
    measureChannels(rows, channels, x, mean, variance, real, stretch) {
      if (real) {
        reference.measureChannels(rows, channels, x, mean, variance, real, stretch);
        return;
      }
      const each = share(crew, channels, rows * channels, lanes);
      for (let part = parts(channels, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).measureChannels(rows, channels, from, Math.min(channels, from + each), address(x), address(mean), address(variance));
      }
      crew.finish();
    },

    normalizeChannels(rows, channels, epsilon, x, mean, variance, gamma, beta, y) {
      const table = memory.scratch(3 * 4 * channels);
      wasm.prepareRows(channels, epsilon, address(mean), address(variance), addressOf(gamma), addressOf(beta), table);
      const each = share(crew, rows, rows * channels);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).normalizeRows(Math.min(each, rows - r), channels, table, address(x, r * channels), address(y, r * channels));
      }
      crew.finish();
    },

    normalizeChannelsBackward(rows, channels, epsilon, fixed, x, mean, variance, gamma, dy, dGamma, dBeta, dx, real, stretch) {
      if (real) {
        reference.normalizeChannelsBackward(rows, channels, epsilon, fixed, x, mean, variance, gamma, dy, dGamma, dBeta, dx, real, stretch);
        return;
      }
      const table = memory.scratch(4 * 4 * channels);
      const width = share(crew, channels, rows * channels, lanes);
      for (let part = parts(channels, width); part-- > 0; ) {
        const from = part * width;
        crew.on(part).channelGradients(rows, channels, from, Math.min(channels, from + width), epsilon, Number(fixed),
          address(x), address(mean), address(variance), addressOf(gamma), address(dy), addressOf(dGamma), addressOf(dBeta), table);
      }
      crew.finish();
      if (!dx) return;
      const each = share(crew, rows, rows * channels);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).addRowGradients(Math.min(each, rows - r), channels, table, address(x, r * channels), address(dy, r * channels), address(dx, r * channels));
      }
      crew.finish();
    },

    normalizeGroups(samples, positions, channels, groups, epsilon, x, gamma, beta, mean, inverse, y) {
      if (groups === channels) {
        normalizeInstances(samples, positions, channels, epsilon, x, gamma, beta, mean, inverse, y);
        return;
      }
      const slots = samples * groups;
      const each = share(crew, slots, samples * positions * channels);
      for (let part = parts(slots, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).normalizeGroups(from, Math.min(slots, from + each), positions, channels, groups, epsilon,
          address(x), addressOf(gamma), addressOf(beta), address(mean), address(inverse), address(y));
      }
      crew.finish();
    },

    normalizeGroupsBackward(samples, positions, channels, groups, x, mean, inverse, gamma, dy, dGamma, dBeta, dx) {
      const work = samples * positions * channels;
      if (dGamma || dBeta) {
        const width = share(crew, channels, work, lanes);
        for (let part = parts(channels, width); part-- > 0; ) {
          const from = part * width;
          crew.on(part).groupScaleGradients(samples, positions, channels, groups, from, Math.min(channels, from + width),
            address(x), address(mean), address(inverse), address(dy), addressOf(dGamma), addressOf(dBeta));
        }
        crew.finish();
      }
      if (!dx) return;
      if (groups === channels) {
        addInstanceGradients(samples, positions, channels, x, mean, inverse, gamma, dy, dx);
        return;
      }
      const slots = samples * groups;
      const each = share(crew, slots, work);
      for (let part = parts(slots, each); part-- > 0; ) {
        const from = part * each;
        crew.on(part).addGroupGradients(from, Math.min(slots, from + each), positions, channels, groups,
          address(x), address(mean), address(inverse), addressOf(gamma), address(dy), address(dx));
      }
      crew.finish();
    },
  };

  function normalizeInstances(
    samples: number, positions: number, channels: number, epsilon: number, x: FloatArray,
    gamma: FloatArray | undefined, beta: FloatArray | undefined, mean: FloatArray, inverse: FloatArray, y: FloatArray,
  ): void {
    const bytes = 3 * 4 * channels;
    const table = memory.scratch(bytes * crew.size);
    const each = share(crew, samples, samples * positions * channels);
    for (let part = parts(samples, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).normalizeInstances(from, Math.min(samples, from + each), positions, channels, epsilon,
        address(x), addressOf(gamma), addressOf(beta), address(mean), address(inverse), address(y), table + part * bytes);
    }
    crew.finish();
  }

  function addInstanceGradients(
    samples: number, positions: number, channels: number, x: FloatArray, mean: FloatArray, inverse: FloatArray,
    gamma: FloatArray | undefined, dy: FloatArray, dx: FloatArray,
  ): void {
    const bytes = 5 * 4 * channels;
    const table = memory.scratch(bytes * crew.size);
    const each = share(crew, samples, samples * positions * channels);
    for (let part = parts(samples, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).addInstanceGradients(from, Math.min(samples, from + each), positions, channels,
        address(x), address(mean), address(inverse), addressOf(gamma), address(dy), address(dx), table + part * bytes);
    }
    crew.finish();
  }
}
