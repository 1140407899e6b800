/** Text of a repository is shown unchanged, and has no effect. */
import { describe, expect, test } from 'vitest';
import { cut, logged, oneLine } from '../../engine/schema/plainText.ts';
import { code, plain } from '../../extension/shown/plain.ts';
import { harmOf, payloads } from '../hostile/payloads.ts';

const offences = (show: (payload: string) => string | undefined): string[] =>
  payloads.map(show).filter((offence) => offence !== undefined);

describe('plain text', () => {
  test('from five hundred hostile texts contains no link, no icon and nothing invisible', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(500);
    expect(payloads.filter(harmOf).length, 'The payloads would do harm.').toBeGreaterThan(300);
    expect(offences((payload) => harmOf(plain(payload)))).toEqual([]);
  });

  test('in the middle of a message of ours, which two names together could turn into a link', () => {
    expect(harmOf(plain('a [x](command:a) b'))).toBeUndefined();
    expect(harmOf(plain(`there is no layer "${'[x]'}${'(command:a)'}"`))).toBeUndefined();
  });

  test('does not change usual texts in any script', () => {
    for (const text of [
      'conv1 needs [28, 28, 1] (found 3).',
      'Größe 28×28 → 14×14',
      'می‌خواهم',
      '👨‍👩‍👧',
      'a [b] (c) $5',
    ])
      expect(plain(text)).toBe(text);
  });

  test('has a limited length, ends with an ellipsis if it was cut, and never splits a character', () => {
    expect(offences((payload) => (plain(payload, 60).length > 70 ? payload : undefined))).toEqual([]);
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('abcd', 4)).toBe('abcd');
    expect(cut('a😀bcdef', 3)).toBe('a…');
    expect(oneLine('x'.repeat(8 * 2 ** 20), 200)).toHaveLength(200);
  });
});

describe('text in Markdown', () => {
  test('of five hundred hostile texts is one code span, in which nothing has a meaning', () => {
    const offence = (payload: string) => {
      const shown = code(payload);
      const fence = /^`*/.exec(shown)![0];
      const inside = shown.slice(fence.length, shown.length - fence.length);
      const closes = [...inside.matchAll(/`+/g)].some(([run]) => run.length === fence.length);
      const spans = fence !== '' && shown.endsWith(fence) && !inside.startsWith('`') && !inside.endsWith('`');
      return spans && !closes && harmOf(inside) === undefined ? undefined : JSON.stringify(shown);
    };
    expect(offences((payload) => (plain(payload).trim() === '' ? undefined : offence(payload)))).toEqual([]);
  });

  test('is empty if it is blank, and not an open fence', () => {
    expect(code(' \n\u200B ')).toBe('');
  });
});

describe('an entry of the log', () => {
  test('keeps its lines, and none looks like another entry', () => {
    expect(logged('one\r\ntwo\u2028three')).toBe('one\n    two\n    three');
    const offence = (payload: string) =>
      logged(payload)
        .split('\n')
        .some((line, index) => (index > 0 && !line.startsWith('    ')) || /\p{Cc}/u.test(line))
        ? payload
        : undefined;
    expect(offences(offence)).toEqual([]);
  });
});
