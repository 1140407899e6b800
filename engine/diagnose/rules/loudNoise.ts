/** Noise that drowns what it is added to. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { std } from '../../stats/std.ts';
import { defineFinding } from '../define.ts';
import { removeLayer, setAttribute } from '../fixes.ts';
import { lastCheck } from '../look.ts';
import { chain } from '../samples.ts';

export const loudNoise = defineFinding({
  code: 'regularization/tooStrong',
  title: 'Noise too strong',
  doc: `A layer adds noise that varies more than the values it is added to, so training sees little but noise.

A denoising autoencoder learns with noise as strong as its images, because neighbouring pixels are alike.

The standard deviation of the noise is compared with that of the layer's input.

**What helps:** noise of a tenth of the input's deviation; less dropout and noise until the network learns.

Limits: twice as strong as the signal; Keras' documentation and [Bishop 1995](https://doi.org/10.1162/neco.1995.7.1.108) take it as a small disturbance.`,
  needs: 'training',
  measures: () => l10n.t('Noise, as a multiple of the signal'),
  limits: { noise: 2 },
  holds: 2,

  find: (look, { noise: most }) =>
    look.analysis.graph.layers.flatMap(({ name, definition, spec, from }) => {
      const noise =
        definition.noiseDeviation === undefined ? 0 : Number(spec.attributes[definition.noiseDeviation]);
      const signal = noise > 0 ? valueIn(std, lastCheck(look).stats[from[0].layer] ?? {}) : undefined;
      if (!signal) return [];
      const ratio = noise / signal;
      return [
        {
          layer: name,
          severity: ratio > most ? ('warning' as const) : undefined,
          evidence: { value: ratio, limit: most },
          message: () =>
            l10n.t(
              'it adds noise with a deviation of {0} to values with a deviation of {1}, so training sees little but noise. Set it to a tenth of that of the values.',
              formatNumber(noise),
              formatNumber(signal),
            ),
        },
      ];
    }),

  fixes(look, layer) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    const attribute = typed?.definition.noiseDeviation;
    const signal = typed && valueIn(std, lastCheck(look).stats[typed.from[0].layer] ?? {});
    if (!typed || !attribute || !signal) return [];
    const value = Number((signal / 10).toPrecision(1));
    return [
      setAttribute(
        typed.name,
        attribute,
        value,
        l10n.t('Set "{0}" of "{1}" to {2}', attribute, typed.name, value),
      ),
      ...removeLayer(look, typed.name),
    ];
  },

  samples: () => ({ sick: [noisy(5)], nearMiss: noisy(0.75), healthy: [noisy(0.1)] }),
});

function noisy(std: number) {
  return chain([2], {
    noise: { type: 'gaussianNoise', std },
    dense1: { type: 'dense', units: 16 },
    act1: { type: 'relu' },
    logits: { type: 'dense', units: 2 },
  });
}
