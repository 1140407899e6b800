/** Weights whose spread does not suit the size of their layer: the signal grows or shrinks from layer to layer. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import type { Spread } from '../../initializers/define.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { together } from '../fixes.ts';
import { nextWeights, readersIn, squashes, weightsOf } from '../network.ts';
import { small } from '../samples.ts';

export const mismatchedInit = defineFinding({
  code: 'init/mismatch',
  title: 'Weights start too large or too small',
  doc: `Weights are drawn with a spread that does not follow the number of inputs. A sum over n inputs grows with √n, so outputs of a
large layer saturate or explode where weights are too large, and vanish where they are too small; gradients do the same on their way back.

The standard deviation is compared with that of He, √(2 / inputs), and of Glorot, √(2 / (inputs + outputs)). A recurrent layer adds up its
inputs over n time steps, so weights may be √n times smaller there.

**What helps:** heUniform before ReLU, glorotUniform before tanh and sigmoid.

Limits: 4 times too large or 5 times too small; neuro-scope warns from a factor of 2.`,
  needs: 'static',
  limits: { large: 4, small: 0.2 },

  find({ analysis: { graph } }, { large, small: low }) {
    return graph.layers.flatMap((layer) => {
      const isHidden = nextWeights(graph, layer.name).length > 0;
      return weightsOf(layer).flatMap(({ name, spread, fanIn, fanOut }) => {
        if (spread.std === 0) return [];
        const { size, tooLarge, tooSmall } = sizes(spread, fanIn, fanOut, stepsOf(graph, layer, name));
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

  fixes(look, layer, limits) {
    const { graph } = look.analysis;
    const edits = graph.layers.flatMap((typed) => editsOf(graph, typed, limits));
    const own = edits.filter((edit) => edit.layer === layer);
    if (own.length === 0) return [];
    const others = new Set(edits.map((edit) => edit.layer)).size;
    return [
      {
        title:
          others === 1
            ? l10n.t('Match the initializer of "{0}" to its activation', own[0].layer)
            : l10n.t('Match the initializers of {0} layers to their activations', others),
        edit: together(edits),
      },
      ...(others === 1
        ? []
        : [
            {
              title: l10n.t('Match the initializer of "{0}" to its activation', own[0].layer),
              edit: together(own),
            },
          ]),
    ];
  },

  samples: {
    sick: [
      small('tanh', {}, { kernelInitializer: { type: 'normal', std: 3 } }),
      small('relu', {}, { kernelInitializer: { type: 'normal', std: 0.001 } }),
    ],
    healthy: [small('tanh', {}, { kernelInitializer: { type: 'normal', std: 0.4 } }), small('relu')],
  },
});

/** Edits that initialize weights that start too large or too small by the rule that suits the activation after them. */
function editsOf(
  graph: TypedGraph,
  typed: TypedLayer,
  { large, small: low }: { large: number; small: number },
) {
  const isHidden = nextWeights(graph, typed.name).length > 0;
  const isSquashed = (readersIn(graph).get(typed.name) ?? []).some(squashes);
  return weightsOf(typed).flatMap(({ name, spread, fanIn, fanOut }) => {
    const attribute = initializerOf(name);
    if (spread.std === 0 || !Object.hasOwn(typed.spec.attributes, attribute)) return [];
    const { tooLarge, tooSmall } = sizes(spread, fanIn, fanOut, stepsOf(graph, typed, name));
    if (tooLarge <= large && !(isHidden && tooSmall < low)) return [];
    const value =
      name === 'recurrentKernel' ? 'orthogonal' : isSquashed || !isHidden ? 'glorotUniform' : 'heUniform';
    return [{ kind: 'setAttribute' as const, layer: typed.name, attribute, value }];
  });
}

/** "recurrentInitializer" for "recurrentKernel": the attribute that initializes a parameter. */
const initializerOf = (parameter: string): string =>
  parameter === 'recurrentKernel' ? 'recurrentInitializer' : `${parameter}Initializer`;

/** The initial size of weights, and its ratio to the size by He's and by Glorot's rule. */
function sizes({ std, mean }: Spread, fanIn: number, fanOut: number, steps: number) {
  const size = Math.hypot(std, mean);
  return {
    size,
    tooLarge: size / Math.sqrt(2 / fanIn),
    tooSmall: (size * Math.sqrt(steps)) / Math.sqrt(2 / (fanIn + fanOut)),
  };
}

/** Time steps whose inputs these weights add to a state; otherwise 1. Small weights suit them: the state grows with the steps. */
function stepsOf({ byName }: TypedGraph, { definition, from }: TypedLayer, parameter: string): number {
  const source = from[0] && byName.get(from[0].layer);
  if (definition.category !== 'recurrent' || parameter === 'recurrentKernel') return 1;
  return source?.inferred.output[0] ?? 1;
}
