/** What a card says about its layer beside its name and shape: its kind and settings, whose parameters it uses, and what judges it. */
import * as l10n from '@vscode/l10n';
import { counted, countText, shortShapeText } from '../../engine/schema/text.ts';
import { standsForLayers } from './cardSizes.ts';
import { isFrozen } from './changingLayers.ts';
import type { LayerView } from './network.ts';
import { settingsOf } from './values.ts';

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

/** The kind of a layer, and what was set of it unless its shape says so. */
export function kindWords({ definition, type, given, typed }: LayerView) {
  const kind = definition?.label ?? (type || l10n.t('no type'));
  // The number of copies of a block is beside its name.
  const { repeat: _, ...shown } = given;
  const about = standsForLayers(definition) ? shown : given;
  const settings = definition ? settingsOf(definition.attributes, about) : [];
  const isShape = typed !== undefined && settings.join() === shortShapeText(typed.inferred.output);
  return { kind, settings: isShape ? [] : settings };
}

/** Between kind and settings. */
export const separator = ' · ';

/** The letters of settings that a card has room for without the kind, and with it. */
const roomWithout = 28;
const roomWithKind = 34;

/**
 * The settings that a card shows: all of them, or only the first ones that have room beside the kind. A card without room for both
 * shows the settings alone (card.css), which then must be whole.
 */
export function shownSettings(kind: string, settings: readonly string[]): string {
  const all = settings.join(separator);
  if (all.length <= roomWithout) return all;
  let count = settings.length;
  const text = () => settings.slice(0, count).join(separator);
  while (count > 1 && kind.length + separator.length + text().length > roomWithKind) count--;
  return text();
}
