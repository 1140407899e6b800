/** Norm of the last update / norm of the parameter, for each parameter of a layer. */
import * as l10n from '@vscode/l10n';
import { mapValues } from '../schema/objects.ts';
import { defineStatistic } from './define.ts';
import { ratioOf } from './updateRatio.ts';

export const updateRatios = defineStatistic({
  key: 'updateRatios',
  doc: 'The ratio of [updateRatio](#updateratio) for each trained parameter by its name, where a layer has several. A parameter that was zero before has none.',
  at: 'update',
  shape: 'numbers',
  read: ({ update }) =>
    update && Object.keys(update.tensors).length > 1
      ? mapValues(
          Object.fromEntries(Object.entries(update.tensors).filter(([, { parameters }]) => parameters !== 0)),
          ratioOf,
        )
      : undefined,
  words: () => ({
    label: 'Δ',
    name: l10n.t('Update ratio of each parameter'),
    meaning: l10n.t(
      'Size of the last update relative to the parameter. Biases that start at zero have a large ratio at first.',
    ),
  }),
});
