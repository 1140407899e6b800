/** Attention on the compiled module: the heads of all samples are shared out among threads. */
import type { AttentionKernels, AttentionShape } from '../attention.ts';
import type { WasmExports } from './exports.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { address, addressOf, deal, gemmBytes, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/** Scratch of one thread: that of a product, and the gradients of a head's scores. */
export const attentionBytes = (steps: number): number => gemmBytes + 4 * steps * steps;

/** The approximate cost of one weight in plain passes: its products, and an exponential. */
const weightPasses = ({ keySize }: AttentionShape): number => 4 + keySize / 4;

export function attentionKernels(pool: ThreadPool, memory: WasmMemory): AttentionKernels {
  /** Calls `run` with parts of the maps, on all threads. `scratch`: the address of a thread's `attentionBytes`. */
  const dealMaps = (
    shape: AttentionShape,
    run: (wasm: WasmExports, from: number, to: number, scratch: number) => void,
  ): void => {
    const { batch, heads, steps } = shape;
    const maps = batch * heads;
    const bytes = attentionBytes(steps);
    const scratch = memory.scratch(bytesOfThreads(bytes, pool.size));
    deal(pool, maps, share(pool, maps, weightPasses(shape) * maps * steps * steps), (wasm, from, to, part) =>
      run(wasm, from, to, ofThread(scratch, bytes, part)),
    );
  };
  return {
    attend(shape, lengths, query, key, value, weights, context) {
      const { heads, steps, keySize, causal, scale } = shape;
      dealMaps(shape, (wasm, from, to, scratch) =>
        wasm.attend(
          from,
          to,
          heads,
          steps,
          keySize,
          Number(causal),
          scale,
          addressOf(lengths),
          address(query),
          address(key),
          address(value),
          address(weights),
          address(context),
          scratch,
        ),
      );
    },

    attendBackward(shape, query, key, value, weights, gradContext, gradQuery, gradKey, gradValue) {
      const { heads, steps, keySize, scale } = shape;
      dealMaps(shape, (wasm, from, to, scratch) =>
        wasm.attendBackward(
          from,
          to,
          heads,
          steps,
          keySize,
          scale,
          address(query),
          address(key),
          address(value),
          address(weights),
          address(gradContext),
          address(gradQuery),
          address(gradKey),
          address(gradValue),
          scratch + gemmBytes,
          scratch,
        ),
      );
    },
  };
}
