/** Moments as short texts. */
import { expect, test } from 'vitest';
import { momentText } from '../../engine/schema/moment.ts';

test('a moment leaves out the day if that is today, and the year if it is this one', () => {
  const now = new Date(2026, 10, 30, 18, 0);
  const texts = [new Date(2026, 10, 30, 9, 5), new Date(2026, 1, 3, 9, 5), new Date(2025, 1, 3, 9, 5)].map(
    (moment) => momentText(moment, now, 'en').replaceAll('\u202f', ' '),
  );
  expect(texts).toEqual(['9:05 AM', 'Feb 3, 9:05 AM', 'Feb 3, 2025, 9:05 AM']);
});
