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

/** Variables of a process. */
export type Environment = { readonly [name: string]: string };

export interface Torch extends TorchFacts {
  readonly python: string;
  /** With these variables, the BLAS uses the fastest of its kernels. */
  readonly environment: Environment;
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

/** The version, the BLAS, its kernels and its rate, for the report. */
export function describeTorch(facts: TorchFacts & { readonly environment?: Environment }): string {
  const rate = facts.gigaflops.toPrecision(2);
  const kernels = facts.environment?.OPENBLAS_CORETYPE;
  const blas = `${blasOf(facts)}${kernels ? `, kernels for ${kernels}` : ''}`;
  return `${facts.version} with ${blas} (${Number(rate)} GFLOP/s in a product on one thread)`;
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

/** OpenBLAS does not know processors that are newer than it, and then uses kernels that are slow on them. */
const environments: readonly Environment[] = [
  {},
  { OPENBLAS_CORETYPE: 'SkylakeX' },
  { OPENBLAS_CORETYPE: 'Haswell' },
];

/** The environment in which products are fastest. The first one is kept unless another is faster by a tenth. */
export function fastest<T extends TorchFacts>(found: readonly T[]): T | undefined {
  const [usual, ...others] = found;
  const best = others.reduce((best, one) => (one.gigaflops > best.gigaflops ? one : best), others[0]);
  return best && best.gigaflops > 1.1 * usual.gigaflops ? best : usual;
}

/** The first of these that can import PyTorch, with its facts. */
export function findTorch(pythons: readonly string[]): Torch | undefined {
  for (const python of pythons) {
    // What a person has chosen is kept.
    const chosen = process.env.OPENBLAS_CORETYPE ? environments.slice(0, 1) : environments;
    const found = fastest(chosen.flatMap((environment) => tried(python, environment)));
    if (found) return found;
  }
  return undefined;
}

function tried(python: string, environment: Environment): readonly Torch[] {
  try {
    const output = execFileSync(python, ['test/bench/peers/torch_about.py'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    return [{ python, environment, ...(JSON.parse(output) as TorchFacts) }];
  } catch {
    // There is no such program, it has no PyTorch, or the processor lacks instructions of these kernels.
    return [];
  }
}
