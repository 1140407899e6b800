/**
 * The output's shape as a small box whose sides follow the logarithm of its axes, so that one sees maps shrink and
 * channels grow along a network. One axis is a bar, two axes are a strip, three are a box.
 */
type Shape = readonly number[];

const largest = 4096;

/** From 0.25 to 1. */
const side = (size: number): number => 0.25 + (0.75 * Math.log(Math.min(size, largest))) / Math.log(largest);

/** In a field of 20 × 14. */
export function glyphPath(shape: Shape): string {
  const [first = 1, second, ...rest] = shape;
  if (second === undefined) return box(3, 12 * side(first), 0);
  if (rest.length === 0) return box(14 * side(first), 10 * side(second), 0);
  const depth = rest.reduce((product, size) => product * size, 1);
  return box(11 * side(second), 11 * side(first), 6 * side(depth));
}

/** The front and, if the box has a depth, the two visible sides behind it. */
function box(width: number, height: number, depth: number): string {
  const rise = depth * 0.45;
  const x = 10 - (width + depth) / 2;
  const y = 7 - (height - rise) / 2;
  const front = `M${x},${y}h${width}v${height}h${-width}z`;
  if (depth === 0) return front;
  return `${front}l${depth},${-rise}h${width}l${-depth},${rise}m${depth},${-rise}v${height}l${-depth},${rise}`;
}
