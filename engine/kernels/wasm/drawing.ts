/** Random numbers on the compiled module: the same as the stream of kernels/random.ts gives. */
import type { Kernels } from '../kernels.ts';
import type { Random } from '../random.ts';
import type { WasmExports } from './exports.ts';
import type { WasmMemory } from './memory.ts';
import { address } from './shares.ts';

export function drawingKernels(
  leader: WasmExports,
  memory: WasmMemory,
): Pick<Kernels, 'drawUniform' | 'drawMask'> {
  const at = memory.sumsAt;
  const state = new Int32Array(memory.memory.buffer, at, 4);
  const draw = (random: Random, run: () => void) => {
    random.save(state);
    run();
    random.restore(state);
  };
  return {
    drawUniform: (random, count, low, high, y) =>
      draw(random, () => leader.drawUniform(count, low, high - low, at, address(y))),
    drawMask: (random, count, rate, mask) =>
      draw(random, () => leader.drawMask(count, rate, 1 / (1 - rate), at, address(mask))),
  };
}
