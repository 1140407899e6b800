/** What is typed between a shortcut and the appearance of its field. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  isTypingAhead,
  startTypingAhead,
  takeTypedAhead,
  typeAhead,
} from '../../webview/model/typedAhead.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const type = (text: string) => {
  for (const key of text) typeAhead({ key, ctrlKey: false, metaKey: false, altKey: false } as KeyboardEvent);
};

test('a shortcut that opens no field keeps no keys, until a field has appeared after it', () => {
  startTypingAhead('/');
  type('ten');
  expect(isTypingAhead()).toBe(true);
  vi.advanceTimersByTime(10_000);
  startTypingAhead('/');
  expect(isTypingAhead()).toBe(false);
  // The field appears after all: VS Code was busy.
  expect(takeTypedAhead().text).toBe('');
  startTypingAhead('/');
  type('tanh');
  expect(takeTypedAhead().text).toBe('tanh');
});

test('a field does not make a shortcut keep keys again that another one has followed', () => {
  for (const chord of ['r', 'n']) {
    startTypingAhead(chord);
    vi.advanceTimersByTime(10_000);
  }
  takeTypedAhead();
  startTypingAhead('r');
  expect(isTypingAhead()).toBe(false);
  startTypingAhead('n');
  expect(isTypingAhead()).toBe(true);
});
