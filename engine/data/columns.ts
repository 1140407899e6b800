/** Columns of tables: which one is the target, which are features, and the same ones in another table. */

import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import type { ProblemError } from '../schema/problem.ts';
import { counted } from '../schema/text.ts';
import { type DataWarning, dataError } from './define.ts';
import { parseNumber } from './numerals.ts';
import { columnName, listed, repeated, rowNumber, type Table } from './table.ts';

/** Columns of one table, in the order in which the network takes them. */
export interface Columns {
  readonly features: readonly number[];
  readonly target: number;
}

/** Identifies the same columns in another table: by their names, or without a header by their positions. */
export interface Layout {
  readonly table: string;
  /** Undefined if there is no header. */
  readonly names?: { readonly features: readonly string[]; readonly target: string };
  readonly places: Columns;
  readonly width: number;
  readonly excluded: readonly string[];
}

/**
 * Finds which column is meant: by a name of the header or a number counted from 1, or with '' the last. Throws ProblemError when it is
 * called for another one. A text may name many of many columns.
 */
export function columnFinder(table: Table): (wanted: string, attribute: string) => number {
  const { name, columns, hasHeader } = table;
  const twice = repeated(columns);
  const named = new Map(hasHeader ? columns.map((column, index) => [column, index]) : []);
  return (wanted, attribute) => {
    if (wanted === '') return columns.length - 1;
    const found = named.get(wanted);
    if (found !== undefined) {
      if (!twice.has(wanted)) return found;
      throw dataError(
        'data/column',
        l10n.t('{0} has several columns "{1}". Give the number of the one you mean.', name, wanted),
        attribute,
      );
    }
    const number = parseNumber(wanted);
    if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= columns.length)
      return number - 1;
    throw noColumn(table, twice, wanted, attribute);
  };
}

function noColumn(
  { name, columns, hasHeader }: Table,
  twice: ReadonlySet<string>,
  wanted: string,
  attribute: string,
): ProblemError {
  const isNamed = (column: string) => column !== '' && !twice.has(column);
  const meant = hasHeader ? nearest(wanted, columns.filter(isNamed)) : undefined;
  return dataError(
    'data/column',
    meant !== undefined
      ? l10n.t(
          '{0} has no column "{1}". Did you mean "{2}"? It has {3}.',
          name,
          wanted,
          meant.slice(0, 40),
          listed(columns),
        )
      : hasHeader
        ? l10n.t('{0} has no column "{1}". It has {2}.', name, wanted, listed(columns))
        : l10n.t(
            '{0} has no column "{1}". It has no header; give a number from 1 to {2}.',
            name,
            wanted,
            columns.length,
          ),
    attribute,
    meant === undefined ? {} : { setting: { attribute, value: meant, replaces: wanted } },
  );
}

/** The columns that the spec selects. Throws ProblemError. */
export function chooseColumns(table: Table, target: string, excluded: readonly string[]): Layout {
  const find = columnFinder(table);
  const left = new Set(excluded.map((wanted) => find(wanted, 'exclude')));
  const others = table.columns.map((_, column) => column).filter((column) => !left.has(column));
  const chosen = target === '' ? others[others.length - 1] : find(target, 'target');
  const features = others.filter((column) => column !== chosen);
  const isLeft = chosen !== undefined && left.has(chosen);
  if (features.length === 0 || chosen === undefined || isLeft)
    throw dataError(
      'data/columns',
      table.columns.length === 1
        ? l10n.t(
            '{0} has one column; a target and at least one feature are needed. The first row is "{1}": set "delimiter" to the character between its cells.',
            table.name,
            table.rows.text(0, 0).slice(0, 40),
          )
        : l10n.t(
            '{0} has no columns left for a target and a feature. Name another "target", or fewer columns in "exclude".',
            table.name,
          ),
      table.columns.length === 1 ? table.attribute : isLeft ? 'target' : 'exclude',
    );
  const nameOf = (column: number) => table.columns[column];
  return {
    table: table.name,
    ...(table.hasHeader ? { names: { features: features.map(nameOf), target: nameOf(chosen) } } : {}),
    places: { features, target: chosen },
    width: table.columns.length,
    excluded: [...left].map(nameOf),
  };
}

