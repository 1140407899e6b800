/** Names that are longer than their room. */
import { expect, test } from 'vitest';
import { shortName } from '../../webview/model/shortName.ts';

/** Of a font whose letters are 10 wide, except i. */
const widthOf = (text: string) =>
  Array.from(text).reduce((sum, letter) => sum + (letter === 'i' ? 3 : 10), 0);

test('a name is cut at its beginning, and as little as possible', () => {
  expect(shortName('conv120', 70, widthOf)).toBe('conv120');
  expect(shortName('conv120', 69, widthOf)).toBe('…nv120');
  expect(shortName('convii', 40, widthOf)).toBe('…nvii');
  expect(shortName('iiiiWW', 29, widthOf)).toBe('');
  expect(shortName('net😀12', 40, widthOf)).toBe('…😀12');
});
