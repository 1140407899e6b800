/** The kernels of normalization, pooling, activations, losses and optimizers give what the reference gives, in both builds. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { builds, check, load, Operands } from './wasmHarness.ts';

const size = (max: number) => fc.integer({ min: 1, max });

describe.each(builds)('the %s wasm build', (build) => {
  const backend = load(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) => fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 13 });

  it('normalizes channels over rows, and gives the gradients', () => {
    holds(fc.tuple(size(150), size(21), fc.boolean(), fc.boolean(), fc.boolean()), ([rows, channels, scale, center, fixed]) => {
      const o = new Operands(backend);
      const count = rows * channels;
      const [x, y, dy, dx] = [o.floats(count, 3), o.floats(count), o.floats(count), o.floats(count)];
      const [mean, variance, gamma, beta, dGamma, dBeta] = Array.from({ length: 6 }, () => o.floats(channels));
      check(backend, o, (kernels, pick) => {
        const optional = (there: boolean, index: number) => (there ? pick<Float32Array>(index) : undefined);
        kernels.measureChannels(rows, channels, pick(x), pick(mean), pick(variance));
        kernels.normalizeChannels(rows, channels, 0.01, pick(x), pick(mean), pick(variance), optional(scale, gamma), optional(center, beta), pick(y));
        kernels.normalizeChannelsBackward(rows, channels, 0.01, fixed, pick(x), pick(mean), pick(variance),
          optional(scale, gamma), pick(dy), optional(scale, dGamma), optional(center, dBeta), pick(dx));
      });
    });
  });

  it('normalizes groups of channels of each sample, and gives the gradients', () => {
    const shape = fc.tuple(size(7), size(9), size(5), size(19));
    holds(fc.tuple(shape, fc.boolean(), fc.boolean()), ([[samples, positions, groups, width], scale, center]) => {
      const o = new Operands(backend);
      const channels = groups * width;
      const count = samples * positions * channels;
      const [x, y, dy, dx] = [o.floats(count, 3), o.floats(count), o.floats(count), o.floats(count)];
      const [gamma, beta, dGamma, dBeta] = Array.from({ length: 4 }, () => o.floats(channels));
      const [mean, inverse] = [o.floats(samples * groups), o.floats(samples * groups)];
      check(backend, o, (kernels, pick) => {
        const optional = (there: boolean, index: number) => (there ? pick<Float32Array>(index) : undefined);
        kernels.normalizeGroups(samples, positions, channels, groups, 0.01, pick(x), optional(scale, gamma), optional(center, beta), pick(mean), pick(inverse), pick(y));
        kernels.normalizeGroupsBackward(samples, positions, channels, groups, pick(x), pick(mean), pick(inverse),
          optional(scale, gamma), pick(dy), optional(scale, dGamma), optional(center, dBeta), pick(dx));
      });
    });
  });
});
