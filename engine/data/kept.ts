/** Reads the state that is kept with weights. It may come from a stranger: anything that no training keeps counts as absent. */
import type { Json } from '../schema/attributes.ts';

/** The fields of the state; none where there is no state. */
export const keptFields = (state: Json | undefined): { readonly [name: string]: Json } =>
  typeof state === 'object' && state !== null && !Array.isArray(state) ? state : {};

/** A list of texts, such as classes or a vocabulary, with at least one. */
export const keptTexts = (kept: Json | undefined): readonly string[] | undefined =>
  Array.isArray(kept) && kept.length > 0 && kept.every((text) => typeof text === 'string') ? kept : undefined;

/** A whole number from 1 to `most`. */
export const keptCount = (kept: Json | undefined, most: number): number | undefined =>
  Number.isInteger(kept) && (kept as number) >= 1 && (kept as number) <= most ? (kept as number) : undefined;
