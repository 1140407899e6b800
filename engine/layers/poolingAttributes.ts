/** The attributes of pooling layers, each declared once, for sequences and for images. */
import * as l10n from '@vscode/l10n';
import { boolean, integer, optional, size2d } from '../schema/attributes.ts';
import { always, inWords } from '../schema/onCard.ts';
import { padding1dOf, padding2dOf } from './attributes.ts';

const ceilMode = boolean({
  default: false,
  onCard: inWords(() => l10n.t('partial last window')),
  doc: 'Also use a last window that extends beyond the edge, so that no cells are left out.',
});

export const countPadding = boolean({
  default: false,
  onCard: inWords(() => l10n.t('padding counted')),
  doc: 'Divide by the number of all cells of the window, including padding. Off divides by the number of cells inside the input.',
});

/** Attributes of a window along a sequence. `padding`: how padded steps count, for the documentation. */
export const poolAttributes1d = (padding: string) => ({
  poolSize: integer({ min: 1, onCard: always, default: 2, doc: 'Steps in the window.' }),
  stride: optional(
    integer({
      min: 1,
      doc: 'Steps from one window to the next. Default: poolSize, so that windows do not overlap.',
    }),
  ),
  padding: padding1dOf(padding),
  dilation: integer({ min: 1, default: 1, doc: 'Distance of neighbouring steps of the window.' }),
  ceilMode,
});

/** Attributes of a window over an image. `padding`: how padded cells count, for the documentation. */
export const poolAttributes2d = (padding: string) => ({
  poolSize: size2d({ min: 1, onCard: always, default: 2, doc: 'Height and width of the window.' }),
  stride: optional(
    size2d({
      min: 1,
      doc: 'Cells from one window to the next. Default: poolSize, so that windows do not overlap.',
    }),
  ),
  padding: padding2dOf(padding),
  dilation: size2d({ min: 1, default: 1, doc: 'Distance of neighbouring cells of the window.' }),
  ceilMode,
});
