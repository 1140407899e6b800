/**
 * Pictures of numbers as text that is small in a log: one printable character for each number, from minus to plus the largest
 * magnitude, in steps of 1/45 of it.
 */
import type { Pictures } from '../schema/statistic.ts';

/** Steps of brightness to each side of zero. */
export const levels = 45;
/** The character that stands for zero. */
const middle = 80;
/** The character for a number that is not finite. */
const notFinite = '~';

/** The most pixels of one set. */
export const mostPixels = 8192;
const mostPictures = 64;

/**
 * How many of `count` pictures of this size fit into a number of pixels. If they are in rows of `across`, only whole rows count.
 */
export function picturesShown(
  count: number,
  rows: number,
  columns: number,
  pixels: number,
  across = 1,
): number {
  const most = Math.max(1, Math.min(count, mostPictures, Math.floor(pixels / (rows * columns))));
  return most > across ? most - (most % across) : most;
}

/** The most rows and columns with which at least one picture fits. */
export const sideWithin = (pixels: number, most: number): number =>
  Math.min(most, Math.floor(Math.sqrt(pixels)));

/** `values`: row by row, picture after picture. */
export function pictures(
  rows: number,
  columns: number,
  values: ArrayLike<number>,
  across?: number,
): Pictures {
  let limit = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) limit = Math.max(limit, Math.abs(values[i]));
  const pixels = Array.from(values, (value) =>
    Number.isFinite(value)
      ? String.fromCharCode(middle + Math.round(limit === 0 ? 0 : levels * (value / limit)))
      : notFinite,
  ).join('');
  return { rows, columns, ...(across === undefined ? {} : { across }), limit, pixels };
}

/** A number from −1 to 1, as a share of `limit`; NaN for a number that was not finite. */
export const pixelAt = ({ pixels }: Pictures, index: number): number =>
  pixels[index] === notFinite ? Number.NaN : (pixels.charCodeAt(index) - middle) / levels;

export const pictureCount = ({ rows, columns, pixels }: Pictures): number =>
  Math.floor(pixels.length / (rows * columns));

/** Whether the pixels are text that `pictures` could have written. A log may come from a stranger. */
export function isPictures({ rows, columns, across = 1, pixels }: Pictures): boolean {
  const size = rows * columns;
  const { length } = pixels;
  if (!(size > 0 && across > 0 && length > 0 && length <= mostPixels && length % size === 0)) return false;
  return /^[#-}~]*$/.test(pixels);
}
