/** How many threads a run gets. */
import assert from 'node:assert/strict';
import { threadsFor } from '../../extension/training/threads.ts';

describe('Threads of a run', () => {
  it('leave a core to the editor, and are at most four, if they are automatic', () => {
    assert.deepEqual(
      [1, 2, 4, 8, 64].map((cores) => threadsFor(0, cores, 0)),
      [1, 1, 3, 4, 4],
    );
  });

  it('are at most as many as there are cores for all runs together, and at least one for each', () => {
    for (const cores of [1, 2, 4, 16])
      for (const wanted of [0, 1, 3, 64]) {
        let taken = 0;
        while (taken < cores) {
          const threads = threadsFor(wanted, cores, taken);
          assert(threads >= 1);
          taken += threads;
          assert(taken <= cores, `${taken} threads on ${cores} cores`);
        }
        assert.equal(threadsFor(wanted, cores, taken), 1);
      }
  });
});
