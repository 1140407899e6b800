/** The states of a layer, each in one word. */
import * as l10n from '@vscode/l10n';

/** The worst first: if a layer has several, views mark the first. */
const states = {
  notFinite: () => l10n.t('not finite'),
  exploding: () => l10n.t('exploding'),
  dead: () => l10n.t('dead units'),
  saturated: () => l10n.t('saturated'),
  vanished: () => l10n.t('vanishing gradient'),
  stopped: () => l10n.t('hardly learning'),
} as const;

export type HealthState = keyof typeof states;

export const healthStates = Object.keys(states) as readonly HealthState[];
export const healthLabel = (state: HealthState): string => states[state]();
