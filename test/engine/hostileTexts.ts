/** Texts that no person writes, and the check that the analysis survives them. */
import { expect } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { longestMessage, mostShown } from '../../engine/spec/problems.ts';

export const repeat = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('');

export const input = '"z": { "type": "input", "shape": [3] }';

export const named = (layers: string): string => `{ "layers": { ${input}${layers} } }`;

/** Analyses a text, checks the limits, and returns the messages. */
export function survive(text: string): readonly string[] {
  const { diagnostics } = analyze(text);
  expect(diagnostics.length).toBeLessThanOrEqual(mostShown + 1);
  for (const { message, range } of diagnostics) {
    expect(message.length).toBeLessThanOrEqual(longestMessage);
    expect(Math.max(...message.split(/\s+/).map((word) => word.length))).toBeLessThanOrEqual(210);
    expect(range.start >= 0 && range.start <= range.end && range.end <= text.length).toBe(true);
  }
  return diagnostics.map(({ message }) => message);
}
