/** Single kernels against the fastest these instructions can go here: 128-bit multiply-adds, nothing else. */
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
  /** Share of the peak measured right before, each round. */
  readonly ofPeak: number;
}

export interface KernelRates {
  readonly peakGigaflops: number;
  readonly rates: readonly KernelRate[];
}

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

/** Bound by exponentials and memory, not by multiply-adds: for them the time counts. */
function cellsOf(kernels: Kernels, floats: Floats): Candidate[] {
  const [rows, units] = [32, 128];
  const state = () => floats(2 * rows * units);
  const gates = () => floats(4 * rows * units);
  const [g, dg, recurrent, dRecurrent] = [gates(), gates(), gates(), gates()];
  const [c, h, dh, active, dc] = [state(), state(), state(), state(), state()];
  const cells: { readonly [kernel: string]: () => void } = {
    'LSTM cell': () => kernels.lstmCell(rows, units, 0, 0, g, active, c, h, undefined),
    'LSTM cell backward': () =>
      kernels.lstmCellBackward(rows, units, 0, 0, g, active, c, undefined, dh, dc, dg),
    'GRU cell': () => kernels.gruCell(rows, units, 0, 0, g, recurrent, active, h),
    'GRU cell backward': () =>
      kernels.gruCellBackward(rows, units, 0, 0, false, g, active, h, dh, dg, dRecurrent),
  };
  return Object.entries(cells).map(([kernel, run]) => ({
    kernel: `${kernel}, ${rows} rows of ${units}`,
    operations: 0,
    run,
  }));
}

/** Operations a millisecond of a chain of multiply-adds that stays in registers. */
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

export async function measureKernels(rounds: number): Promise<KernelRates> {
  const { kernels, allocate } = await openBackend(1);
  const floats: Floats = (length) => {
    const { buffer, base } = allocate(4 * length);
    // Shared or not, a view is a view.
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
  const measured = candidates.map(() => ({ times: [] as number[], shares: [] as number[] }));
  const peaks: number[] = [];
  for (const { run } of candidates) turn(run, 20);
  for (let round = 0; round < rounds; round++)
    candidates.forEach(({ run, operations }, index) => {
      const fastest = peak();
      const time = turn(run, 20);
      peaks.push(fastest);
      measured[index].times.push(time);
      measured[index].shares.push(operations / time / fastest);
    });
  return {
    peakGigaflops: median(peaks) / 1e6,
    rates: candidates.map(({ kernel, operations }, index) => {
      const milliseconds = median(measured[index].times);
      return {
        kernel,
        milliseconds,
        gigaflops: operations / milliseconds / 1e6,
        ofPeak: median(measured[index].shares),
      };
    }),
  };
}
