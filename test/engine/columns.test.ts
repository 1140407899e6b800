/** Columns of tables that a text names: the work grows with the names and the columns, not with their product. */
import { expect, it } from 'vitest';
import { chooseColumns } from '../../engine/data/columns.ts';
import { findHeader } from '../../engine/data/header.ts';
import type { Table } from '../../engine/data/table.ts';

/** Names of columns, and how often one of them was looked at. */
function columns(count: number) {
  const looks = { count: 0 };
  const names = Array.from({ length: count }, (_, column) => `c${column}`);
  const list = new Proxy(names, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks.count++;
      return Reflect.get(target, key);
    },
  });
  return { names, list, looks };
}

/** The most looks at each column. */
const few = 20;

it('the names in a text are searched in a header at once', () => {
  const { list, looks } = columns(200);
  const absent = Array.from({ length: 1000 }, (_, index) => `absent${index}`);
  findHeader([list, list], absent);
  findHeader([list, list], ['1', '2']);
  expect(looks.count).toBeLessThan(few * 200);
});

it('columns to leave out are searched among many columns at once', () => {
  const { names, list, looks } = columns(500);
  const table = { name: 'a.csv', attribute: 'file', columns: list, hasHeader: true } as unknown as Table;
  const { places } = chooseColumns(table, 'c499', names.slice(0, 400));
  expect(places).toEqual({ features: Array.from({ length: 99 }, (_, index) => 400 + index), target: 499 });
  expect(looks.count).toBeLessThan(few * 500);
});
