/** Passes over flat ranges and over rows: products, losses, the less common optimizers. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels } from '../kernels.ts';
import type { Crew } from './crew.ts';
import type { WasmMemory } from './memory.ts';
import { address, line, parts, share } from './shares.ts';

type Passes = Pick<Kernels, 'scale' | 'multiply' | 'softmaxCrossEntropy' | 'rmspropStep' | 'adagradStep'>;

/** Rows whose losses are kept at once, so that they take memory of fixed size. */
const rowsAtOnce = 8192;
export const lossesBytes = 8 * rowsAtOnce;

export function passKernels(crew: Crew, memory: WasmMemory): Passes {
  const wasm = crew.on(0);
  return {
    scale(count, factor, x) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).scale(Math.min(each, count - i), factor, address(x, i));
      }
      crew.finish();
    },

    multiply(count, accumulate, a, b, y) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).multiply(Math.min(each, count - i), Number(accumulate), address(a, i), address(b, i), address(y, i));
      }
      crew.finish();
    },

    softmaxCrossEntropy(rows, columns, ignored, factor, x, target, p, dx) {
      // Each row's loss is kept and summed up in order at the end.
      const losses = memory.scratch(lossesBytes);
      let sum = 0;
      for (let begin = 0; begin < rows; begin += rowsAtOnce) {
        const count = Math.min(rowsAtOnce, rows - begin);
        const each = share(crew, count, 5 * count * columns);
        for (let part = parts(count, each); part-- > 0; ) {
          const first = part * each;
          const r = begin + first;
          crew.on(part).softmaxCrossEntropy(Math.min(each, count - first), columns, ignored, factor, address(x, r * columns),
            address(target, r), address(p, r * columns), dx ? address(dx, r * columns) : 0, losses + 8 * first);
        }
        crew.finish();
        sum += wasm.sumDoubles(count, losses);
      }
      return sum;
    },

    rmspropStep(count, learningRate, rho, momentum, epsilon, w, g, square, mean, velocity) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).rmsprop(Math.min(each, count - i), learningRate, rho, 1 - rho, momentum, epsilon,
          address(w, i), address(g, i), address(square, i), mean ? address(mean, i) : 0, velocity ? address(velocity, i) : 0);
      }
      crew.finish();
    },

    adagradStep(count, learningRate, initialSum, epsilon, w, g, sum) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).adagrad(Math.min(each, count - i), learningRate, initialSum, epsilon, address(w, i), address(g, i), address(sum, i));
      }
      crew.finish();
    },
  };
}
