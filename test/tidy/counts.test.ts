/** What `npm test` prints: suites in their order, and a last line that leaves out no test that did not run. */
import { format } from 'node:util';
import Mocha from 'mocha';
import { afterEach, expect, test, vi } from 'vitest';
import { inSequence } from '../e2e/sequence.ts';
import { OrderedOutput } from '../harness/orderedOutput.mjs';
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

test('the output of suites that run at the same time is in their order, and that of the first one appears at once', () => {
  let printed = '';
  const stream = { write: (text: string) => (printed += text) };
  const output = new OrderedOutput();
  const [first, second, third] = [output.next(), output.next(), output.next()];
  second.write('c', stream);
  first.write('a', stream);
  expect(printed).toBe('a');
  third.write('e', stream);
  third.end();
  first.write('b', stream);
  first.end();
  expect(printed).toBe('abc');
  second.write('d', stream);
  second.end();
  expect(printed).toBe('abcde');
});
