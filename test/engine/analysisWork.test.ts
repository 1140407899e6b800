/** Messages take work: however many mistakes a text has, only those that are shown are formulated. */
import { beforeEach, expect, test, vi } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { mostShown } from '../../engine/spec/problems.ts';
import { largeTexts } from '../hostile/texts.ts';

const spoken = vi.hoisted(() => ({ times: 0 }));
vi.mock('@vscode/l10n', async (original) => {
  const l10n = await original<typeof import('@vscode/l10n')>();
  const t = (...words: Parameters<typeof l10n.t>) => {
    spoken.times++;
    return l10n.t(...words);
  };
  return { ...l10n, t };
});

beforeEach(() => {
  spoken.times = 0;
});

test.each([
  ...['unknown types', 'five wrong attributes each', 'unknown initializers', 'layers that are lists'],
  ...[
    'names that are none',
    'unknown sources',
    'no inputs',
    'rings of two',
    'endless numbers',
    'the same name',
  ],
])('very many mistakes, %s: only the messages that are shown are formulated', (name) => {
  expect(analyze(largeTexts[name]()).diagnostics.length).toBe(mostShown + 1);
  expect(spoken.times).toBeLessThan(6 * mostShown);
});

test('inference stops after a thousand problems of shapes', () => {
  for (const name of ['windows too large', 'inputs that do not fit', 'sizes too large']) {
    spoken.times = 0;
    analyze(largeTexts[name]());
    expect(spoken.times).toBeGreaterThan(1000);
    expect(spoken.times).toBeLessThan(5000);
  }
});
