/** Layers and their text, which shows whether statistics still belong to the layer as it is now. */
import type { Analysis, LayerRanges } from './typed.ts';

export function layerText(text: string, { layerRanges }: Analysis, name: string): string | undefined {
  const ranges = layerRanges.get(name);
  return ranges && text.slice(ranges.whole.start, ranges.whole.end);
}

/** Each layer that the text has, once: of layers inside of blocks, which have one definition, the one of the first use. */
export function layersInText({
  layerRanges,
}: Analysis): readonly (readonly [name: string, ranges: LayerRanges])[] {
  const seen = new Set<number>();
  return [...layerRanges].filter(([, { name }]) => !seen.has(name.start) && seen.add(name.start));
}
