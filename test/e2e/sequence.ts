/** Suites whose tests continue one another, as a person's work does. */
import type { Suite } from 'mocha';

/**
 * After a test that failed, skips the others of the suite, which are then counted as skipped. Mocha's `bail` would not count them, and
 * would also leave out every later suite with `bail`.
 */
export function inSequence(suite: Suite): void {
  suite.beforeEach('are skipped after a failure', function () {
    if (suite.tests.some(({ state }) => state === 'failed')) this.skip();
  });
}
