/** Runs mocha's suites and says what did not run. */

/** Resolves to the number of failures. Mocha itself counts no tests that a failed hook has kept from running. */
export const runMocha = (mocha) =>
  new Promise((resolve) => {
    const runner = mocha.run((failures) => {
      const left = runner.total - runner.stats.tests;
      if (left > 0) console.log(`  ${left} not run`);
      resolve(failures);
    });
  });

/** Passed, failed and skipped tests in what mocha's spec reporter and `runMocha` print. */
export function countsIn(output) {
  const count = (words) => Number(new RegExp(`^\\s*(\\d+) ${words}`, 'm').exec(output)?.[1] ?? 0);
  return {
    passed: count('passing'),
    failed: count('failing'),
    skipped: count('pending') + count('not run'),
  };
}
