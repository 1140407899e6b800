/** Single kernels, compared with the relaxed build and with the peak rate of 128-bit multiply-adds on this machine. */
import type { Kernels, Window2d } from '../../../engine/kernels/kernels.ts';
import { instantiate } from '../../../engine/kernels/wasm/instance.ts';
import { readBuild } from '../../../engine/kernels/wasm/load.ts';
import { WasmMemory } from '../../../engine/kernels/wasm/memory.ts';
import { openBackend } from './model.ts';
import { median, turn } from './time.ts';

export interface KernelRate {
  readonly kernel: string;
  readonly milliseconds: number;
  readonly gigaflops: number;
  /** Share of the peak of 128-bit vectors, which is measured right before. */
  readonly ofPeak: number;
  /** How many times as long the relaxed build takes, in the same round. */
  readonly relaxed: number;
}

export interface KernelRates {
  /** The peak of 128-bit vectors. */
  readonly peakGigaflops: number;
  readonly rates: readonly KernelRate[];
}

/** The measurements of one process: milliseconds of each kernel, and the peak before it in operations per millisecond. */
export type KernelTurn = readonly {
  readonly kernel: string;
  readonly operations: number;
  readonly milliseconds: number;
  readonly peak: number;
}[];

interface Candidate {
  readonly kernel: string;
  readonly operations: number;
  run(): void;
}

const products = [
  [32, 784, 128],
  [64, 1152, 64],
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [12544, 72, 16],
  [32, 160, 512],
  [32, 128, 512],
];

type Floats = (length: number) => Float32Array;

function productsOf(kernels: Kernels, floats: Floats): Candidate[] {
  return products.flatMap(([m, k, n]) => {
    const [a, b, c] = [floats(m * k), floats(k * n), floats(m * n)];
    const forms: readonly (readonly [string, boolean, boolean])[] = [
      ['A·B', false, false],
      ['Aᵀ·B', true, false],
      ['A·Bᵀ', false, true],
    ];
    return forms.map(([form, ta, tb]) => ({
      kernel: `${form} ${m}×${k}×${n}`,
      operations: 2 * m * k * n,
      run: () =>
        kernels.gemm(m, n, k, a, 0, ta ? m : k, b, 0, tb ? k : n, c, 0, n, {
          transposeA: ta,
          transposeB: tb,
        }),
    }));
  });
}

const same3x3 = {
  kernelHeight: 3,
  kernelWidth: 3,
  strideY: 1,
  strideX: 1,
  dilationY: 1,
  dilationX: 1,
} as const;
const halo = { padTop: 1, padBottom: 1, padLeft: 1, padRight: 1, groups: 1 } as const;

function convolutionsOf(kernels: Kernels, floats: Floats): Candidate[] {
  const sizes = [
    [28, 8, 16],
    [14, 32, 64],
  ];
  return sizes.flatMap(([side, from, to]) => {
    const batch = 32;
    const window: Window2d = {
      inputHeight: side,
      inputWidth: side,
      inputChannels: from,
      outputHeight: side,
      outputWidth: side,
      outputChannels: to,
      ...same3x3,
      ...halo,
    };
    const pixels = batch * side * side;
    const [x, y, kernel, bias] = [
      floats(pixels * from),
      floats(pixels * to),
      floats(9 * from * to),
      floats(to),
    ];
    const name = `3×3 [${batch}, ${side}, ${side}, ${from}] → ${to}`;
    const operations = 2 * pixels * 9 * from * to;
    return [
      {
        kernel: `convolution ${name}`,
        operations,
        run: () => kernels.convolve(window, batch, x, kernel, bias, y),
      },
      {
        kernel: `to the input ${name}`,
        operations,
        run: () => kernels.convolveBackwardInput(window, batch, y, kernel, x, true),
      },
      {
        kernel: `to the kernel ${name}`,
        operations,
        run: () => kernels.convolveBackwardKernel(window, batch, x, y, kernel),
      },
    ];
  });
}

/** Recurrent cells. Exponentials and memory limit them, not multiply-adds, so only their time is compared. */
function cellsOf(kernels: Kernels, floats: Floats): Candidate[] {
  const [rows, units] = [32, 128];
  const state = () => floats(2 * rows * units);
  const gates = () => floats(4 * rows * units);
  const [g, dg, recurrent, dRecurrent] = [gates(), gates(), gates(), gates()];
  const [c, h, dh, active, dc] = [state(), state(), state(), state(), state()];
  const cells: { readonly [kernel: string]: () => void } = {
    'LSTM cell': () => kernels.lstmCell(rows, units, 0, 0, g, active, c, h, undefined),
    'LSTM cell backward': () =>
      kernels.lstmCellBackward(rows, units, 0, 0, 0, g, active, c, undefined, dh, dc, dg),
    'GRU cell': () => kernels.gruCell(rows, units, 0, 0, g, recurrent, active, h),
    'GRU cell backward': () =>
      kernels.gruCellBackward(rows, units, 0, 0, 0, false, g, active, h, dh, dg, dRecurrent),
  };
  return Object.entries(cells).map(([kernel, run]) => ({
    kernel: `${kernel}, ${rows} rows of ${units}`,
    operations: 0,
    run,
  }));
}

/** Operations per millisecond of a chain of multiply-adds in registers, which hosts cannot join into wider vectors. */
function peakMeter(): () => number {
  const module = readBuild('dist/kernels', 'relaxed') ?? readBuild('dist/kernels', 'plain');
  if (!module) throw new Error('bench: this host runs no SIMD; there is no peak to compare with');
  const memory = new WasmMemory();
  const wasm = instantiate(module, memory.memory);
  memory.begin(wasm.heapBase());
  const { base } = memory.allocate(64);
  const turns = 20_000;
  const operationsOfATurn = 96;
  return () => (turns * operationsOfATurn) / turn(() => wasm.peak(turns, base), 5);
}

export async function measureKernels(wide: boolean): Promise<KernelTurn> {
  const { kernels, allocate } = await openBackend(1, wide);
  const floats: Floats = (length) => {
    const { buffer, base } = allocate(4 * length);
    // The type of the buffer, shared or not, does not matter here.
    const view = new Float32Array(buffer as ArrayBuffer, base, length);
    for (let i = 0; i < length; i++) view[i] = Math.sin(i) / 16;
    return view;
  };
  const candidates = [
    ...productsOf(kernels, floats),
    ...convolutionsOf(kernels, floats),
    ...cellsOf(kernels, floats),
  ];
  const peak = peakMeter();
  peak();
  for (const { run } of candidates) turn(run, 20);
  return candidates.map(({ kernel, operations, run }) => {
    const before = peak();
    return { kernel, operations, peak: before, milliseconds: turn(run, 20) };
  });
}

export function summarizeKernels(
  turns: readonly { readonly wide: KernelTurn; readonly relaxed: KernelTurn }[],
): KernelRates {
  return {
    peakGigaflops: median(turns.flatMap(({ relaxed }) => relaxed.map(({ peak }) => peak))) / 1e6,
    rates: turns[0].wide.map(({ kernel, operations }, index) => {
      const times = turns.map(({ wide }) => wide[index].milliseconds);
      return {
        kernel,
        milliseconds: median(times),
        gigaflops: operations / median(times) / 1e6,
        ofPeak: median(turns.map(({ wide }) => operations / wide[index].milliseconds / wide[index].peak)),
        relaxed: median(
          turns.map(({ wide, relaxed }) => relaxed[index].milliseconds / wide[index].milliseconds),
        ),
      };
    }),
  };
}
