/** The nearest samples predict a target well if the inputs determine it, and not at all if they do not. */
import { describe, expect, it } from 'vitest';
import { shareLeftByNeighbours } from '../../engine/diagnose/neighbours.ts';
import { Random } from '../../engine/kernels/random.ts';

/** Rows of two features from −1 to 1, drawn without a pattern. */
function tableOf(seed: number, count: number) {
  const random = new Random(seed);
  const values = Float32Array.from({ length: 2 * count }, () => 2 * random.uniform() - 1);
  return { values, features: 2, count };
}

describe('the nearest samples', () => {
  const table = tableOf(1, 400);
  const rows = Array.from({ length: 400 }, (_, row) => row);
  const x = (row: number) => table.values[2 * row];
  const y = (row: number) => table.values[2 * row + 1];

  it('predict classes that no line separates', () => {
    const classes = Int32Array.from(rows, (row) => (x(row) * y(row) > 0 ? 1 : 0));
    expect(shareLeftByNeighbours(table, classes, true)).toBeLessThan(0.5);
  });

  it('predict values', () => {
    const values = Float32Array.from(rows, (row) => Math.sin(3 * x(row)) + y(row));
    expect(shareLeftByNeighbours(table, values, false)).toBeLessThan(0.3);
  });

  it('say nothing about targets that do not depend on the inputs', () => {
    const other = tableOf(2, 400);
    const values = Float32Array.from(rows, (row) => other.values[2 * row]);
    expect(shareLeftByNeighbours(table, values, false)).toBeGreaterThan(0.85);
    const classes = Int32Array.from(values, (value) => (value > 0 ? 1 : 0));
    expect(shareLeftByNeighbours(table, classes, true)).toBeGreaterThan(0.85);
  });

  it('are not used in tables that are small', () => {
    expect(shareLeftByNeighbours({ ...table, count: 50 }, new Float32Array(50), false)).toBeUndefined();
  });

  it('are compared only by the features that are related to the target, if there are many', () => {
    const wide = { ...tableOf(3, 400 * 20), features: 40, count: 400 };
    const values = Float32Array.from(
      rows,
      (row) => Math.sin(2 * wide.values[40 * row + 5]) + wide.values[40 * row + 31],
    );
    expect(shareLeftByNeighbours(wide, values, false)).toBeLessThan(0.4);
    const other = Float32Array.from(rows, (row) => table.values[2 * row]);
    expect(shareLeftByNeighbours(wide, other, false)).toBeGreaterThan(0.85);
  });
});
