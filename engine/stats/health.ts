/** The state of a layer, in one word, which views mark with a shape. Each statistic declares which values mean which state. */

import { type HealthState, healthStates } from '../schema/healthStates.ts';
import type { LayerStats, StatisticDefinition, Tone } from './define.ts';
import { toneOf } from './format.ts';
import { shownStatistics } from './registry.ts';

export interface Health {
  readonly state: HealthState;
  readonly tone: Exclude<Tone, 'good'>;
  /** The share of units or outputs in this state, if not all are. */
  readonly share?: number;
}

/** Undefined for a healthy layer. */
export function healthOf(stats: LayerStats): Health | undefined {
  let worst: Health | undefined;
  for (const shown of shownStatistics(stats)) {
    const tone = toneOf(shown);
    if (tone === undefined || tone === 'good') continue;
    const { state } = shown.statistic as StatisticDefinition;
    const { value } = shown;
    const found = isFiniteValue(value) ? state?.(value) : 'notFinite';
    if (found === undefined) continue;
    const health = { state: found, tone, ...(shown.shape === 'share' ? { share: Number(value) } : {}) };
    if (isWorse(health, worst)) worst = health;
  }
  return worst;
}

const isFiniteValue = (value: unknown): boolean => typeof value !== 'number' || Number.isFinite(value);

/** Whether the state `one` is worse than `other`. Every state is worse than none. */
export const isWorse = (one: Health, other: Health | undefined): boolean =>
  other === undefined || rankOf(one) < rankOf(other);

const rankOf = ({ tone, state }: Health): number =>
  (tone === 'bad' ? 0 : healthStates.length) + healthStates.indexOf(state);
