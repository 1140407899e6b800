/** A layer's own text, by which statistics are known to be still about the layer as it is written now. */
import type { Analysis } from './typed.ts';

export function layerText(text: string, { layerRanges }: Analysis, name: string): string | undefined {
  const ranges = layerRanges.get(name);
  return ranges && text.slice(ranges.whole.start, ranges.whole.end);
}
