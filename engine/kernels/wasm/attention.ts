/** Attention on the compiled module: the heads of all samples are shared out among threads. */
import type { AttentionKernels, AttentionShape } from '../attention.ts';
import type { WasmMemory } from './memory.ts';
import { address, addressOf, deal, gemmBytes, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/** Scratch of one thread: that of a product, and the gradients of a head's scores. */
export const attentionBytes = (steps: number): number => gemmBytes + 4 * steps * steps;

/** The approximate cost of one weight in plain passes: its products, and an exponential. */
const weightPasses = ({ keySize }: AttentionShape): number => 4 + keySize / 4;

export function attentionKernels(pool: ThreadPool, memory: WasmMemory): AttentionKernels {
  const shareOf = (shape: AttentionShape) => {
    const maps = shape.batch * shape.heads;
    return share(pool, maps, weightPasses(shape) * maps * shape.steps * shape.steps);
  };
  return {
    attend(shape, lengths, query, key, value, weights, context) {
      const { batch, heads, steps, keySize, causal, scale } = shape;
      const bytes = attentionBytes(steps);
      const scratch = memory.scratch(bytes * pool.size);
      deal(pool, batch * heads, shareOf(shape), (wasm, from, to, part) =>
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
          scratch + part * bytes,
        ),
      );
    },

    attendBackward(shape, query, key, value, weights, gradContext, gradQuery, gradKey, gradValue) {
      const { batch, heads, steps, keySize, scale } = shape;
      const bytes = attentionBytes(steps);
      const scratch = memory.scratch(bytes * pool.size);
      deal(pool, batch * heads, shareOf(shape), (wasm, from, to, part) =>
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
          scratch + part * bytes + gemmBytes,
          scratch + part * bytes,
        ),
      );
    },
  };
}
