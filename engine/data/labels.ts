/** Targets of tables: values, or classes by their names. */
import * as l10n from '@vscode/l10n';
import type { TargetSpec } from '../losses/define.ts';
import { counted } from '../schema/text.ts';
import { alikeClasses } from './classNames.ts';
import type { DataWarning } from './define.ts';
import {
  type DecimalMark,
  describeCell,
  hasGroups,
  isMissing,
  looksNumeric,
  parseNumber,
} from './numerals.ts';
import { cellError, listed, numberAt, rowNumber, type Table } from './table.ts';

/** More different whole numbers than this are values, not classes, unless "task" says so. */
const mostGuessedClasses = 32;
/** Fewer different texts than this may all be classes, however few rows there are. */
const fewDifferent = 10;

export interface Targets {
  readonly spec: TargetSpec;
  /** Values keep their digits until they are scaled. */
  readonly values: Int32Array | Float64Array;
  readonly classNames?: readonly string[];
  /** Rows of each class. */
  readonly classSizes?: readonly number[];
  readonly warnings: readonly DataWarning[];
}

export interface LabelledTable {
  readonly table: Table;
  readonly target: number;
}

/** Targets of all tables, one after the other. The classes are `known`, or those of the first table. */
export function readTargets(
  tables: readonly LabelledTable[],
  task: 'auto' | 'classification' | 'regression',
  known: readonly string[] | undefined,
): Targets {
  const [first] = tables;
  if (task === 'regression' || (task === 'auto' && !known && holdsValues(first))) {
    const values = new Float64Array(rowsOf(tables));
    fill(values, tables, numberAt);
    return { spec: { type: 'float', shape: [1] }, values, warnings: [] };
  }
  const classNames = known ?? classesOf(first, task);
  const indices = new Map(classNames.map((name, index) => [name, index]));
  const values = new Int32Array(rowsOf(tables));
  fill(values, tables, (table, row, target) => {
    const index = indices.get(className(table.rows.text(row, target), table.decimal));
    if (index === undefined) throw unknownClass(table, row, target, first.table.name);
    return index;
  });
  const classSizes = sizesOf(values, classNames.length);
  return {
    spec: { type: 'int', shape: [], classes: classNames.length },
    values,
    classNames,
    classSizes,
    warnings: known ? [] : alikeWarnings(first, values, classNames, classSizes),
  };
}

function sizesOf(values: Int32Array, classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (const value of values) sizes[value]++;
  return sizes;
}

/** The most classes that differ only in case or spaces of which a table warns. */
const mostAlike = 3;

/** Names that differ only in case or spaces: the rarer one is probably a typing mistake, and the message says where. */
const alikeWarnings = (
  { table }: LabelledTable,
  values: Int32Array,
  names: readonly string[],
  sizes: readonly number[],
): DataWarning[] =>
  alikeClasses(names)
    .slice(0, mostAlike)
    .map((places) => {
      const [rarest, ...others] = places.toSorted((a, b) => sizes[a] - sizes[b]);
      return {
        code: 'data/class-names',
        message: l10n.t(
          '{0}: the classes {1} differ only in case or spaces. "{2}" has {3}, the first is row {4}. If they are one class, write its name alike in all rows.',
          table.name,
          listed([...others, rarest].map((place) => names[place])),
          names[rarest].slice(0, 40),
          counted(sizes[rarest], 'rows'),
          rowNumber(table, values.indexOf(rarest)),
        ),
        attribute: 'target',
      };
    });

const rowsOf = (tables: readonly LabelledTable[]): number =>
  tables.reduce((sum, { table }) => sum + table.rows.length, 0);

/** One value for each row of all tables. */
function fill(
  values: Int32Array | Float64Array,
  tables: readonly LabelledTable[],
  valueAt: (table: Table, row: number, column: number) => number,
): void {
  let next = 0;
  for (const { table, target } of tables)
    for (let row = 0; row < table.rows.length; row++) values[next++] = valueAt(table, row, target);
}

