/** Loss and metrics as people say them: by their names, and shares in per cent. */
import * as l10n from '@vscode/l10n';
import { metrics } from '../../engine/metrics/registry.ts';
import { formatNumber } from '../../engine/stats/format.ts';

/** "Loss", "Mean absolute error". */
export const scoreLabel = (name: string): string =>
  name === 'loss' ? l10n.t('Loss') : (metrics.find(name)?.label ?? name);

export const formatScore = (name: string, value: number, digits = 2): string =>
  metrics.find(name)?.unit === 'share' ? `${(100 * value).toFixed(digits)} %` : formatNumber(value);
