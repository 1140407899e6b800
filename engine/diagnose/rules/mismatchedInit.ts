/** Weights whose spread does not suit the size of their layer: the signal grows or shrinks from layer to layer. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { nextWeights, weightsOf } from '../network.ts';
import { small } from '../samples.ts';

export const mismatchedInit = defineFinding({
  code: 'init/mismatch',
  title: 'Weights start too large or too small',
  doc: `Weights are drawn with a spread that does not follow the number of inputs. A sum over n inputs grows with √n, so outputs of a
large layer saturate or explode where weights are too large, and vanish where they are too small; gradients on their way back do the same.

Compared is the standard deviation with that of He, √(2 / inputs), and of Glorot, √(2 / (inputs + outputs)).

**What helps:** heUniform before ReLU, glorotUniform before tanh and sigmoid.

Limits: a factor of 4 too large or 5 too small; neuro-scope warns from a factor of 2.`,
  needs: 'static',
  limits: { large: 4, small: 0.2 },

  find({ analysis: { graph } }, { large, small: low }) {
    return graph.layers.flatMap((layer) => {
      const isHidden = nextWeights(graph, layer.name).length > 0;
      return weightsOf(layer).flatMap(({ name, spread, fanIn, fanOut }) => {
        if (!spread || spread.std === 0) return [];
        const size = Math.hypot(spread.std, spread.mean);
        const [he, glorot] = [Math.sqrt(2 / fanIn), Math.sqrt(2 / (fanIn + fanOut))];
        const tooLarge = size / he;
        const tooSmall = size / glorot;
        const severity = tooLarge > large || (isHidden && tooSmall < low) ? ('warning' as const) : undefined;
        return [
          {
            layer: layer.name,
            severity,
            evidence: tooLarge > 1 ? { value: tooLarge, limit: large } : { value: tooSmall, limit: low },
            message: () =>
              tooLarge > 1
                ? l10n.t(
                    'its {0} starts with numbers of about {1}, {2} times what suits {3} inputs, so its outputs will be far too large. Use heUniform or glorotUniform.',
                    name,
                    formatNumber(size),
                    formatNumber(tooLarge),
                    fanIn,
                  )
                : l10n.t(
                    'its {0} starts with numbers of about {1}, {2} times what suits {3} inputs, so the signal dies out. Use heUniform or glorotUniform.',
                    name,
                    formatNumber(size),
                    formatNumber(tooSmall),
                    fanIn,
                  ),
          },
        ];
      });
    });
  },

  fixes: (look, layer) =>
    layer === undefined || !look.analysis.graph.byName.get(layer)?.spec.attributes.kernelInitializer
      ? []
      : [
          setAttribute(layer, 'kernelInitializer', 'heUniform', l10n.t('Start {0} by the rule of He', layer)),
          setAttribute(
            layer,
            'kernelInitializer',
            'glorotUniform',
            l10n.t('Start {0} by the rule of Glorot', layer),
          ),
        ],

  samples: {
    sick: [
      small('tanh', {}, { kernelInitializer: { type: 'normal', std: 3 } }),
      small('relu', {}, { kernelInitializer: { type: 'normal', std: 0.001 } }),
    ],
    healthy: [small('tanh', {}, { kernelInitializer: { type: 'normal', std: 0.4 } }), small('relu')],
  },
});