/** Numbers that are equal are one class, however they are written: 1, 1.0, 01 and +1. */
function className(cell: string, mark: DecimalMark): string {
  const value = parseNumber(cell, mark);
  if (value === undefined) return cell;
  // Beyond 2⁵³ different whole numbers would become one.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? cell : String(value + 0);
}

/**
 * Decides by the first table whether the target is a value. Throws ProblemError for a column of numbers with some other cells.
 */
function holdsValues({ table, target }: LabelledTable): boolean {
  const different = new Set<number>();
  let numbers = 0;
  let areWhole = true;
  let odd = -1;
  for (let row = 0; row < table.rows.length; row++) {
    const value =
      table.rows.plainNumber(row, target, table.decimal) ??
      parseNumber(table.rows.text(row, target), table.decimal);
    if (value === undefined) {
      if (odd < 0) odd = row;
      continue;
    }
    numbers++;
    areWhole &&= Number.isInteger(value);
    if (different.size <= mostGuessedClasses) different.add(value);
  }
  if (numbers === 0) return false;
  if (odd >= 0) throw mixture(table, odd, target, numbers);
  return !areWhole || different.size > mostGuessedClasses || different.size > numbers / 2;
}

function mixture(table: Table, row: number, target: number, numbers: number): Error {
  const problem = problemOfClass(table, row, target);
  return cellError(
    table,
    row,
    target,
    'data/labels',
    numbers === 1
      ? l10n.t('another row holds a number here; {0}', problem)
      : l10n.t('{0} other rows hold numbers here; {1}', numbers, problem),
  );
}

/** What is wrong with a cell that is a number in another form, or a missing one, unless it is a class. */
function problemOfClass(table: Table, row: number, target: number): string {
  const cell = table.rows.text(row, target);
  const problem = describeCell(cell, table.decimal);
  if (cell === '') return problem;
  const asClass = l10n.t('If "{0}" is a class, set "task" to "classification".', cell.slice(0, 40));
  return `${problem} ${asClass}`;
}

function classesOf({ table, target }: LabelledTable, task: 'auto' | 'classification'): string[] {
  const different = new Set<string>();
  for (let row = 0; row < table.rows.length; row++) {
    const cell = table.rows.text(row, target);
    if (cell === '') throw missingClass(table, row, target);
    if (task === 'auto' && (isMissing(cell) || hasGroups(cell) || (looksNumeric(cell) && cell.includes(','))))
      throw doubtfulClass(table, row, target);
    different.add(className(cell, table.decimal));
  }
  const names = [...different];
  const isText = names.every((name) => parseNumber(name) === undefined);
  if (task === 'auto' && isText && names.length > Math.max(fewDifferent, table.rows.length / 2))
    throw hardlyClasses(table, target, names.length);
  const size = (name: string) => parseNumber(name) ?? Number.POSITIVE_INFINITY;
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return names.sort((a, b) => (size(a) === size(b) ? byText(a, b) : size(a) - size(b)));
}

/** Dates, amounts with a currency, names: hardly a class occurs twice. */
const hardlyClasses = (table: Table, target: number, different: number): Error =>
  cellError(
    table,
    0,
    target,
    'data/labels',
    l10n.t(
      'found "{0}" and {1} other strings in {2} rows, too many for classes, and none is a number. Write values to predict as plain numbers, name another column as "target", or set "task" to "classification".',
      table.rows.text(0, target).slice(0, 40),
      different - 1,
      table.rows.length,
    ),
  );

const missingClass = (table: Table, row: number, target: number): Error =>
  cellError(
    table,
    row,
    target,
    'data/labels',
    l10n.t('expected a class, found nothing. Fill it in, or remove the row.'),
  );

const doubtfulClass = (table: Table, row: number, target: number): Error =>
  cellError(table, row, target, 'data/labels', problemOfClass(table, row, target));

function unknownClass(table: Table, row: number, target: number, trainName: string): Error {
  const cell = table.rows.text(row, target);
  if (cell === '') return missingClass(table, row, target);
  return cellError(
    table,
    row,
    target,
    'data/labels',
    l10n.t(
      'class "{0}" does not occur in {1}. Correct the cell, or remove the row.',
      cell.slice(0, 40),
      trainName,
    ),
  );
}
