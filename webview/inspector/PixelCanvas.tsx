/** Numbers from −1 to 1 as pixels: zero in the colour of the background, positive towards orange, negative towards blue. */
import { useEffect, useRef } from 'react';
import { useThemeVersion } from '../theme/useThemeVersion.ts';

/** Distinguishable with any colour vision, on light and dark backgrounds. */
const positive = [230, 126, 20];
const negative = [40, 120, 215];

interface PixelCanvasProps {
  readonly columns: number;
  readonly rows: number;
  /** Values row by row; undefined is transparent, NaN is red. */
  readonly values: readonly (number | undefined)[];
  /** In pixels of the page; the width follows from it unless a class sets it. */
  readonly height: number;
  readonly label: string;
  readonly className?: string;
}

export function PixelCanvas({ columns, rows, values, height, label, className }: PixelCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const base = backgroundOf(ref.current!);
    const image = context.createImageData(columns, rows);
    values.forEach((value, index) => {
      if (value === undefined) return;
      const end = Number.isNaN(value) ? [255, 0, 0] : value < 0 ? negative : positive;
      const share = Number.isNaN(value) ? 1 : Math.min(1, Math.abs(value));
      for (let c = 0; c < 3; c++) image.data[4 * index + c] = base[c] + share * (end[c] - base[c]);
      image.data[4 * index + 3] = 255;
    });
    context.putImageData(image, 0, 0);
  }, [columns, rows, values, theme]);
  return (
    <canvas
      ref={ref}
      className={className}
      width={columns}
      height={rows}
      style={{ height, ...(className ? {} : { width: (height / rows) * columns }) }}
      role="img"
      aria-label={label}
    />
  );
}

/** The colour of zero: the background, slightly towards the text colour, so that the picture has a visible edge. */
function backgroundOf(element: HTMLElement): number[] {
  const { color } = getComputedStyle(element);
  const [text, behind] = [color, getComputedStyle(document.body).backgroundColor].map(
    (colour) =>
      colour
        .match(/[\d.]+/g)
        ?.slice(0, 3)
        .map(Number) ?? [128, 128, 128],
  );
  return behind.map((value, c) => value + 0.08 * (text[c] - value));
}
