/** More samples to learn from: a usual part for the test, and as many as a data set generates by default. */
import * as l10n from '@vscode/l10n';
import { datasets } from '../../data/registry.ts';
import { setTraining } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

/** A larger part for the test is unusual. */
const mostForTest = 0.4;

export const moreSamples = defineAlternative({
  code: always('fit/overfitting'),

  changes({ analysis: { spec } }) {
    const { data } = spec.training ?? {};
    if (!data) return [];
    const usual = (name: string) => Number(datasets.get(data.type).attributes[name]?.default);
    const { testFraction, samples } = data.attributes;
    return [
      ...(Number(testFraction) > mostForTest
        ? [
            setTraining(
              ['data', 'testFraction'],
              undefined,
              l10n.t('Reset "{0}" of the data', 'testFraction'),
            ),
          ]
        : []),
      // Fewer by a small factor were chosen for speed.
      ...(Number(samples) < usual('samples') / 10
        ? [setTraining(['data', 'samples'], undefined, l10n.t('Reset "{0}" of the data', 'samples'))]
        : []),
    ];
  },
});
