/** Weights whose spread does not suit the size of their layer: the signal grows or shrinks from layer to layer. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import type { Spread } from '../../initializers/define.ts';
import type { Json } from '../../schema/attributes.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { counted } from '../../schema/text.ts';
import { defineFinding } from '../define.ts';
import { together } from '../fixes.ts';
import { isSquashed, nextWeights, weightsOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const mismatchedInit = defineFinding({
  code: 'init/mismatch',
  title: 'Weights start too large or too small',
  doc: `Weights are drawn with a spread that does not follow the number of inputs. A sum over n inputs grows with √n, so outputs of a
large layer saturate or explode where weights are too large, and vanish where they are too small; gradients do the same on their way back.

The standard deviation is compared with that of He, √(2 / inputs), and of Glorot, √(2 / (inputs + outputs)). A recurrent layer adds up its
inputs over n time steps, so weights may be √n times smaller there.

**What helps:** heUniform before ReLU, glorotUniform before tanh and sigmoid.

Recurrent weights of ReLUs act once in each time step, so a factor of 1.3 makes a state thousands of times as large after 30 steps.

Limits: 4 times too large, 2 times for recurrent weights, or 5 times too small; neuro-scope warns from a factor of 2. Growth by 1000 over a sequence. Weights
that are too small are information if they leave a hundredth of the signal or more, all of them together: such a network starts slowly, and learns.`,
  needs: 'static',
  limits: { large: 4, small: 0.2, explodes: 1000, faint: 0.01 },

  find({ analysis: { graph } }, { large, small: low, explodes, faint }) {
    const isFaint = leftBySmall(graph, low) >= faint;
    return graph.layers.flatMap((layer) => {
      const isHidden = nextWeights(graph, layer.name).length > 0;
      return weightsOf(layer).flatMap(({ name, spread, fanIn, fanOut }) => {
        if (spread.std === 0) return [];
        const { size, tooLarge, tooSmall } = sizes(spread, fanIn, fanOut, addedSteps(layer, name));
        const growth = growthInTime(layer, name, tooLarge);
        if (growth > explodes)
          return [
            {
              layer: layer.name,
              severity: 'warning' as const,
              evidence: { value: growth, limit: explodes },
              message: () =>
                l10n.t(
                  'its recurrent weights start with numbers of about {0}, so its state grows by a factor of about {1} over {2} time steps. Use orthogonal.',
                  formatNumber(size),
                  formatNumber(growth),
                  stepsOf(layer),
                ),
            },
          ];
        const most = mostFor(name, large);
        const isSmall = isHidden && tooSmall < low;
        const severity =
          tooLarge > most || (isSmall && (isRecurrent(name) || !isFaint))
            ? ('warning' as const)
            : isSmall
              ? ('info' as const)
              : undefined;
        return [
          {
            layer: layer.name,
            severity,
            evidence: tooLarge > 1 ? { value: tooLarge, limit: most } : { value: tooSmall, limit: low },
            message: () =>
              tooLarge > 1 && isRecurrent(name)
                ? l10n.t(
                    'its {0} starts with numbers of about {1}, {2} times what suits {3}, and acts again at each time step. Use orthogonal.',
                    name,
                    formatNumber(size),
                    formatNumber(tooLarge),
                    counted(fanIn, 'units'),
                  )
                : tooLarge > 1
                  ? l10n.t(
                      'its {0} starts with numbers of about {1}, {2} times what suits {3}, so its outputs will be far too large. Use heUniform or glorotUniform.',
                      name,
                      formatNumber(size),
                      formatNumber(tooLarge),
                      counted(fanIn, 'inputs'),
                    )
                  : severity === 'info'
                    ? l10n.t(
                        'its {0} starts with numbers of about {1}, {2} times what suits {3}, so the signal is faint at first. Use heUniform or glorotUniform.',
                        name,
                        formatNumber(size),
                        formatNumber(tooSmall),
                        counted(fanIn, 'inputs'),
                      )
                    : l10n.t(
                        'its {0} starts with numbers of about {1}, {2} times what suits {3}, so the signal dies out. Use heUniform or glorotUniform.',
                        name,
                        formatNumber(size),
                        formatNumber(tooSmall),
                        counted(fanIn, 'inputs'),
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

  samples: () => ({
    sick: [
      small('tanh', {}, { kernelInitializer: { type: 'normal', std: 3 } }),
      small('relu', {}, { kernelInitializer: { type: 'normal', std: 0.001 } }),
      recurrent({ type: 'normal', std: 0.4 }),
    ],
    nearMiss: small('relu', {}, { kernelInitializer: { type: 'normal', std: 0.0302 } }),
    healthy: [
      small('tanh', {}, { kernelInitializer: { type: 'normal', std: 0.4 } }),
      small('relu'),
      recurrent('identity'),
    ],
  }),
});

/** Edits that initialize weights that start too large or too small by the rule that suits the activation after them. */
function editsOf(
  graph: TypedGraph,
  typed: TypedLayer,
  { large, small: low, explodes }: { large: number; small: number; explodes: number },
) {
  const isHidden = nextWeights(graph, typed.name).length > 0;
  return weightsOf(typed).flatMap(({ name, spread, fanIn, fanOut }) => {
    const attribute = initializerOf(name);
    if (spread.std === 0 || !Object.hasOwn(typed.spec.attributes, attribute)) return [];
    const { tooLarge, tooSmall } = sizes(spread, fanIn, fanOut, addedSteps(typed, name));
    const isWild = growthInTime(typed, name, tooLarge) > explodes;
    if (tooLarge <= mostFor(name, large) && !isWild && !(isHidden && tooSmall < low)) return [];
    const value = isRecurrent(name)
      ? 'orthogonal'
      : isSquashed(graph, typed.name) || !isHidden
        ? 'glorotUniform'
        : 'heUniform';
    return [{ kind: 'setAttribute' as const, layer: typed.name, attribute, value }];
  });
}

