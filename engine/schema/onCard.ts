/** How cards in the graph write values of attributes. Without it, a card writes the name and the value, where a value is set. */
import * as l10n from '@vscode/l10n';
import { counted } from './text.ts';

export interface OnCard {
  /** Even where it is the default. */
  readonly always?: true;
  /** `shown` is the value as cards write it: 3×3, same, true. */
  readonly words: (shown: string) => string;
}

/** The value alone: "same". */
export const bare: OnCard = { words: (shown) => shown };

/** The value alone, even where it is the default: "2×2". */
export const always: OnCard = { ...bare, always: true };

/** "8 filters". The value may be the name of a parameter of a block. */
export const amount = (things: Parameters<typeof counted>[1]): OnCard => ({
  words: (shown) => counted(Number(shown), things, shown),
});

export const inWords = (words: OnCard['words']): OnCard => ({ words });

/** Of the attribute that adds a bias, which is the default. */
export const noBias: OnCard = inWords(() => l10n.t('no bias'));
