/** Layers whose weights each start a little too small or too large, so that together they lose the signal. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../../schema/attributes.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { startByHe } from '../fixes.ts';
import { deep } from '../samples.ts';
import { signalsIn } from '../signal.ts';

export const fadingSignal = defineFinding({
  code: 'init/mismatch',
  title: 'The signal fades or grows from layer to layer',
  doc: `The weights of each layer are only a little too small or too large, but the factors multiply. Glorot's rule suits tanh. Before a ReLU, which
passes half of the signal, it makes each layer shrink its input to 0.7, and twenty of them to a thousandth.

Only ReLUs are counted, from the input or from the last layer that sets the size of its outputs itself, such as a normalization, a skip connection or a tanh.

**What helps:** heUniform before every ReLU; batch normalization; skip connections.

Limits: a signal of 1/500 or of 500 times its size. This is information only: Adam, whose steps do not depend on the size of gradients, often learns anyway.`,
  needs: 'static',
  measures: () => l10n.t('Factor by which the signal changes'),
  limits: { fades: 0.002, grows: 500 },

  find({ analysis: { graph } }, { fades, grows }) {
    const signals = [...signalsIn(graph)].filter(([, { layers }]) => layers.length > 2);
    // Where it is lost, it is lost behind that place too.
    const lost = signals.find(([, { gain }]) => (gain > 0 && gain < fades) || gain > grows)?.[1];
    const ends = signals.map(([, signal]) => signal);
    const worst = lost ?? ends.toSorted((a, b) => Math.abs(Math.log(b.gain)) - Math.abs(Math.log(a.gain)))[0];
    if (!worst) return [];
    const { gain, layers } = worst;
    return [
      {
        layer: layers[layers.length - 1].name,
        severity: lost ? ('info' as const) : undefined,
        evidence: { value: gain, limit: gain < 1 ? fades : grows },
        message: () =>
          gain < 1
            ? l10n.t(
                'the weights of {0} layers up to here start a little too small for a ReLU, which leaves {1} of the signal. Use heUniform.',
                layers.length,
                formatNumber(gain),
              )
            : l10n.t(
                'the weights of {0} layers up to here start a little too large, which makes the signal {1} times as large. Use heUniform.',
                layers.length,
                formatNumber(gain),
              ),
      },
    ];
  },

  fixes(look) {
    const longest = [...signalsIn(look.analysis.graph).values()].reduce((most, one) =>
      one.layers.length > most.layers.length ? one : most,
    );
    return startByHe(
      look,
      longest.layers.filter(({ definition }) => Object.hasOwn(definition.attributes, 'kernelInitializer')),
    );
  },

  samples: () => ({
    sick: [sixteen({})],
    nearMiss: sixteen({ dense8: { type: 'dense', units: 16, kernelInitializer: 'heUniform' } }),
    healthy: [deep(8, 'relu', {}, { kernelInitializer: 'glorotUniform' })],
  }),
});

/** Sixteen layers of Glorot's weights before ReLUs, some of them changed. */
function sixteen(changed: { readonly [layer: string]: { readonly [attribute: string]: Json } }) {
  const network = deep(16, 'relu', {}, { kernelInitializer: 'glorotUniform' });
  const layers = Object.entries(network.layers as { readonly [name: string]: object }).map(
    ([name, layer]) => [name, { ...layer, ...changed[name] }],
  );
  return { ...network, layers: Object.fromEntries(layers) };
}
