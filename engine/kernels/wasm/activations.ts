/** Activations: those of assembly/elementwise.ts, whose output tells their derivative, and those of assembly/activations.ts. */
import type { ActivationKernel, FusibleActivation, Kernels } from '../kernels.ts';
import type { Crew } from './crew.ts';
import type { ParametricActivation } from './exports.ts';
import { address, line, parts, share } from './shares.ts';

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
  return Object.fromEntries(names.map((name) => [name, parametric(crew, name)]));
}

export const outputActivations = (crew: Crew): Kernels['activations'] => ({
  relu: byOutput(crew, 'relu'),
  sigmoid: byOutput(crew, 'sigmoid'),
  tanh: byOutput(crew, 'tanh'),
});

function parametric(crew: Crew, name: ParametricActivation): ActivationKernel {
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

function byOutput(crew: Crew, name: FusibleActivation): ActivationKernel {
  const forward = `${name}Forward` as const;
  const backward = `${name}Backward` as const;
  const backwardInPlace = `${name}BackwardInPlace` as const;
  return {
    forward(count, x, y) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part)[forward](Math.min(each, count - i), address(x, i), address(y, i));
      }
      crew.finish();
    },
    backward(count, _x, y, dy, dx) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part)[backward](Math.min(each, count - i), address(y, i), address(dy, i), address(dx, i));
      }
      crew.finish();
    },
    backwardInPlace(count, y, dy) {
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part)[backwardInPlace](Math.min(each, count - i), address(y, i), address(dy, i));
      }
      crew.finish();
    },
  };
}