/** Whether a parameter holds recurrent weights, of either direction. */
const isRecurrent = (parameter: string): boolean => /recurrentKernel$/i.test(parameter);

/** "recurrentInitializer" for "recurrentKernel": the attribute that initializes a parameter, for both directions. */
function initializerOf(parameter: string): string {
  const forward = parameter.replace(/^backward(.)/, (_, letter: string) => letter.toLowerCase());
  return isRecurrent(forward) ? 'recurrentInitializer' : `${forward}Initializer`;
}

/** What all hidden weights that are too small leave of a signal that passes through them one after another. Recurrent ones act at each step, too. */
const leftBySmall = (graph: TypedGraph, low: number): number =>
  graph.layers
    .filter((layer) => nextWeights(graph, layer.name).length > 0)
    .flatMap((layer) =>
      weightsOf(layer)
        .filter(({ name, spread }) => !isRecurrent(name) && spread.std > 0)
        .map(
          ({ name, spread, fanIn, fanOut }) => sizes(spread, fanIn, fanOut, addedSteps(layer, name)).tooSmall,
        ),
    )
    .filter((ratio) => ratio < low)
    .reduce((product, ratio) => product * ratio, 1);

/** The initial size of weights, and its ratio to the size by He's and by Glorot's rule. */
function sizes({ std, mean }: Spread, fanIn: number, fanOut: number, steps: number) {
  const size = Math.hypot(std, mean);
  return {
    size,
    tooLarge: size / Math.sqrt(2 / fanIn),
    tooSmall: (size * Math.sqrt(steps)) / Math.sqrt(2 / (fanIn + fanOut)),
  };
}

/** Recurrent weights act again at each time step, so they may be half as large. */
const mostFor = (parameter: string, large: number): number => (isRecurrent(parameter) ? large / 2 : large);

/** Time steps whose inputs these weights add to a state; otherwise 1. Small weights suit them: the state grows with the steps. */
const addedSteps = (layer: TypedLayer, parameter: string): number =>
  layer.definition.category === 'recurrent' && !isRecurrent(parameter) ? stepsOf(layer) : 1;

/**
 * How much the state of a recurrent layer of ReLUs grows over a sequence, as its weights start: by their ratio to He's at each step.
 * 1 for other weights; a tanh bounds the state.
 */
const growthInTime = (layer: TypedLayer, parameter: string, ratio: number): number =>
  isRecurrent(parameter) && layer.definition.growsState?.(layer.spec.attributes)
    ? ratio ** stepsOf(layer)
    : 1;

/** Time steps of a recurrent layer's input. */
const stepsOf = ({ inputShapes }: TypedLayer): number => inputShapes[0][0];

/** ReLUs that remember twenty steps. */
function recurrent(recurrentInitializer: Json) {
  return chain(
    [20, 2],
    {
      memory: { type: 'simpleRnn', hiddenSize: 32, activation: 'relu', recurrentInitializer },
      sum: { type: 'dense', units: 1 },
    },
    {
      data: { type: 'adding', sequenceLength: 20, samples: 1500, testSamples: 200 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      optimizer: { type: 'adam', learningRate: 0.002 },
      clipNorm: 1,
      batchSize: 50,
      epochs: 6,
    },
  );
}
