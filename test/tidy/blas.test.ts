/** The benchmark compares with PyTorch only where PyTorch computes with a tuned BLAS. */
import { describe, expect, test } from 'vitest';
import { blasOf, describeTorch, fastest, type TorchFacts, unfairness } from '../bench/torch.ts';

const facts = (library: string | null, builtWith: string | null, gigaflops = 90): TorchFacts => ({
  version: '2.0.0',
  library,
  builtWith,
  gigaflops,
});

describe('the BLAS of PyTorch', () => {
  test.each([
    ['/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3', 'generic', 'OpenBLAS'],
    ['/usr/lib/x86_64-linux-gnu/libopenblasp-r0.3.21.so', 'generic', 'OpenBLAS'],
    ['/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0', 'generic', 'reference BLAS'],
    ['/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3', 'generic', 'ATLAS'],
    ['/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.4', 'generic', 'BLIS'],
    ['/opt/intel/mkl/lib/libmkl_rt.so', 'generic', 'MKL'],
    ['/site-packages/torch/lib/libtorch_cpu.so', 'mkl', 'MKL'],
    [null, 'open', 'OpenBLAS'],
    [null, 'accelerate', 'Accelerate'],
    [null, null, 'unknown BLAS'],
  ])('behind %s, built with %s, is %s', (library, builtWith, name) => {
    expect(blasOf(facts(library, builtWith))).toBe(name);
  });

  test('is named in the report with its rate', () => {
    expect(describeTorch(facts(null, 'mkl', 113.5))).toBe(
      '2.0.0 with MKL (110 GFLOP/s in a product on one thread)',
    );
  });

  test('computes with the kernels that are fastest on this processor, and the report names them', () => {
    const unknown = { ...facts('/usr/lib/libopenblas.so.0', null, 28), environment: {} };
    const newer = { ...unknown, gigaflops: 122, environment: { OPENBLAS_CORETYPE: 'SkylakeX' } };
    expect(fastest([unknown, newer])).toBe(newer);
    expect(describeTorch(newer)).toBe(
      '2.0.0 with OpenBLAS, kernels for SkylakeX (120 GFLOP/s in a product on one thread)',
    );
    const alike = { ...newer, gigaflops: 29 };
    expect(fastest([unknown, alike])).toBe(unknown);
    expect(fastest([])).toBeUndefined();
  });

  test('makes a comparison unfair when it is the reference, or as slow as that', () => {
    expect(unfairness(facts('/usr/lib/libopenblas.so.0', 'generic'))).toBeUndefined();
    expect(unfairness(facts('/usr/lib/blas/libblas.so.3', 'generic'))).toMatch(
      /reference BLAS.*libopenblas0/,
    );
    expect(unfairness(facts(null, 'generic', 2))).toMatch(/only 2\.0 GFLOP\/s/);
  });
});
