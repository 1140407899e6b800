/** The bar between two panels, dragged with the pointer or moved with the arrow keys. */
import { useRef } from 'react';

interface SplitterProps {
  readonly label: string;
  /** The size of the panel to the right of the bar or below it. */
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly orientation: 'vertical' | 'horizontal';
  onResize(size: number): void;
}

export function Splitter({ label, size, min, max, orientation, onResize }: SplitterProps) {
  const grip = useRef<{ readonly at: number; readonly size: number } | undefined>(undefined);
  const vertical = orientation === 'vertical';
  const resize = (wanted: number) => onResize(Math.round(Math.min(max, Math.max(min, wanted))));
  const position = (event: React.PointerEvent) => (vertical ? event.clientX : event.clientY);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> takes no focus and no values.
    <div
      className={`splitter ${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { at: position(event), size };
      }}
      onPointerMove={(event) => {
        if (grip.current) resize(grip.current.size + grip.current.at - position(event));
      }}
      onLostPointerCapture={() => {
        grip.current = undefined;
      }}
      onKeyDown={({ key }) => {
        if (key === (vertical ? 'ArrowLeft' : 'ArrowUp')) resize(size + 20);
        if (key === (vertical ? 'ArrowRight' : 'ArrowDown')) resize(size - 20);
      }}
    />
  );
}
