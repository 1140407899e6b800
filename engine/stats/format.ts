/** Statistics as the short text that both views show: after a layer's line, and on its node. */

import { formatNumber, formatShare } from '../schema/numbers.ts';
import type { LayerStats, Shape, ShapeValues, StatisticDefinition, Tone } from './define.ts';
import { type Shown, shownStatistics, statistics } from './registry.ts';

export interface StatsBadge {
  /** Stable identity, the statistic's key. */
  readonly key: string;
  /** A symbol or word, e.g. "μ" or "zero". */
  readonly label: string;
  readonly value: string;
  /** The statistic's full name. */
  readonly name: string;
  /** The meaning of the number, and what to do about it. */
  readonly meaning: string;
  readonly tone?: Tone;
  /** For a share: the number itself, from 0 to 1, for a bar. */
  readonly share?: number;
  readonly card?: StatisticDefinition['card'];
}

/** The width every number is padded to, so that text beside it does not move while it changes. */
const width = 7;
const figureSpace = '\u2007';

const pad = (text: string, to: number): string => text.padStart(to, figureSpace);

/** Undefined for a share that is not known yet. */
type BadgeText = Pick<StatsBadge, 'value' | 'share'> | undefined;

/** The value as text. Only drawings show the other shapes. */
const texts: { readonly [S in Shape]?: (value: ShapeValues[S]) => BadgeText } = {
  number: (value) => ({ value: pad(formatNumber(value), width) }),
  share: (share) => (share === null ? undefined : { value: pad(formatShare(share), 5), share }),
};

/** The tone that the statistic gives its value. If it gives none, a number that is not finite is bad. */
export function toneOf({ statistic, value }: Shown): Tone | undefined {
  const { tone } = statistic as StatisticDefinition;
  if (tone) return tone(value);
  return typeof value === 'number' && !Number.isFinite(value) ? 'bad' : undefined;
}

/** One statistic as a badge, if its shape has a text. */
export function badgeOf(shown: Shown): StatsBadge | undefined {
  const { key, words, card } = shown.statistic;
  const read = texts[shown.shape] as ((value: unknown) => BadgeText) | undefined;
  const text = read?.(shown.value);
  if (!text || !words) return undefined;
  const tone = toneOf(shown);
  const { label, name, meaning } = words();
  return { key, label, name, meaning, ...text, ...(tone ? { tone } : {}), ...(card ? { card } : {}) };
}

/** All statistics of a layer that have a text, in the order of the registry. */
export const statsBadges = (stats: LayerStats): readonly StatsBadge[] =>
  shownStatistics(stats).flatMap((shown) => badgeOf(shown) ?? []);

/** The keys of all statistics that have a text. */
export const badgeKeys: readonly string[] = statistics.flatMap(({ key, shape, words }) =>
  words && texts[shape] ? [key] : [],
);

/** The sign of such a statistic and its name, for a list of them: "∇ · Gradient norm". */
export function badgeTitle(key: string): string {
  const { label, name } = statistics.find((one) => one.key === key)!.words!();
  return label === name.toLowerCase() ? name : `${label} · ${name}`;
}

/** Whether a person wants to see a statistic beside the text, by its key. */
export type Wanted = (key: string) => boolean;

const any: Wanted = () => true;

/** Which of two badges comes first: the one with the lower number. By default the worst one. */
type Order = (badge: StatsBadge) => number;

const tones: readonly (Tone | undefined)[] = ['bad', 'warn'];
const byTone: Order = ({ tone }) => (tones.includes(tone) ? tones.indexOf(tone) : tones.length);

/**
 * All wanted badges on one line, the most important ones first, and the others in the order of the registry. Numbers are next to their labels, and figure spaces do
 * not collapse.
 */
export function shortStats(stats: LayerStats, isWanted = any, order: Order = byTone): string {
  return statsBadges(stats)
    .filter(({ key }) => isWanted(key))
    .sort((one, other) => order(one) - order(other))
    .map((badge) => badgeText(badge))
    .join(figureSpace)
    .trimEnd();
}

/** How many statistics a brief text has, and how many characters: always the same, so that texts beside it are aligned. */
export type BriefCount = 1 | 2;
/** "dead 100 %" is the longest statistic of one. */
export const briefWidth: { readonly [C in BriefCount]: number } = { 1: 10, 2: 20 };

/** The wanted badge that comes first. Of two, the second is the gradient. */
export function briefStats(
  stats: LayerStats,
  isWanted = any,
  count: BriefCount = 2,
  order: Order = byTone,
): string {
  const badges = statsBadges(stats)
    .filter(({ key }) => isWanted(key))
    .sort((one, other) => order(one) - order(other));
  if (count === 1) return fill(badgeText(badges[0]), briefWidth[1]);
  const right = badges.find(({ card }) => card === 'gradient');
  const [left, ...others] = [...badges.filter((badge) => badge !== right), right];
  const rightText = others.length > 0 ? badgeText(right) : '';
  return fill(`${fill(badgeText(left), briefWidth[1])}${figureSpace}${rightText}`, briefWidth[2]);
}

const fill = (text: string, to: number): string => text.padEnd(to, figureSpace);

const badgeText = (badge: StatsBadge | undefined): string =>
  badge ? `${badge.label} ${badge.value.trimStart().padEnd(badge.value.length, figureSpace)}` : '';

/** The worst tone of a layer's badges. */
export function worstTone(badges: readonly StatsBadge[]): Tone | undefined {
  const order: readonly Tone[] = ['bad', 'warn', 'good'];
  return order.find((tone) => badges.some((badge) => badge.tone === tone));
}
