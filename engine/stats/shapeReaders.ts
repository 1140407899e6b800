/** Readers of the values of statistics, by their shape: logs and messages may hold anything. */
import { isPictures, mostPixels } from '../layers/pictures.ts';
import {
  count,
  fields,
  finite,
  list,
  must,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  shortText,
} from '../schema/reader.ts';
import type { Pictures, Shape, ShapeValues } from '../schema/statistic.ts';

const onePictures = fields({
  rows: count,
  columns: count,
  across: optional(count),
  limit: finite,
  pixels: shortText(mostPixels),
});
const pictures: Reader<Pictures> = (value) => {
  const read = onePictures(value);
  return must(isPictures(read), read, 'pictures of equal size');
};

/** More than any statistic has. Views draw all entries and rows of a value, so their number in a log must be limited. */
const [mostEntries, mostRows] = [65_536, 256];

const short =
  <T>(read: Reader<readonly T[]>): Reader<readonly T[]> =>
  (value) =>
    read(
      must<readonly unknown[]>(
        Array.isArray(value) && value.length <= mostEntries,
        value,
        `a list of at most ${mostEntries} entries`,
      ),
    );

const rows =
  <T>(read: Reader<{ readonly [row: string]: T }>): Reader<{ readonly [row: string]: T }> =>
  (value) => {
    const all = read(value);
    return must(Object.keys(all).length <= mostRows, all, `at most ${mostRows} rows`);
  };

/** By shape: the reader of a statistic's value, which throws `Malformed` for anything else. */
export const shapeReaders: { readonly [S in Shape]: Reader<ShapeValues[S]> } = {
  number,
  share: (value) => (value === null ? null : number(value)),
  series: short(list(number)),
  shares: rows(record(rows(record(number)))),
  numbers: rows(record(number)),
  channels: short(list(number)),
  histogram: fields({
    scale: oneOf('linear', 'log'),
    low: finite,
    high: finite,
    counts: short(list(count)),
    zeros: count,
    notFinite: count,
  }),
  pictures: rows(record(pictures)),
  tracks: rows(record(rows(record(short(list(number)))))),
};
