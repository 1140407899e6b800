/** Layers and their text, which shows whether statistics still belong to the layer as it is now. */
import { commentsWithin } from '../spec/notes.ts';
import type { Analysis, LayerRanges } from './typed.ts';

export function layerText(
  text: string,
  { layerRanges }: Pick<Analysis, 'layerRanges'>,
  name: string,
): string | undefined {
  const ranges = layerRanges.get(name);
  return ranges && text.slice(ranges.whole.start, ranges.whole.end);
}

/** All that comments say about a layer: its note, and the comments between its braces. They move with the layer. */
export function commentsOf(
  text: string,
  analysis: Pick<Analysis, 'notes' | 'layerRanges'>,
  name: string,
): string | undefined {
  const within = commentsWithin(layerText(text, analysis, name) ?? '');
  const all = [analysis.notes.get(name) ?? [], within].flat().join('\n');
  return all === '' ? undefined : all;
}

/** Each layer of the text once. For layers inside blocks, which have one definition, the one of the first use. */
export function layersInText({
  layerRanges,
}: Analysis): readonly (readonly [name: string, ranges: LayerRanges])[] {
  const seen = new Set<number>();
  return [...layerRanges].filter(([, { name }]) => !seen.has(name.start) && seen.add(name.start));
}
