/** Passes over flat ranges and over rows: products, losses, the less common optimizers. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels } from '../kernels.ts';
import type { WasmMemory } from './memory.ts';
import { address, deal, line, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

type Passes = Pick<
  Kernels,
  | 'scale' | 'multiply' | 'leak' | 'leakBackward' | 'leakSlopes' | 'softmaxCrossEntropy'
  | 'rmspropStep' | 'adagradStep' | 'adadeltaStep' | 'nadamStep' | 'adamaxStep' | 'lionStep'
>;

/** The most rows whose losses are kept at once, so that they take a fixed amount of memory. */
const rowsAtOnce = 8192;
export const lossesBytes = 8 * rowsAtOnce;

export function passKernels(pool: ThreadPool, memory: WasmMemory): Passes {
  const leader = pool.on(0);
  return {
    scale(count, factor, x) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.scale(to - from, factor, address(x, from)));
    },

    multiply(count, accumulate, a, b, y) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.multiply(to - from, Number(accumulate), address(a, from), address(b, from), address(y, from)));
    },

    leak(rows, columns, slope, x, y) {
      deal(pool, rows, share(pool, rows, rows * columns), (wasm, from, to) =>
        wasm.leak(to - from, columns, address(slope), address(x, from * columns), address(y, from * columns)));
    },

    leakBackward(rows, columns, slope, x, dy, dx) {
      deal(pool, rows, share(pool, rows, rows * columns), (wasm, from, to) =>
        wasm.leakBackward(to - from, columns, address(slope),
          address(x, from * columns), address(dy, from * columns), address(dx, from * columns)));
    },

    // Threads would add in another order.
    leakSlopes: (rows, columns, x, dy, dSlope) =>
      leader.leakSlopes(rows, columns, address(x), address(dy), address(dSlope)),

    softmaxCrossEntropy(rows, columns, ignored, factor, x, target, p, dx) {
      // The loss of each row is kept, and all are summed in order at the end.
      const losses = memory.scratch(lossesBytes);
      let sum = 0;
      for (let begin = 0; begin < rows; begin += rowsAtOnce) {
        const count = Math.min(rowsAtOnce, rows - begin);
        deal(pool, count, share(pool, count, 5 * count * columns), (wasm, from, to) => {
          const r = begin + from;
          wasm.softmaxCrossEntropy(to - from, columns, ignored, factor, address(x, r * columns),
            address(target, r), address(p, r * columns), dx ? address(dx, r * columns) : 0, losses + 8 * from);
        });
        sum += leader.sumDoubles(count, losses);
      }
      return sum;
    },

    rmspropStep(count, learningRate, rho, momentum, epsilon, w, g, square, mean, velocity) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.rmsprop(to - from, learningRate, rho, 1 - rho, momentum, epsilon,
          address(w, from), address(g, from), address(square, from), mean ? address(mean, from) : 0, velocity ? address(velocity, from) : 0));
    },

    adadeltaStep(count, learningRate, rho, epsilon, w, g, square, stepSquare) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.adadelta(to - from, learningRate, rho, 1 - rho, epsilon, address(w, from), address(g, from), address(square, from), address(stepSquare, from)));
    },

    nadamStep(count, ofGradient, ofMomentum, { beta1, beta2, epsilon }, correction2, w, g, m, v) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.nadam(to - from, ofGradient, ofMomentum, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, correction2,
          address(w, from), address(g, from), address(m, from), address(v, from)));
    },

    adamaxStep(count, rate, { beta1, beta2, epsilon }, w, g, m, largest) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.adamax(to - from, rate, beta1, beta2, 1 - beta1, epsilon, address(w, from), address(g, from), address(m, from), address(largest, from)));
    },

    lionStep(count, learningRate, beta1, beta2, weightDecay, w, g, m) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.lion(to - from, learningRate, beta1, beta2, 1 - beta1, 1 - beta2, weightDecay, address(w, from), address(g, from), address(m, from)));
    },

    adagradStep(count, learningRate, initialSum, epsilon, w, g, sum) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm.adagrad(to - from, learningRate, initialSum, epsilon, address(w, from), address(g, from), address(sum, from)));
    },
  };
}
