/** The activations of assembly/activations.ts. */
import type { ActivationKernel, Kernels } from '../kernels.ts';
import type { Crew } from './crew.ts';
import type { ParametricActivation } from './exports.ts';
import { address, parts, share } from './shares.ts';

/** A cache line of floats. */
const line = 16;
/** They cost several times a plain pass. */
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
] as const satisfies readonly ParametricActivation[];

export function parametricActivations(crew: Crew): Kernels['activations'] {
  return Object.fromEntries(names.map((name) => [name, activation(crew, name)]));
}

function activation(crew: Crew, name: ParametricActivation): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  return {
    forward(count, x, y, parameter = 0) {
      const each = share(crew, count, passes * count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part)[forward](Math.min(each, count - i), parameter, address(x, i), address(y, i));
      }
      crew.finish();
    },

    backward(count, x, y, dy, dx, parameter = 0) {
      const each = share(crew, count, passes * count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        const n = Math.min(each, count - i);
        crew.on(part)[backward](n, parameter, address(x, i), address(y, i), address(dy, i), address(dx, i));
      }
      crew.finish();
    },
  };
}
