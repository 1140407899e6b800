/**
 * The look of a connection during a run. Its width shows the size of the values that flow along it. Its colour and pattern compare
 * the loss gradient that flows back with the gradient at the loss.
 */
import { outputShape } from '../../engine/graph/infer.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { activationFrom, gradientFrom } from '../../engine/stats/flow.ts';
import { fullName } from '../model/editor.ts';
import type { NetworkView } from '../model/network.ts';
import type { Ran, Run } from '../model/run.ts';

/** Line widths in pixels: the largest and the smallest, for a root mean square of one, and without a run. */
export const widths = { least: 1, most: 3.5, one: 2, rest: 1.5 } as const;
/** Additional width of a line for values that are ten times as large. */
const perDecade = 0.75;

/** How the gradient compares with that at the loss, from the smallest; up to which power of ten. */
const gradientLevels = {
  vanished: -3,
  weak: -1,
  level: 1,
  strong: 3,
  exploded: Infinity,
} as const;

export type GradientLevel = keyof typeof gradientLevels;

export const gradientLevelNames = Object.keys(gradientLevels) as GradientLevel[];

/**
 * The direction in which a level is unusual. A gradient that grows is a fault beyond a thousand times only, the limit of the findings about
 * exploding gradients: where little is left to learn, that at the loss is small.
 */
export const gradientTints: { readonly [L in GradientLevel]?: 'faded' | 'exploded' } = {
  vanished: 'faded',
  weak: 'faded',
  exploded: 'exploded',
};

/** Patterns, so that levels differ without colour, too. */
export const gradientDashes: { readonly [L in GradientLevel]?: string } = {
  vanished: '1.5 5',
  weak: '6 3',
  strong: '14 2.5',
  exploded: '14 2.5 2 2.5',
};

export interface LineLook {
  readonly width: number;
  /** Absent without a gradient. */
  readonly level?: GradientLevel;
}

interface Reference {
  readonly ran: Ran | undefined;
  readonly gradient: number;
}

const references = new WeakMap<NetworkStats, Reference>();

/** The largest gradient at an output that a loss reads. */
function gradientAtLoss(stats: NetworkStats, ran: Ran | undefined): number {
  const known = references.get(stats);
  if (known?.ran === ran) return known?.gradient ?? 0;
  const all = (ran?.spec.training?.losses ?? []).map(({ from }) => gradientAt(stats, ran, from) ?? 0);
  const gradient = Math.max(0, ...all.filter(Number.isFinite));
  references.set(stats, { ran, gradient });
  return gradient;
}

/** The layer that computes an output in view. For a block, it is a layer inside. */
function runningOf(view: NetworkView, ref: OutputRef): OutputRef {
  const layer = fullName(view, ref.layer);
  const source = ref.output === undefined ? view.whole.graph.byName.get(layer)?.source : undefined;
  return source ?? { ...ref, layer };
}

/** `ref` is an output of a layer that ran. Its shape now may be another one. */
function gradientAt(stats: NetworkStats, ran: Ran | undefined, ref: OutputRef): number | undefined {
  const typed = ran?.graph.byName.get(ref.layer);
  const shape = typed && outputShape(typed, ref.output);
  return shape && Object.hasOwn(stats, ref.layer) ? gradientFrom(stats[ref.layer], shape) : undefined;
}

/** `ran`: the network that ran, with the names that its layers have in view. */
export function lineLook(
  { stats, ran }: Pick<Run, 'stats' | 'ran'>,
  view: NetworkView | undefined,
  shown: OutputRef,
): LineLook {
  const ref = view ? runningOf(view, shown) : shown;
  if (!view || !Object.hasOwn(stats, ref.layer)) return { width: widths.rest };
  const scale = activationFrom(stats[ref.layer]);
  const gradient = gradientAt(stats, ran, ref);
  const reference = gradientAtLoss(stats, ran);
  const level = gradient === undefined || reference === 0 ? undefined : levelOf(gradient / reference);
  return { width: scale === undefined ? widths.rest : widthOf(scale), ...(level ? { level } : {}) };
}

/** In steps of half a pixel, so that a line is not drawn again at every step of a run. */
function widthOf(scale: number): number {
  const width = widths.one + perDecade * Math.log10(scale);
  return Number.isNaN(width)
    ? widths.most
    : Math.round(2 * Math.min(widths.most, Math.max(widths.least, width))) / 2;
}

/** A gradient that is not finite counts as exploded. */
const levelOf = (ratio: number): GradientLevel =>
  gradientLevelNames.find((level) => Math.log10(ratio) <= gradientLevels[level]) ?? 'exploded';
