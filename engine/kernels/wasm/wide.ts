/**
 * 256-bit vectors. Hosts have them only as an experiment that is enabled for the whole process. So they are tried first, on a
 * product and two convolutions that must have the bits of the relaxed build, and timed. The trial takes a fifth of the time to the first
 * step, so it is remembered that the build has passed.
 */
import { setFlagsFromString } from 'node:v8';
import type { Window2d } from '../kernels.ts';
import { instantiate } from './instance.ts';
import { createWasmKernels } from './kernels.ts';
import { WasmMemory } from './memory.ts';
import { freeRegisters } from './registers.ts';
import { poolOfOne } from './threadPool.ts';

/** Hosts join vectors on x64 under Linux and Windows, starting with this version of Node and this version of V8. */
const leastNode = [23, 5] as const;
const leastV8 = [12, 9] as const;

const atLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [first, second] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
};

function mayJoin(): boolean {
  const { node, v8, electron } = process.versions as NodeJS.ProcessVersions & { readonly electron?: string };
  // The V8 of Electron is newer than its Node.
  const known = electron ? atLeast(v8, leastV8) : atLeast(node, leastNode);
  return known && process.arch === 'x64' && (process.platform === 'linux' || process.platform === 'win32');
}

/** Functions are compiled at their first call, so these flags apply to functions that are called next. */
function compileNext({ joined, fast }: { readonly joined: boolean; readonly fast: boolean }): void {
  setFlagsFromString(joined ? '--experimental-wasm-revectorize' : '--no-experimental-wasm-revectorize');
  // Skips the quick compiler, which joins nothing and makes code that is ten times slower.
  setFlagsFromString(fast ? '--no-liftoff' : '--liftoff');
}

/** The tile of the wide build must be this many times as fast as that of the relaxed build. */
const leastGain = 1.2;
/**
 * In doubt, both are timed again, for about 15 ms: while another machine on the same processor also computes with vectors, the wide
 * build gains little. Where vectors are not joined it takes twice as long, so it is not chosen by chance.
 */
const mostRepeats = 20;

/** Where it is remembered that the wide build has passed its trial on this host. */
export interface Verified {
  readonly isKnown: boolean;
  remember(): void;
}

export type Trial = 'wide' | { readonly doubt: string } | 'unknown to this host';

/** Whether the wide build has passed a trial before. If so, code that is compiled from now on in this process uses 256 bits. */
export function isVerified(verified: Verified | undefined): boolean {
  if (!mayJoin() || verified?.isKnown !== true) return false;
  compileNext({ joined: true, fast: false });
  return true;
}

/**
 * Whether the wide build is correct and fast here. If it is, code that is compiled from now on in this process uses 256 bits; if
 * not, everything is as before. Only for a process that runs nothing but the engine.
 */
export function tryWide(relaxed: WebAssembly.Module, wide: WebAssembly.Module, verified?: Verified): Trial {
  if (!mayJoin()) return 'unknown to this host';
  compileNext({ joined: true, fast: true });
  const wideTrial = trialOf(wide);
  const wideTime = () => wideTrial.tileTime(tilesOfWide);
  const firstTime = wideTime();
  compileNext({ joined: false, fast: true });
  const relaxedTrial = trialOf(relaxed);
  const relaxedTime = () => relaxedTrial.tileTime(2 * tilesOfWide);
  let gain = relaxedTime() / firstTime;
  for (let repeated = 0; gain < leastGain && repeated < mostRepeats; repeated++)
    gain = Math.max(gain, relaxedTime() / wideTime());
  compileNext({ joined: false, fast: false });
  const bits = trialOf(relaxed).bits();
  compileNext({ joined: true, fast: true });
  const doubt = doubtOf(areEqual(wideTrial.bits(), bits), gain);
  if (doubt === undefined) verified?.remember();
  // The quick compiler is allowed again: the first step takes less time, and functions that run often are soon compiled again with
  // joined vectors, on another thread.
  compileNext({ joined: doubt === undefined, fast: false });
  freeRegisters();
  return doubt === undefined ? 'wide' : { doubt };
}

/** Why the wide build is not used; undefined if it is. `gain`: how many times as fast as the relaxed build it is. */
export function doubtOf(isRight: boolean, gain: number): string | undefined {
  if (!isRight) return 'other bits';
  return gain >= leastGain ? undefined : `only ${gain.toFixed(2)} times as fast`;
}

export const areEqual = (found: Int32Array, wanted: Int32Array): boolean =>
  found.every((bits, index) => bits === wanted[index]);

/** Tiles of the wide build in a measurement, about 20 µs. */
const tilesOfWide = 40;
const measurements = 12;
const [m, n, k] = [13, 40, 70];

const window: Window2d = {
  inputHeight: 7,
  inputWidth: 7,
  inputChannels: 3,
  outputHeight: 4,
  outputWidth: 4,
  outputChannels: 24,
  kernelHeight: 3,
  kernelWidth: 3,
  strideY: 2,
  strideX: 2,
  dilationY: 1,
  dilationX: 1,
  padTop: 1,
  padBottom: 1,
  padLeft: 1,
  padRight: 1,
  groups: 1,
};

/** With 8 output channels, which the wide build computes line by line (assembly/lines.ts). */
const lines: Window2d = {
  ...window,
  outputHeight: 7,
  outputWidth: 7,
  outputChannels: 8,
  strideY: 1,
  strideX: 1,
};

function trialOf(module: WebAssembly.Module) {
  const memory = new WasmMemory();
  const wasm = instantiate(module, memory.memory);
  memory.begin(wasm.heapBase());
  const kernels = createWasmKernels(poolOfOne(wasm), memory);
  const floats = (count: number): Float32Array => {
    const { buffer, base } = memory.allocate(4 * count);
    const view = new Float32Array(buffer as ArrayBuffer, base, count);
    for (let i = 0; i < count; i++) view[i] = Math.sin(12.9898 * i);
    return view;
  };
  return {
    /** The results of a product and two convolutions. */
    bits(): Int32Array {
      const [a, b, c] = [floats(m * k), floats(k * n), floats(m * n)];
      kernels.gemm(m, n, k, a, 0, k, b, 0, n, c, 0, n, { activation: 'tanh' });
      const [x, kernel, y, z] = [
        floats(7 * 7 * 3),
        floats(9 * 3 * 24),
        floats(4 * 4 * 24),
        floats(7 * 7 * 8),
      ];
      kernels.convolve(window, 1, x, kernel, undefined, y);
      kernels.convolve(lines, 1, x, kernel, undefined, z);
      return Int32Array.from(
        [c, y, z].flatMap(({ buffer, byteOffset, length }) => [
          ...new Int32Array(buffer, byteOffset, length),
        ]),
      );
    },

    /**
     * Milliseconds for that many tiles of 6 rows over 256 steps: the fastest of several measurements, because others may use the
     * machine.
     */
    tileTime(tiles: number): number {
      const [a, b, c] = [floats(6 * 256), floats(16 * 256), floats(6 * 16)].map(
        ({ byteOffset }) => byteOffset,
      );
      const panelBytes = 4 * wasm.panelColumns();
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < measurements; round++) {
        const began = performance.now();
        for (let tile = 0; tile < tiles; tile++)
          wasm.rows6(1, 256, a, 1024, 0, b, panelBytes, c, panelBytes, c, panelBytes);
        best = Math.min(best, performance.now() - began);
      }
      return best;
    },
  };
}