/** The columns of `layout` in another table: by name where both have names. Throws ProblemError if they are not the same. */
export function findColumns(table: Table, layout: Layout): Columns {
  const { names, places } = layout;
  if (!names || !table.hasHeader) {
    if (!names && !table.hasHeader && table.columns.length === layout.width) return places;
    throw different(
      table,
      layout,
      names || table.hasHeader
        ? l10n.t(
            'Only one of the two files has column names. Give both a header, or neither, and check "header".',
          )
        : l10n.t('Use two tables with the same columns.'),
    );
  }
  const wanted = [...names.features, names.target];
  const known = new Set(wanted);
  const excluded = new Set(layout.excluded);
  const found = table.columns.filter((name) => !excluded.has(name) || known.has(name));
  const present = new Set(found);
  const missing = wanted.filter((name) => !present.has(name));
  const extra = found.filter((name) => !known.has(name));
  if (missing.length > 0 || extra.length > 0)
    throw different(
      table,
      layout,
      [
        missing.length > 0 ? l10n.t('{0} lacks {1}.', table.name, listed(missing)) : '',
        extra.length > 0 ? l10n.t('{0} lacks {1}.', layout.table, listed(extra)) : '',
        l10n.t('Use the same names in both, or name columns to leave out in "exclude".'),
      ]
        .filter(Boolean)
        .join(' '),
    );
  if (known.size === wanted.length && found.length === wanted.length) {
    const placeOf = new Map(table.columns.map((name, column) => [name, column]));
    return { features: names.features.map((name) => placeOf.get(name)!), target: placeOf.get(names.target)! };
  }
  // If a name occurs twice, only the positions identify the columns.
  const inPlace =
    table.columns.length === layout.width &&
    names.features.every((name, index) => table.columns[places.features[index]] === name) &&
    table.columns[places.target] === names.target;
  if (inPlace) return places;
  throw different(table, layout, l10n.t('A name occurs twice. Give each column a name of its own.'));
}

function different(table: Table, { table: other, names, width }: Layout, advice: string): ProblemError {
  const count = (columns: number) => counted(columns, 'columns');
  const own = table.hasHeader ? listed(table.columns) : count(table.columns.length);
  const others = names ? listed([...names.features, names.target]) : count(width);
  return dataError(
    'data/columns',
    l10n.t('{0} has {1}, but {2} has {3}. {4}', table.name, own, other, others, advice),
    table.attribute,
  );
}

/** Doubts about the columns of a table: names that occur twice, and one that counts the rows. */
export function columnWarnings(table: Table, { features }: Columns): DataWarning[] {
  if (!table.hasHeader) return [];
  const { columns, name } = table;
  const warnings: DataWarning[] = [];
  const twice = [...repeated(columns)].find((column) => column !== '');
  if (twice !== undefined)
    warnings.push({
      code: 'data/names',
      message: l10n.t(
        '{0}: several columns have the name "{1}". All of them are read as features.',
        name,
        twice,
      ),
    });
  const counter = features.find(
    (column) => /^(?:unnamed: \d+)?$/i.test(columns[column]) && countsRows(table, column),
  );
  if (counter !== undefined)
    warnings.push({
      code: 'data/index-column',
      message: l10n.t(
        '{0}: {1} only counts the rows, and is read as a feature. To leave it out, set "exclude" to ["{2}"].',
        name,
        columnName(table, counter),
        counter + 1,
      ),
    });
  return warnings;
}

/** The first whole number with more digits than float64 keeps, such as an identifier. */
export function digitWarnings(table: Table, { features }: Columns): DataWarning[] {
  const { rows } = table;
  for (let row = 0; row < rows.length; row++)
    for (const column of features) {
      if (rows.size(row, column) < 16) continue;
      const cell = rows.text(row, column);
      if (cell.length < 16 || !/^[+-]?\d+$/.test(cell)) continue;
      const value = Number(cell);
      if (Number.isSafeInteger(value) || BigInt(value) === BigInt(cell.replace('+', ''))) continue;
      return [
        {
          code: 'data/digits',
          message: l10n.t(
            '{0}: row {1}, "{2}": {3} has more digits than a number keeps, and was read as {4}. If the column holds identifiers, leave it out with "exclude"; otherwise subtract a constant from all its values.',
            table.name,
            rowNumber(table, row),
            columnName(table, column),
            cell.slice(0, 40),
            String(BigInt(value)),
          ),
        },
      ];
    }
  return [];
}

const countsRows = ({ rows }: Table, column: number): boolean => {
  const start = Number(rows.text(0, column));
  return rows.text(0, column) !== '' && rows.every((row) => Number(rows.text(row, column)) === start + row);
};

/** For `Dataset.state`. */
export const keptLayout = ({ table, names, places, width, excluded }: Layout): Json => ({
  table,
  ...(names ? { names: { features: [...names.features], target: names.target } } : {}),
  places: { features: [...places.features], target: places.target },
  width,
  excluded: [...excluded],
});

/** The layout that `keptLayout` wrote; undefined for anything else. */
export function trainedLayout(kept: Json | undefined): Layout | undefined {
  const layout = kept as unknown as Layout | undefined;
  const texts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  const good =
    typeof layout?.table === 'string' &&
    Number.isInteger(layout.width) &&
    texts(layout.excluded) &&
    Array.isArray(layout.places?.features) &&
    [...layout.places.features, layout.places.target].every(Number.isInteger) &&
    (layout.names === undefined || (texts(layout.names.features) && typeof layout.names.target === 'string'));
  return good ? layout : undefined;
}
