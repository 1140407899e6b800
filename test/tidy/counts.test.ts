/** What the last line of `npm test` counts: no test that did not run is left out. */
import { format } from 'node:util';
import Mocha from 'mocha';
import { afterEach, expect, test, vi } from 'vitest';
import { inSequence } from '../e2e/sequence.ts';
import { countsIn, runMocha } from '../harness/runMocha.mjs';

afterEach(() => {
  vi.restoreAllMocks();
});

const fails = (): never => {
  throw new Error('expected');
};

interface Given {
  readonly sequence?: true;
  readonly before?: () => void;
  readonly tests: readonly (() => void)[];
}

/** The counts of suites with these tests. */
async function counts(suites: readonly Given[]) {
  const lines: string[] = [];
  const print = (...text: unknown[]) => lines.push(format(...text));
  vi.spyOn(Mocha.reporters.Base, 'consoleLog').mockImplementation(print);
  vi.spyOn(console, 'log').mockImplementation(print);
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false });
  for (const [index, { sequence, before, tests }] of suites.entries()) {
    const suite = Mocha.Suite.create(mocha.suite, `suite ${index}`);
    if (sequence) inSequence(suite);
    if (before) suite.beforeAll(before);
    for (const [at, body] of tests.entries()) suite.addTest(new Mocha.Test(`test ${at}`, body));
  }
  const failures = await runMocha(mocha);
  const found = countsIn(lines.join('\n'));
  expect(failures).toBe(found.failed);
  return found;
}

const passes = () => undefined;

test('tests after a failure in a sequence count as skipped', async () => {
  const sequence = { sequence: true, tests: [passes, fails, passes, passes] } as const;
  expect(await counts([sequence])).toEqual({ passed: 1, failed: 1, skipped: 2 });
});

test('a failure in one suite hides none in a later sequence', async () => {
  const sequence = { sequence: true, tests: [passes, fails, passes] } as const;
  expect(await counts([{ tests: [fails] }, sequence, sequence])).toEqual({
    passed: 2,
    failed: 3,
    skipped: 2,
  });
});

test('tests that a failed hook has kept from running count as skipped', async () => {
  const hooked = { before: fails, tests: [passes, passes, passes] };
  expect(await counts([hooked, { tests: [passes] }])).toEqual({ passed: 1, failed: 1, skipped: 3 });
});
