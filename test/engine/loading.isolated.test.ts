/** What is loaded with the extension runs little code at that time. */
import { expect, it, vi } from 'vitest';
import '../../engine/graph/analyze.ts';
import '../../engine/language/networkText.ts';
import { statistics } from '../../engine/stats/registry.ts';

/** Runs before the modules above are loaded. */
const { formatter, text } = vi.hoisted(() => ({
  formatter: vi.spyOn(Intl, 'NumberFormat'),
  text: vi.spyOn(Number.prototype, 'toLocaleString'),
}));

it('registries make no formatter of the platform when they are loaded, because the first one takes long', () => {
  const made = [formatter.mock.calls.length, text.mock.calls.length];
  vi.restoreAllMocks();
  expect(made).toEqual([0, 0]);
  expect(statistics.find(({ key }) => key === 'channelActivity')?.doc).toContain('16,384 elements');
});
