/** Numbers from −1 to 1 as pixels: zero in the colour of the background, positive towards orange, negative towards blue. */
import { useEffect, useRef } from 'react';
import { drawPixels } from '../controls/drawPixels.ts';
import { useThemeVersion } from '../theme/useThemeVersion.ts';

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
    if (ref.current) drawPixels(ref.current, values);
  }, [columns, rows, values, theme]);
  return (
    <canvas
      ref={ref}
      className={className}
      width={columns}
      height={rows}
      style={className ? { height } : { width: (height / rows) * columns, aspectRatio: columns / rows }}
      role="img"
      aria-label={label}
    />
  );
}
