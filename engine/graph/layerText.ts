/** Layers, their text and their shapes. If one of them has changed, the statistics of the layer no longer describe it. */
import { bare, commentsWithin } from '../spec/notes.ts';
import type { Analysis, LayerRanges } from './typed.ts';

/** The text of a layer's property; undefined if there is no such layer. */
export function layerText(
  text: string,
  { layerRanges }: Pick<Analysis, 'layerRanges'>,
  name: string,
): string | undefined {
  const ranges = layerRanges.get(name);
  return ranges && text.slice(ranges.whole.start, ranges.whole.end);
}

/** Whether two texts of a layer differ at most in comments and in the space around words. */
export const isSameLayer = (one: string | undefined, other: string | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && bare(one) === bare(other));

/** The shapes that a layer reads and gives, as a text to compare; undefined while they are not known. */
export function layerShapes({ graph }: Pick<Analysis, 'graph'>, name: string): string | undefined {
  const layer = graph.byName.get(name);
  return layer && JSON.stringify([layer.inputShapes, layer.inferred.output]);
}

/** Whether shapes of a layer are the same, or one of them is not known at the moment, because a text has errors. */
export const areSameShapes = (one: string | undefined, other: string | undefined): boolean =>
  one === other || one === undefined || other === undefined;

/** All comments on a layer, which move with it: its note, and the comments between its braces. */
export function commentsOf(
  text: string,
  analysis: Pick<Analysis, 'notes' | 'layerRanges'>,
  name: string,
): string | undefined {
  const within = commentsWithin(layerText(text, analysis, name) ?? '');
  const all = [analysis.notes.get(name) ?? [], within].flat().join('\n');
  return all === '' ? undefined : all;
}

/** Each layer of the text once. A layer of a block, which is defined once, has the name that it has in the first use. */
export function layersInText({
  layerRanges,
}: Analysis): readonly (readonly [name: string, ranges: LayerRanges])[] {
  const seen = new Set<number>();
  return [...layerRanges].filter(([, { name }]) => !seen.has(name.start) && seen.add(name.start));
}
