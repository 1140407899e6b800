/**
 * A crew of threads over one shared memory. The leader deals out calls of the module's exports, takes part 0
 * itself, and waits for the rest. Between calls helpers spin for a while, then sleep; the leader only spins,
 * because within a step a part is never far from done.
 */
import type { WasmExports } from './exports.ts';

/** The calls that can be dealt out; their order is the wire format. */
export const tasks = [
  'gemm', 'convolve', 'convolveBackwardKernel', 'maxPool', 'maxPoolBackward', 'addBias', 'addColumnSums', 'addScaled',
  'reluForward', 'reluBackward', 'sigmoidForward', 'sigmoidBackward', 'tanhForward', 'tanhBackward',
  'lstmCell', 'lstmCellBackward', 'gruCell', 'gruCellBackward', 'sgdPlain', 'sgdMomentum', 'adam',
] as const satisfies readonly (keyof WasmExports)[];

export type Task = (typeof tasks)[number];

export interface Crew {
  /** Threads, the leader included. */
  readonly size: number;
  /** Runs one part of a kernel call: part 0 here and now, after the others have been dealt out. */
  call<T extends Task>(task: T, part: number, ...operands: Parameters<WasmExports[T]>): void;
  /** Returns when every part is done. */
  finish(): void;
}

/** The crew of one: calls run where they are made. */
export function soloCrew(wasm: WasmExports): Crew {
  const run = wasm as unknown as { readonly [task: string]: (...operands: number[]) => void };
  return {
    size: 1,
    call(task, _part, ...operands) {
      run[task](...operands);
    },
    finish() {},
  };
}
