/** Activations: those of assembly/elementwise.ts, whose output determines their derivative, and those of assembly/activations.ts. */
import type { ActivationKernel, FusibleActivation, Kernels } from '../kernels.ts';
import { address, deal, line, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/** The approximate cost of an activation of assembly/activations.ts, in plain passes over as many elements. */
const passes = 3;

/** Each is exported as `<name>Forward` and `<name>Backward`, which take two parameters. */
const names = [
  'leakyRelu',
  'elu',
  'selu',
  'celu',
  'relu6',
  'silu',
  'hardSwish',
  'softplus',
  'softsign',
  'mish',
  'gelu',
  'geluTanh',
  'hardSigmoid',
  'hardTanh',
  'logSigmoid',
  'softShrink',
  'tanhShrink',
  'thresholdedRelu',
] as const;

export function parametricActivations(pool: ThreadPool): Kernels['activations'] {
  return Object.fromEntries(names.map((name) => [name, parametric(pool, name)]));
}

export const outputActivations = (pool: ThreadPool): Kernels['activations'] => ({
  relu: byOutput(pool, 'relu'),
  sigmoid: byOutput(pool, 'sigmoid'),
  tanh: byOutput(pool, 'tanh'),
});

function parametric(pool: ThreadPool, name: (typeof names)[number]): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  return {
    forward(count, x, y, parameter = 0, second = 0) {
      deal(pool, count, share(pool, count, passes * count, line), (wasm, from, to) =>
        wasm[forward](to - from, parameter, second, address(x, from), address(y, from)),
      );
    },

    backward(count, x, y, dy, dx, parameter = 0, second = 0) {
      deal(pool, count, share(pool, count, passes * count, line), (wasm, from, to) => {
        const n = to - from;
        wasm[backward](
          n,
          parameter,
          second,
          address(x, from),
          address(y, from),
          address(dy, from),
          address(dx, from),
        );
      });
    },
  };
}

function byOutput(pool: ThreadPool, name: FusibleActivation): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  const backwardFromOutput = `${name}BackwardFromOutput` as const;
  return {
    forward(count, x, y) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm[forward](to - from, address(x, from), address(y, from)),
      );
    },
    backward(count, _x, y, dy, dx) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm[backward](to - from, address(y, from), address(dy, from), address(dx, from)),
      );
    },
    backwardFromOutput(count, y, dy, dx) {
      deal(pool, count, share(pool, count, count, line), (wasm, from, to) =>
        wasm[backwardFromOutput](to - from, address(y, from), address(dy, from), address(dx, from)),
      );
    },
  };
}
