/** Slices of the same part: only of an input, along its features, and in bounded work. */
import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';

const network = (shape: readonly number[], parts: readonly object[]) =>
  JSON.stringify({
    layers: {
      data: { type: 'input', shape },
      ...Object.fromEntries(
        parts.map((part, index) => [`part${index}`, { type: 'slice', from: 'data', ...part }]),
      ),
    },
  });
const found = (text: string) =>
  diagnose(text).findings.filter(({ code }) => code === 'structure/skipsInputs');

test('a part that is taken twice is reported with the first gap in which it fits as the fix', () => {
  const [finding, ...others] = found(
    network(
      [10],
      [
        { start: 0, size: 1 },
        { start: 2, size: 3 },
        { start: 2, size: 3 },
      ],
    ),
  );
  expect(others).toEqual([]);
  expect(finding.message).toContain('60\u00a0%');
  expect(finding.fix?.edit).toMatchObject({ layer: 'part2', attribute: 'start', value: 5 });
});

test('two layers that take the same step of a sequence are not reported', () => {
  const last = { axis: 1, start: 19, size: 1 };
  expect(found(network([20, 3], [last, last]))).toEqual([]);
});

test('an axis of two thousand million entries takes no more work than a short one', () => {
  const [finding] = found(
    network(
      [2_000_000_000],
      [
        { start: 0, size: 1 },
        { start: 0, size: 1 },
      ],
    ),
  );
  expect(finding.fix?.edit).toMatchObject({ value: 1 });
});
