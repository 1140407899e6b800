/** What a card says about its layer beside its settings and shape: whose parameters it uses, and what judges it. */
import * as l10n from '@vscode/l10n';
import { counted, countText } from '../../engine/schema/text.ts';
import { isFrozen } from './changingLayers.ts';
import type { LayerView } from './network.ts';

/** A few words for the card, and all of it for a tooltip and a screen reader. */
export interface CardWords {
  readonly short: string;
  readonly long: string;
}

/** The layer whose parameters it uses. */
export const sharedWords = ({ given: { shares } }: LayerView): CardWords | undefined =>
  typeof shares === 'string'
    ? { short: `= ${shares}`, long: l10n.t('uses the parameters of {0}', shares) }
    : undefined;

/** The layer whose parameters it uses, or the number of its own. */
export function parameterWords(layer: LayerView): CardWords | undefined {
  const shared = sharedWords(layer);
  if (shared) return shared;
  const { summary } = layer;
  if (!summary || summary.parameters === 0) return undefined;
  const count = counted(summary.parameters, 'parameters');
  return {
    short: countText(summary.parameters),
    long: isFrozen(layer) ? l10n.t('{0}, frozen', count) : l10n.t('{0}, trained', count),
  };
}

/** The most digits of a weight on a card, as of a statistic. */
const digits = 3;

/** The losses that are computed from it. */
export function lossWords({ losses }: Pick<LayerView, 'losses'>): CardWords | undefined {
  if (losses.length === 0) return undefined;
  const [{ weight }] = losses;
  const one = weight === 1 ? l10n.t('loss') : l10n.t('loss × {0}', Number(weight.toPrecision(digits)));
  const names = losses.map(({ label, weight }) => (weight === 1 ? label : `${weight} × ${label}`));
  return {
    short: losses.length === 1 ? one : l10n.t('{0} losses', losses.length),
    long: l10n.t('judged by {0}', names.join(', ')),
  };
}
