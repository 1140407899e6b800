/** How long the fuzzers run: seconds in `npm test`, as long as one likes by `npm run fuzz`. One seed, so that runs repeat. */
export const seed = Number(process.env.NETLOOM_FUZZ_SEED ?? 20261128);

/** Numbers of cases, `usual` of them in `npm test`. */
export const runs = (usual: number): number => usual * Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1);

/** Milliseconds that a fuzzer may take before its test counts as hung. */
export const patience = 60_000 * Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1);
