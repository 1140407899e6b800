/** The states of a layer, each in one word. */
import * as l10n from '@vscode/l10n';

/** The worst comes first. If a layer has several states, views mark the first. */
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
/** The word that views show for a state. */
export const healthLabel = (state: HealthState): string => states[state]();
