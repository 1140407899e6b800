/**
 * Reference cases in the oracle's format: a configuration, inputs, parameters, outputs and the gradients of
 * Σ output · output gradient, made by PyTorch in float64. A runner computes one case with the engine and returns what to compare;
 * it does not judge.
 */
import type { Backend } from '../kernels/backend.ts';
import type { Json } from '../schema/attributes.ts';

export interface OracleTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Flat, row-major. NaN is written as "NaN". */
  readonly data: readonly (number | string)[];
}

export const numbersOf = ({ data }: OracleTensor): Float64Array => Float64Array.from(data, Number);

/** Throws if the case has no tensor with this name. */
export function named(tensors: readonly OracleTensor[], name: string): OracleTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found) return found;
  throw new Error(
    `the case has no tensor "${name}"; it has ${tensors.map((tensor) => tensor.name).join(', ')}`,
  );
}

export const byName = (tensors: readonly OracleTensor[]): ReadonlyMap<string, OracleTensor> =>
  new Map(tensors.map((tensor) => [tensor.name, tensor]));

/** A tensor of which only the shape matters. */
export const shaped = (...shape: number[]): OracleTensor => ({ name: 'x', shape, data: [] });

export interface OracleCase {
  readonly id: string;
  readonly op: string;
  readonly config: { readonly [name: string]: Json };
  readonly inputs: readonly OracleTensor[];
  readonly params: readonly OracleTensor[];
  readonly outputs: readonly OracleTensor[];
  readonly output_grads: readonly OracleTensor[];
  readonly input_grads: readonly OracleTensor[];
  readonly param_grads: readonly OracleTensor[];
}

export type Precision = 'float64' | 'float32';

export interface Comparison {
  /** What was computed, e.g. "gradient of kernel". */
  readonly name: string;
  readonly found: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
}

/** No layer covers the case. The text names what is missing. */
export interface Unsupported {
  readonly unsupported: string;
}

/** Computes a case with the engine. Without a backend, it runs on the reference kernels. */
export type CaseRunner = (
  oracleCase: OracleCase,
  precision: Precision,
  backend?: Backend,
) => readonly Comparison[] | Unsupported;

export interface Agreement {
  readonly agrees: boolean;
  /** Largest absolute difference. */
  readonly error: number;
  /** The place where the difference exceeds the tolerance most, and the two numbers; empty if all are equal. */
  readonly detail: string;
}

/** The tolerance of a number whose expected value is b, in a tensor whose largest element is `largest`. */
const tolerances = {
  float64: (b: number) => 1e-8 + 1e-7 * Math.abs(b),
  float32: (_b: number, largest: number) => 1e-4 * largest + 1e-6,
  /** The reference itself was computed in float32, by Keras. */
  keras: (b: number) => Math.max(2e-3 * Math.abs(b), 2e-5),
  /** The same over steps of training, during which differences grow. */
  trace: (_b: number, largest: number) => Math.max(3e-3 * largest, 2e-5),
  /** As in the tests of the ONNX project. */
  onnx: (b: number) => 1e-3 * Math.abs(b) + 1e-5,
} satisfies { readonly [name: string]: (b: number, largest: number) => number };

export type Tolerance = keyof typeof tolerances;

/** Compares each number with the expected one, at the tolerance that the source of the numbers allows. */
export function compare({ name, found, expected }: Comparison, allowed: Tolerance): Agreement {
  if (found.length !== expected.length)
    return {
      agrees: false,
      error: Number.POSITIVE_INFINITY,
      detail: `${name}: ${found.length} values instead of ${expected.length}`,
    };
  const numbers = Array.from(expected);
  const largest = numbers.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let agrees = true;
  let error = 0;
  let worst = 0;
  let detail = '';
  numbers.forEach((b, index) => {
    const a = found[index];
    if (Object.is(a, b)) return;
    const difference = Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b);
    const tolerance = tolerances[allowed](b, largest);
    // Written so that a tolerance that is NaN, because b is, allows nothing.
    if (!(difference <= tolerance)) agrees = false;
    error = Math.max(error, difference);
    const share = Number.isNaN(tolerance) ? Number.POSITIVE_INFINITY : difference / tolerance;
    if (share <= worst) return;
    worst = share;
    detail = `${name}[${index}] is ${a} instead of ${b}`;
  });
  return { agrees, error, detail };
}
