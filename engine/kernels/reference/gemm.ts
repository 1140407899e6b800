/** Matrix product in register blocks of 4×4. Sums are in double precision, whatever the arrays contain. */
// biome-ignore-all format: a call lists one operand a line.
import type { GemmOptions, ProductOptions } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

/**
 * C[i, j] += Σ_s Σ_p A[i, p, s] · B[p, j, s], the one product of which every kernel here consists. Element (i, p, s) of A is at `a
 * + i·aRow + p·aStep + s·aSegment`, (p, j, s) of B at `b + j·bColumn + p·bStep + s·bSegment`, (i, j) of C at `c + i·cRow + j`; so
 * transposed and windowed operands need no copy. Rows of C may overlap (cRow < n): every element is added to in turn.
 */
export function addProduct(
  m: number, n: number, k: number, segments: number,
  A: FloatArray, a: number, aRow: number, aStep: number, aSegment: number,
  B: FloatArray, b: number, bColumn: number, bStep: number, bSegment: number,
  C: FloatArray, c: number, cRow: number,
): void {
  const blockRows = m - (m % 4);
  const blockColumns = n - (n % 4);
  for (let i = 0; i < blockRows; i += 4) {
    const ai = a + i * aRow;
    const ci = c + i * cRow;
    for (let j = 0; j < blockColumns; j += 4)
      addBlock(
        k, segments,
        A, ai, aRow, aStep, aSegment,
        B, b + j * bColumn, bColumn, bStep, bSegment,
        C, ci + j, cRow,
      );
    for (let j = blockColumns; j < n; j++)
      addColumn(
        k, segments,
        A, ai, aRow, aStep, aSegment,
        B, b + j * bColumn, bStep, bSegment,
        C, ci + j, cRow,
      );
  }
  for (let i = blockRows; i < m; i++) {
    const ai = a + i * aRow;
    const ci = c + i * cRow;
    // A row of four outputs is a column of four with the operands exchanged.
    for (let j = 0; j < blockColumns; j += 4)
      addColumn(
        k, segments,
        B, b + j * bColumn, bColumn, bStep, bSegment,
        A, ai, aStep, aSegment,
        C, ci + j, 1,
      );
    for (let j = blockColumns; j < n; j++)
      addElement(k, segments, A, ai, aStep, aSegment, B, b + j * bColumn, bStep, bSegment, C, ci + j);
  }
}

/** Four rows by four columns. */
function addBlock(
  k: number, segments: number,
  A: FloatArray, a: number, aRow: number, aStep: number, aSegment: number,
  B: FloatArray, b: number, bColumn: number, bStep: number, bSegment: number,
  C: FloatArray, c: number, cRow: number,
): void {
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
  let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  const aRow2 = 2 * aRow, aRow3 = 3 * aRow;
  const bColumn2 = 2 * bColumn, bColumn3 = 3 * bColumn;
  for (let s = 0; s < segments; s++) {
    let pa = a + s * aSegment;
    let pb = b + s * bSegment;
    for (let p = 0; p < k; p++) {
      const b0 = B[pb], b1 = B[pb + bColumn], b2 = B[pb + bColumn2], b3 = B[pb + bColumn3];
      const a0 = A[pa];
      s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
      const a1 = A[pa + aRow];
      s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
      const a2 = A[pa + aRow2];
      s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
      const a3 = A[pa + aRow3];
      s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
      pa += aStep;
      pb += bStep;
    }
  }
  let pc = c;
  C[pc] += s00; C[pc + 1] += s01; C[pc + 2] += s02; C[pc + 3] += s03;
  pc += cRow;
  C[pc] += s10; C[pc + 1] += s11; C[pc + 2] += s12; C[pc + 3] += s13;
  pc += cRow;
  C[pc] += s20; C[pc + 1] += s21; C[pc + 2] += s22; C[pc + 3] += s23;
  pc += cRow;
  C[pc] += s30; C[pc + 1] += s31; C[pc + 2] += s32; C[pc + 3] += s33;
}

/** Four rows by one column. */
function addColumn(
  k: number, segments: number,
  A: FloatArray, a: number, aRow: number, aStep: number, aSegment: number,
  B: FloatArray, b: number, bStep: number, bSegment: number,
  C: FloatArray, c: number, cRow: number,
): void {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  const aRow2 = 2 * aRow, aRow3 = 3 * aRow;
  for (let s = 0; s < segments; s++) {
    let pa = a + s * aSegment;
    let pb = b + s * bSegment;
    for (let p = 0; p < k; p++) {
      const factor = B[pb];
      s0 += A[pa] * factor;
      s1 += A[pa + aRow] * factor;
      s2 += A[pa + aRow2] * factor;
      s3 += A[pa + aRow3] * factor;
      pa += aStep;
      pb += bStep;
    }
  }
  C[c] += s0;
  C[c + cRow] += s1;
  C[c + 2 * cRow] += s2;
  C[c + 3 * cRow] += s3;
}

function addElement(
  k: number, segments: number,
  A: FloatArray, a: number, aStep: number, aSegment: number,
  B: FloatArray, b: number, bStep: number, bSegment: number,
  C: FloatArray, c: number,
): void {
  let sum = 0;
  for (let s = 0; s < segments; s++) {
    let pa = a + s * aSegment;
    let pb = b + s * bSegment;
    for (let p = 0; p < k; p++) {
      sum += A[pa] * B[pb];
      pa += aStep;
      pb += bStep;
    }
  }
  C[c] += sum;
}

export function gemm(
  m: number, n: number, k: number,
  a: FloatArray, aOffset: number, aStride: number,
  b: FloatArray, bOffset: number, bStride: number,
  c: FloatArray, cOffset: number, cStride: number,
  { transposeA, transposeB, accumulate, bias }: GemmOptions = {},
): void {
  if (!accumulate) beginRows(m, n, bias, c, cOffset, cStride);
  addProduct(
    m, n, k, 1,
    a, aOffset, transposeA ? 1 : aStride, transposeA ? aStride : 1, 0,
    b, bOffset, transposeB ? bStride : 1, transposeB ? 1 : bStride, 0,
    c, cOffset, cStride,
  );
}

/** Zeros, or the bias, in every row of C. */
function beginRows(
  rows: number, columns: number, bias: FloatArray | undefined, c: FloatArray, offset: number, stride: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = offset + row * stride;
    if (bias) for (let j = 0; j < columns; j++) c[start + j] = bias[j];
    else c.fill(0, start, start + columns);
  }
}

/** Here, a packed matrix is op(B) itself, [k, n], with rows padded to whole panels of 8. */
const packedStride = (n: number): number => 8 * Math.ceil(n / 8);

export function pack(
  k: number, n: number, b: FloatArray, bOffset: number, bStride: number, packed: FloatArray,
  { transposeB }: Pick<GemmOptions, 'transposeB'> = {},
): void {
  const stride = packedStride(n);
  const rowStep = transposeB ? 1 : bStride;
  const columnStep = transposeB ? bStride : 1;
  for (let p = 0; p < k; p++)
    for (let j = 0; j < n; j++) packed[p * stride + j] = b[bOffset + p * rowStep + j * columnStep];
}

export function gemmPacked(
  m: number, n: number, k: number,
  a: FloatArray, aOffset: number, aStride: number, packed: FloatArray,
  c: FloatArray, cOffset: number, cStride: number,
  options?: ProductOptions,
): void {
  const stride = packedStride(n);
  gemm(m, n, k, a, aOffset, aStride, packed, 0, stride, c, cOffset, cStride, options);
}
