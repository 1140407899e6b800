/** Finds PyTorch and its BLAS, and decides whether a comparison with it is fair. */
import { execFileSync } from 'node:child_process';

/** The output of `peers/torch_about.py`. */
export interface TorchFacts {
  readonly version: string;
  /** The file whose `sgemm` PyTorch calls; null if that cannot be detected. */
  readonly library: string | null;
  /** BLAS_INFO of PyTorch's build, such as "mkl", "open" or "generic". */
  readonly builtWith: string | null;
  /** Rate of a 256×256×256 product on one thread. */
  readonly gigaflops: number;
}

export interface Torch extends TorchFacts {
  readonly python: string;
}

const libraries: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['OpenBLAS', /openblas|^open$/],
  ['MKL', /mkl/],
  ['BLIS', /blis|^flame$/],
  ['ATLAS', /atlas|\blib[st]?f77blas|lib[st]atlas/],
  ['Accelerate', /accelerate|veclib/],
  ['FlexiBLAS', /flexiblas/],
  ['reference BLAS', /\/lib(?:c|f77)?blas\.so/],
];

/** Every tuned library is several times as fast on one core of a processor of the last fifteen years. */
const leastGigaflops = 10;

/** The library's usual name; "unknown BLAS" if neither its file nor PyTorch's build shows it. */
export function blasOf({ library, builtWith }: TorchFacts): string {
  const nameOf = (text: string | null) =>
    libraries.find(([, pattern]) => pattern.test((text ?? '').toLowerCase()))?.[0];
  // A library that is linked in has the file of PyTorch itself.
  return nameOf(library) ?? nameOf(builtWith) ?? 'unknown BLAS';
}

/** The version, the BLAS and its rate, for the report. */
export function describeTorch(facts: TorchFacts): string {
  const rate = facts.gigaflops.toPrecision(2);
  return `${facts.version} with ${blasOf(facts)} (${Number(rate)} GFLOP/s in a product on one thread)`;
}

/** Why a comparison would favour Netloom; undefined if it is fair. */
export function unfairness(facts: TorchFacts): string | undefined {
  const remedy = 'Install a tuned one (Debian: apt-get install libopenblas0) and measure again';
  if (blasOf(facts) === 'reference BLAS')
    return `PyTorch computes with the reference BLAS (${facts.library}), which is not made for speed. ${remedy}`;
  if (facts.gigaflops < leastGigaflops)
    return `PyTorch's ${blasOf(facts)} reaches only ${facts.gigaflops.toPrecision(2)} GFLOP/s in a product, less than any tuned BLAS (${leastGigaflops}). ${remedy}`;
  return undefined;
}

/** The first of these that can import PyTorch, with its facts. */
export function findTorch(pythons: readonly string[]): Torch | undefined {
  for (const python of pythons)
    try {
      const output = execFileSync(python, ['test/bench/peers/torch_about.py'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      });
      return { python, ...(JSON.parse(output) as TorchFacts) };
    } catch {
      // This Python has no PyTorch, or there is no such program.
    }
  return undefined;
}
