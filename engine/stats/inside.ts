/** The statistics of a use of a block: those of the inner layer in the worst state, or else of the last one. */
import type { LayerStats } from './define.ts';
import { statsBadges, worstTone } from './format.ts';
import { type Health, healthOf, isWorse } from './health.ts';

/** The layers inside of a use, in order: "stages/1/conv" is inside of "stages" and of "stages/1". */
export const layersInside = (names: readonly string[], use: string): readonly string[] =>
  names.filter((name) => name.startsWith(`${use}/`));

export interface InsideLayer<S> {
  readonly layer: string;
  readonly found: S;
}

/** `statsOf` returns nothing for layers that were not measured. */
export const worstInside = <S extends { readonly stats: LayerStats }>(
  names: readonly string[],
  use: string,
  statsOf: (layer: string) => S | undefined,
): InsideLayer<S> | undefined => worstOf(layersInside(names, use), statsOf);

/** The layer in the worst state; if all are healthy, the last one. */
export function worstOf<S extends { readonly stats: LayerStats }>(
  names: readonly string[],
  statsOf: (layer: string) => S | undefined,
): InsideLayer<S> | undefined {
  let worst: (InsideLayer<S> & { readonly health: Health | undefined; readonly warns: boolean }) | undefined;
  for (const layer of names) {
    const found = statsOf(layer);
    if (!found) continue;
    const health = healthOf(found.stats);
    const tone = worstTone(statsBadges(found.stats));
    const warns = tone === 'warn' || tone === 'bad';
    // The last of the healthy layers is nearest to the output of the block.
    const isNext =
      !worst || (health ? isWorse(health, worst.health) : !worst.health && (warns || !worst.warns));
    if (isNext) worst = { layer, found, health, warns };
  }
  return worst;
}

/** "2/conv" for "stages/2/conv" in "stages". */
export const nameInside = (layer: string, use: string): string => layer.slice(use.length + 1);
