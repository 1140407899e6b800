/** What is loaded with the extension runs little code at that time. */
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => void vi.restoreAllMocks());

it('registries make no formatter of the platform when they are loaded, because the first one takes long', async () => {
  const formatter = vi.spyOn(Intl, 'NumberFormat');
  const text = vi.spyOn(Number.prototype, 'toLocaleString');
  const { statistics } = await import('../../engine/stats/registry.ts');
  await import('../../engine/graph/analyze.ts');
  await import('../../engine/language/networkText.ts');
  expect([formatter.mock.calls.length, text.mock.calls.length]).toEqual([0, 0]);
  expect(statistics.find(({ key }) => key === 'channelActivity')?.doc).toContain('16,384 elements');
});
