/** An SVG picture as PNG, drawn by the browser. */
import type { Picture } from './picture.ts';

/** Pixels of the PNG for each of the picture: sharp in print at the size it has on the screen. */
const sharpness = 3;
/** Limits of a canvas in browsers: its longer side, and its number of pixels (four bytes each). */
const longestSide = 16_000;
const mostPixels = 60_000_000;

export const scaleOf = (width: number, height: number): number =>
  Math.min(sharpness, longestSide / Math.max(width, height), Math.sqrt(mostPixels / (width * height)));

/** In Base64. */
export async function toPng({ svg, width, height }: Picture): Promise<string> {
  const scale = scaleOf(width, height);
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    // Read directly as text from the canvas, because the policy of the page forbids fetching a blob.
    const url = canvas.toDataURL('image/png');
    return url.slice(url.indexOf(',') + 1);
  } finally {
    URL.revokeObjectURL(address);
  }
}
