/** How long the fuzzers run: seconds in `npm test`, any time with `npm run fuzz`. The seed is fixed, so that runs can be repeated. */
export const seed = Number(process.env.NETLOOM_FUZZ_SEED ?? 20261128);

/** The number of cases: `usual` in `npm test`. */
export const runs = (usual: number): number => usual * Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1);

/** Whether `npm run fuzz` runs the tests, which then repeat no less than everything. */
export const isThorough = Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1) > 1;

/** Milliseconds that a fuzzer may take before its test counts as hung. */
export const patience = 60_000 * Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1);
