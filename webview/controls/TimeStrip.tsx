/** A bar for each time step, on a logarithmic scale, so that vanishing gradients fall off to the left. */
import { barHeights } from '../../engine/stats/bars.ts';

export function TimeStrip({ norms, label }: { readonly norms: readonly number[]; readonly label: string }) {
  const heights = barHeights(norms);
  // One path for all bars, because cards may redraw many strips ten times a second.
  const shape = heights.map((height, index) => `M${index + 0.1} 1v${-height}h.8V1z`).join('');
  return (
    <svg
      className="time-strip"
      viewBox={`0 0 ${heights.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={shape} />
    </svg>
  );
}
