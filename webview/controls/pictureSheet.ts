/** A set of small pictures on one sheet: in which order, where each pixel is, how large it is, and which pictures are empty. */
import { pictureCount, pixelAt } from '../../engine/layers/pictures.ts';
import type { ShapeValues } from '../../engine/stats/define.ts';

type Pictures = ShapeValues['pictures'][string];

/** In pixels of the page. */
export interface Room {
  readonly width: number;
  readonly height: number;
  /** Of one pixel of a picture. */
  readonly largest: number;
}

export interface PictureSheet {
  readonly columns: number;
  readonly rows: number;
  /** Row by row; undefined between pictures and where an empty one has no mark. */
  readonly values: readonly (number | undefined)[];
  readonly count: number;
  /** How many pictures are zero everywhere. */
  readonly empty: number;
  /** The pictures in the order in which they stand on the sheet. */
  readonly order: readonly number[];
  /** The size of a pixel of a picture, in pixels of the page. */
  readonly scale: number;
}

/** `byActivity`: the picture with the largest values first. An empty one is crossed out, because it shows nothing. */
export function pictureSheet(set: Pictures, room: Room, byActivity = false): PictureSheet {
  const { rows: height, columns: width } = set;
  const [count, size] = [pictureCount(set), set.rows * set.columns];
  const activities = Array.from({ length: count }, (_, picture) => activityOf(set, picture, size));
  const order = activities.map((_, picture) => picture);
  // NaN is more than any number: it is what a person must see.
  const ranked = (picture: number) =>
    Number.isNaN(activities[picture]) ? Number.POSITIVE_INFINITY : activities[picture];
  if (byActivity) order.sort((one, other) => ranked(other) - ranked(one) || one - other);
  const { across, columns, rows, scale } = fitted(set, count, room);
  const values = Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const place = Math.floor(y / (height + 1)) * across + Math.floor(x / (width + 1));
    const [row, column] = [y % (height + 1), x % (width + 1)];
    if (row === height || column === width || place >= count) return undefined;
    const picture = order[place];
    if (byActivity && activities[picture] === 0) return isOnCross(row, column, height, width) ? 0 : undefined;
    return pixelAt(set, picture * size + row * width + column);
  });
  return {
    columns,
    rows,
    values,
    count,
    empty: activities.filter((activity) => activity === 0).length,
    order,
    scale,
  };
}

interface Fit extends Pick<PictureSheet, 'columns' | 'rows' | 'scale'> {
  /** The pictures in a row. */
  readonly across: number;
}

/** With an empty line between the pictures. Without a number of its own, it has as many in a row as make it large and then low. */
function fitted({ rows: height, columns: width, across: given }: Pictures, count: number, room: Room): Fit {
  const inRows = (across: number) => {
    const [columns, rows] = [across * (width + 1) - 1, Math.ceil(count / across) * (height + 1) - 1];
    const size = Math.min(room.largest, room.width / columns, room.height / rows);
    return { across, columns, rows, size: size < 1 ? size : Math.floor(size) };
  };
  const all = given
    ? [inRows(Math.min(count, given))]
    : Array.from({ length: count }, (_, index) => inRows(index + 1));
  const best = all.reduce((best, one) =>
    one.size > best.size || (one.size === best.size && one.rows < best.rows) ? one : best,
  );
  return { ...best, scale: Math.max(1, best.size) };
}

function activityOf(set: Pictures, picture: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.abs(pixelAt(set, picture * size + i));
  return sum;
}

function isOnCross(row: number, column: number, height: number, width: number): boolean {
  const across = Math.round((row / Math.max(1, height - 1)) * (width - 1));
  return column === across || column === width - 1 - across;
}
