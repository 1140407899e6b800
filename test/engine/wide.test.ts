/** Vectors of 256 bits are used only if the wide build passes its trial, and only if they are allowed. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { areEqual, doubtOf, isVerified, tryWide } from '../../engine/kernels/wasm/wide.ts';
import { verifiedBuilds } from '../../engine/process/verifiedBuilds.ts';
import { moduleOf } from './wasmHarness.ts';

const bits = (...values: number[]) => Int32Array.from(values);

describe('the wide build', () => {
  it('is not used if a single bit differs, or if it is not faster', () => {
    expect(areEqual(bits(1, 2), bits(1, 2))).toBe(true);
    expect(areEqual(bits(1, 2), bits(1, 3))).toBe(false);
    expect(doubtOf(true, 1.9)).toBeUndefined();
    expect(doubtOf(false, 1.9)).toBe('other bits');
    expect(doubtOf(true, 1.1)).toBe('only 1.10 times as fast');
    expect(doubtOf(true, Number.NaN)).toMatch(/^only/);
  });

  it('is refused on the real kernels if it computes something else and the host has such vectors', () => {
    // Without fused multiply-add, bits differ.
    const trial = tryWide(moduleOf('relaxed'), moduleOf('plain'));
    if (trial !== 'unknown to this host') expect(trial).toEqual({ doubt: 'other bits' });
    tryWide(moduleOf('relaxed'), moduleOf('wide'));
  });

  it('is tried once: that it has passed is remembered, that it has failed is not', () => {
    const memory = (isKnown: boolean) => ({ isKnown, remember: vi.fn() });
    const [right, wrong] = [memory(false), memory(false)];
    const trial = tryWide(moduleOf('relaxed'), moduleOf('plain'), wrong);
    expect(wrong.remember).not.toHaveBeenCalled();
    expect(isVerified(memory(false))).toBe(false);
    expect(isVerified(undefined)).toBe(false);
    if (trial === 'unknown to this host') return;
    const passed = tryWide(moduleOf('relaxed'), moduleOf('wide'), right) === 'wide';
    expect(right.remember).toHaveBeenCalledTimes(Number(passed));
    expect(isVerified(memory(true))).toBe(true);
    const { name } = loadBackend('dist/kernels', 1, Number.POSITIVE_INFINITY, true, memory(true));
    expect(name).toBe('wasm, 256-bit fused multiply-add');
  });

  it('is remembered for these builds only, in a folder of the user', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netloom-verified-'));
    try {
      const builds = join(folder, 'kernels');
      cpSync('dist/kernels', builds, { recursive: true });
      const remembered = () => verifiedBuilds(builds, folder).isKnown;
      expect(remembered()).toBe(false);
      verifiedBuilds(builds, folder).remember();
      expect(remembered()).toBe(true);
      appendFileSync(join(builds, 'wide.wasm'), 'x');
      expect(remembered()).toBe(false);
      verifiedBuilds(builds, join(folder, 'missing', 'missing')).remember();
      expect(remembered()).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is not loaded for a plan that is so small that a step is hardly more than calls', () => {
    const known = { isKnown: true, remember: vi.fn() };
    expect(loadBackend('dist/kernels', 1, 8000, true, known).name).toBe('wasm, fused multiply-add');
  });

  it('is never loaded unless it is allowed', () => {
    expect(loadBackend('dist/kernels').name).not.toMatch(/256/);
    expect(loadBackend('dist/kernels', 1, Number.POSITIVE_INFINITY, true).name).toMatch(/^wasm/);
  });
});
