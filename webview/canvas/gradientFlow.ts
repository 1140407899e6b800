/** The width of a connection's line shows how strong the loss gradient is that flows back along it. */

import type { OutputRef } from '../../engine/spec/document.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { flowFrom } from '../../engine/stats/flow.ts';

/** Line widths in pixels: for a vanished gradient, for the strongest one, and without a run. */
export const widths = { least: 1, most: 3.5, rest: 1.5 } as const;

/** Powers of ten between the two. */
export const decades = 6;

const strongest = new WeakMap<NetworkStats, number>();

function strongestOf(stats: NetworkStats): number {
  const known = strongest.get(stats);
  if (known !== undefined) return known;
  const all = Object.values(stats).map((layer) => flowFrom(layer) ?? 0);
  const most = Math.max(0, ...all.filter(Number.isFinite));
  strongest.set(stats, most);
  return most;
}

/** In steps of half a pixel, so that a line is not rendered again at every step of a run. */
export function lineWidth(stats: NetworkStats, { layer }: OutputRef): number {
  const rms = Object.hasOwn(stats, layer) ? flowFrom(stats[layer]) : undefined;
  const most = strongestOf(stats);
  if (rms === undefined || most === 0) return widths.rest;
  const share = Math.min(1, Math.max(0, 1 + Math.log10(rms / most) / decades));
  return Math.round(2 * (widths.least + (widths.most - widths.least) * (share || 0))) / 2;
}
