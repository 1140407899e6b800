/** Label smoothing: a loss that allows for wrong labels. */
import * as l10n from '@vscode/l10n';
import type { Analysis } from '../graph/typed.ts';
import { type SpecFix, setTraining } from './fixes.ts';

/** Whether a loss allows for wrong labels. */
export const smooths = ({ spec }: Analysis): boolean =>
  spec.training?.losses.some(({ attributes }) => Number(attributes.labelSmoothing ?? 0) > 0) ?? false;

/** Sets it for the first loss that could smooth labels, and does not. */
export function smoothLabels({ spec, lossesAreListed }: Analysis): SpecFix[] {
  const index = spec.training?.losses.findIndex(({ attributes }) => attributes.labelSmoothing === 0) ?? -1;
  if (index < 0) return [];
  const path = ['loss', ...(lossesAreListed ? [index] : []), 'labelSmoothing'];
  return [setTraining(path, 0.1, l10n.t('Set "labelSmoothing" to {0}', 0.1))];
}
