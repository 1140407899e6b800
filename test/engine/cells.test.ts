/** Cells of tables that are kept as bytes have the written content, and numbers that are read from the bytes equal those of JavaScript. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cells } from '../../engine/data/cells.ts';
import { type DecimalMark, parseNumber } from '../../engine/data/numerals.ts';
import { runs, seed } from '../hostile/effort.ts';

const withoutNul = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 30, maxLength: 50 }))
  .map((text) => text.replaceAll('\0', ''));
const table = fc.array(fc.array(withoutNul, { maxLength: 5 }), { maxLength: 8 });

const cellsOf = (rows: readonly (readonly string[])[]): Cells => {
  const cells = new Cells();
  for (const row of rows) cells.add(row);
  return cells;
};

describe('cells as bytes', () => {
  test('have the written content, in whatever order they are read', () => {
    const anyCell = fc.tuple(fc.nat(9), fc.nat(6));
    fc.assert(
      fc.property(table, fc.array(anyCell, { maxLength: 30 }), (rows, asked) => {
        const cells = cellsOf(rows);
        expect(Array.from({ length: cells.length }, (_, row) => cells.width(row))).toEqual(
          rows.map((row) => row.length),
        );
        for (const [row, column] of asked.filter(([row]) => row < rows.length)) {
          expect(cells.text(row, column)).toBe(rows[row][column] ?? '');
          expect(cells.size(row, column)).toBe(Buffer.byteLength(rows[row][column] ?? ''));
        }
      }),
      { numRuns: runs(500), seed },
    );
  });

  test('stay the same if they fill many chunks, or if a row is longer than a chunk', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [`${i}`, 'x'.repeat(i % 100), `ä${i}`]);
    rows.splice(5000, 0, ['y'.repeat(9_000_000), 'end']);
    const cells = cellsOf(rows);
    for (const [index, row] of rows.entries())
      expect(row.every((cell, column) => cells.text(index, column) === cell)).toBe(true);
    const characters = rows.flat().reduce((sum, cell) => sum + Buffer.byteLength(cell) + 1, 0);
    expect(cells.bytes).toBe(characters + 24 * rows.length);
  });
});

describe('a number in plain digits', () => {
  const plain = (text: string, mark: DecimalMark) => cellsOf([[text]]).plainNumber(0, 0, mark);

  test('equals the number that JavaScript reads from its text', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 });
    const numeral = fc.tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.', ','), digits);
    fc.assert(
      fc.property(numeral, fc.constantFrom('point' as const, 'comma' as const), (parts, mark) => {
        const text = parts.join('');
        const value = plain(text, mark);
        if (value !== undefined) expect(value).toBe(parseNumber(text, mark));
        else if (text.length < 15) expect(parseNumber(text, mark)).toBeUndefined();
      }),
      { numRuns: runs(5000), seed },
    );
  });

  test.each(['', '-', '.', '+.', '1e5', '1.2.3', '--1', '1-', ' 1', '0x1', '1234567890123456', 'NaN', '٣'])(
    '%j is none',
    (text) => {
      expect(plain(text, 'point')).toBeUndefined();
    },
  );

  test('keeps the sign of zero', () => {
    expect(plain('-0', 'point')).toBe(-0);
    expect(plain('-0.00', 'point')).toBe(-0);
  });
});
