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

export const shapeReaders: { readonly [S in Shape]: Reader<ShapeValues[S]> } = {
  number,
  share: (value) => (value === null ? null : number(value)),
  series: list(number),
  shares: record(record(number)),
  numbers: record(number),
  channels: list(number),
  histogram: fields({
    scale: oneOf('linear', 'log'),
    low: finite,
    high: finite,
    counts: list(count),
    zeros: count,
    notFinite: count,
  }),
  pictures: record(pictures),
  tracks: record(record(list(number))),
};
