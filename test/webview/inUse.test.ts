/** Noticing that a person works in the page, with a clock of the test. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchUse } from '../../webview/controls/inUse.ts';

let hasFocus: boolean;
let page: EventTarget & Pick<Document, 'hasFocus'>;
const report = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  report.mockClear();
  hasFocus = true;
  page = Object.assign(new EventTarget(), { hasFocus: () => hasFocus });
  watchUse(page, report);
});

afterEach(() => {
  vi.useRealTimers();
});

const use = (...types: string[]) => {
  for (const type of types) page.dispatchEvent(new Event(type));
};

test('several keys and presses are reported once, a little later, and the next one again', () => {
  use('pointerdown', 'keydown', 'keydown');
  expect(report).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(report).toHaveBeenCalledOnce();
  use('keydown');
  vi.runAllTimers();
  expect(report).toHaveBeenCalledTimes(2);
});

test('a key that moves the focus out of the page is not reported', () => {
  use('keydown');
  hasFocus = false;
  vi.runAllTimers();
  expect(report).not.toHaveBeenCalled();
});
