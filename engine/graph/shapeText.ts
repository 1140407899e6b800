/** Shapes as messages write them: 28×28×1. */
import * as l10n from '@vscode/l10n';
import type { Shape } from '../layers/define.ts';

export const shapeText = (shape: Shape): string =>
  shape.length === 0 ? l10n.t('one number') : shape.join('×');
