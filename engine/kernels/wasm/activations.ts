/** Activations: those of assembly/elementwise.ts, whose output tells their derivative, and those of assembly/activations.ts. */
import type { ActivationKernel, FusibleActivation, Kernels } from '../kernels.ts';
import type { Crew } from './crew.ts';
import { address, deal, line, share } from './shares.ts';

/** Those of assembly/activations.ts: `<name>Forward` and `<name>Backward`, which take one parameter. They cost several times a plain pass. */
const passes = 3;

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
] as const;

export function parametricActivations(crew: Crew): Kernels['activations'] {
  return Object.fromEntries(names.map((name) => [name, parametric(crew, name)]));
}

export const outputActivations = (crew: Crew): Kernels['activations'] => ({
  relu: byOutput(crew, 'relu'),
  sigmoid: byOutput(crew, 'sigmoid'),
  tanh: byOutput(crew, 'tanh'),
});

function parametric(crew: Crew, name: (typeof names)[number]): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  return {
    forward(count, x, y, parameter = 0) {
      deal(crew, count, share(crew, count, passes * count, line), (wasm, from, to) =>
        wasm[forward](to - from, parameter, address(x, from), address(y, from)),
      );
    },

    backward(count, x, y, dy, dx, parameter = 0) {
      deal(crew, count, share(crew, count, passes * count, line), (wasm, from, to) => {
        const n = to - from;
        wasm[backward](
          n,
          parameter,
          address(x, from),
          address(y, from),
          address(dy, from),
          address(dx, from),
        );
      });
    },
  };
}

function byOutput(crew: Crew, name: FusibleActivation): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  const backwardInPlace = `${name}BackwardInPlace` as const;
  return {
    forward(count, x, y) {
      deal(crew, count, share(crew, count, count, line), (wasm, from, to) =>
        wasm[forward](to - from, address(x, from), address(y, from)),
      );
    },
    backward(count, _x, y, dy, dx) {
      deal(crew, count, share(crew, count, count, line), (wasm, from, to) =>
        wasm[backward](to - from, address(y, from), address(dy, from), address(dx, from)),
      );
    },
    backwardInPlace(count, y, dy) {
      deal(crew, count, share(crew, count, count, line), (wasm, from, to) =>
        wasm[backwardInPlace](to - from, address(y, from), address(dy, from)),
      );
    },
  };
}
