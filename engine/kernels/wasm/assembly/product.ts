/** The matrix product as the backend calls it: the activation is applied while the output is in the cache. */
import { activate } from './elementwise';
import { gemm } from './gemm';

/** Like `gemm`; then the activation on C [m, n]. */
export function product(
  transposeA: bool, transposeB: bool, packed: bool, m: usize, n: usize, k: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize,
  accumulate: bool, bias: usize, activation: i32, scratch: usize,
): void {
  gemm(transposeA, transposeB, packed, m, n, k, a, aStep, b, bStep, c, cStep, accumulate, bias, scratch);
  if (activation == 0) return;
  if (cStep == 4 * n) activate(activation, m * n, c);
  else for (let i: usize = 0; i < m; i++) activate(activation, n, c + i * cStep);
}
