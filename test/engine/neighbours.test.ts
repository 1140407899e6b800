/** The nearest samples predict a target well if the inputs determine it, and not at all if they do not. */
import { describe, expect, it } from 'vitest';
import { lookAtNeighbours } from '../../engine/diagnose/neighbours.ts';
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
    expect(lookAtNeighbours(table, classes, true)?.left).toBeLessThan(0.5);
  });

  it('predict values', () => {
    const values = Float32Array.from(rows, (row) => Math.sin(3 * x(row)) + y(row));
    expect(lookAtNeighbours(table, values, false)?.left).toBeLessThan(0.3);
  });

  it('say nothing about targets that do not depend on the inputs', () => {
    const other = tableOf(2, 400);
    const values = Float32Array.from(rows, (row) => other.values[2 * row]);
    expect(lookAtNeighbours(table, values, false)?.left).toBeGreaterThan(0.85);
    const classes = Int32Array.from(values, (value) => (value > 0 ? 1 : 0));
    expect(lookAtNeighbours(table, classes, true)?.left).toBeGreaterThan(0.85);
  });

  it('are not used in tables that are small', () => {
    expect(lookAtNeighbours({ ...table, count: 50 }, new Float32Array(50), false)?.left).toBeUndefined();
  });

  it('are compared only by the features that are related to the target, if there are many', () => {
    const wide = { ...tableOf(3, 400 * 20), features: 40, count: 400 };
    const values = Float32Array.from(
      rows,
      (row) => Math.sin(2 * wide.values[40 * row + 5]) + wide.values[40 * row + 31],
    );
    expect(lookAtNeighbours(wide, values, false)?.left).toBeLessThan(0.4);
    const other = Float32Array.from(rows, (row) => table.values[2 * row]);
    expect(lookAtNeighbours(wide, other, false)?.left).toBeGreaterThan(0.85);
  });
});
