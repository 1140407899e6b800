/** Vectors of 256 bits are used only if the wide build passes its trial, and only if they are allowed. */
import { describe, expect, it } from 'vitest';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { doubtOf, tryWide } from '../../engine/kernels/wasm/wide.ts';
import { moduleOf } from './wasmHarness.ts';

const bits = (...values: number[]) => Int32Array.from(values);

describe('the wide build', () => {
  it('is not used if a single bit differs, or if it is not faster', () => {
    expect(doubtOf(bits(1, 2), bits(1, 2), 1.9)).toBeUndefined();
    expect(doubtOf(bits(1, 2), bits(1, 3), 1.9)).toBe('other bits');
    expect(doubtOf(bits(1, 2), bits(1, 2), 1.1)).toBe('only 1.10 times as fast');
    expect(doubtOf(bits(1, 2), bits(1, 2), Number.NaN)).toMatch(/^only/);
  });

  it('is refused on the real kernels if it computes something else and the host has such vectors', () => {
    // Without fused multiply-add, bits differ.
    const trial = tryWide(moduleOf('relaxed'), moduleOf('plain'));
    if (trial !== 'unknown to this host') expect(trial).toEqual({ doubt: 'other bits' });
    tryWide(moduleOf('relaxed'), moduleOf('wide'));
  });

  it('is never loaded unless it is allowed', () => {
    expect(loadBackend('dist/kernels').name).not.toMatch(/256/);
    expect(loadBackend('dist/kernels', 1, Number.POSITIVE_INFINITY, true).name).toMatch(/^wasm/);
  });
});
