/** Weights that all start with the same value: the units of the layer compute the same and get the same gradient. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { isSquashed, nextWeights, readersIn, type Weights, weightsOf, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const symmetricInit = defineFinding({
  code: 'init/symmetric',
  title: 'Weights that start the same',
  doc: `All weights of a hidden layer start with the same value, so all its units compute the same. Where the next layer does the same,
the units also get the same gradient and stay equal: the layer acts as one unit, however many it has. After
weights of zero, a ReLU passes nothing forward and nothing back.

The last layer may start at zero, and so may the last one of a residual branch.

**What helps:** random weights: He before ReLU, Glorot before tanh and sigmoid. Constants are for biases.`,
  needs: 'static',
  limits: {},

  find({ analysis: { graph } }) {
    const readersOf = readersIn(graph);
    return graph.layers.flatMap((layer) => {
      const behind = nextWeights(graph, layer.name);
      const alike = alikeWeights(layer) ?? silentState(layer, behind);
      if (!alike || behind.length === 0 || widthOf(layer) < 2) return [];
      const readers = readersOf.get(layer.name) ?? [];
      const isBranch = readers.some(
        ({ from, definition }) => from.length > 1 && definition.category === 'merge',
      );
      if (isBranch) return [];
      const isDead =
        alike.spread.mean === 0 &&
        readers.some(({ from, definition }) => definition.canDie && from[0]?.layer === layer.name);
      const isStuck = isDead || behind.every((next) => alikeWeights(next));
      return [
        {
          layer: layer.name,
          place: attributeOf(layer, alike.name)
            ? ['layers', layer.name, attributeOf(layer, alike.name)!]
            : undefined,
          severity: isStuck ? ('error' as const) : ('warning' as const),
          evidence: { value: 0, limit: 0 },
          message: () =>
            l10n.t(
              'all weights of its {0} start at {1}, so its units compute and learn the same. Initialize them randomly.',
              alike.name,
              alike.spread.mean,
            ),
        },
      ].map(({ place, ...sighting }) => (place ? { ...sighting, place } : sighting));
    });
  },

  fixes(look, layer) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    const alike = typed && alikeWeights(typed);
    const attribute = typed && alike && attributeOf(typed, alike.name);
    if (!typed || !attribute) return [];
    return [
      isSquashed(look.analysis.graph, typed.name)
        ? setAttribute(
            typed.name,
            attribute,
            'glorotUniform',
            l10n.t('Use Glorot initialization in "{0}"', typed.name),
          )
        : setAttribute(
            typed.name,
            attribute,
            'heUniform',
            l10n.t('Use He initialization in "{0}"', typed.name),
          ),
    ];
  },

  samples: () => ({
    sick: [
      small('relu', {}, { kernelInitializer: 'zeros' }),
      small('tanh', {}, { kernelInitializer: { type: 'constant', value: 0.5 } }),
    ],
    healthy: [small('relu')],
    // The last layer may start at zero.
    nearMiss: chain([2], {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      dense2: { type: 'dense', units: 16 },
      act2: { type: 'relu' },
      logits: { type: 'dense', units: 2, kernelInitializer: 'zeros' },
    }),
  }),
});

/** The first weights of a layer whose units all start the same: one random matrix, such as the recurrent one, makes them differ. */
function alikeWeights(layer: TypedLayer): Weights | undefined {
  const all = weightsOf(layer);
  return all.every(({ spread }) => spread.std === 0) ? all[0] : undefined;
}

/**
 * The input weights of a recurrent layer that start at zero. Its state is then zero whatever its recurrent weights are, and
 * stays so if the layers that read it start at zero, too.
 */
function silentState(layer: TypedLayer, readers: readonly TypedLayer[]): Weights | undefined {
  const isZero = ({ spread }: Weights) => spread.std === 0 && spread.mean === 0;
  const [kernel] = weightsOf(layer);
  const isSilent = layer.definition.category === 'recurrent' && kernel !== undefined && isZero(kernel);
  return isSilent && readers.every((reader) => weightsOf(reader).every(isZero)) ? kernel : undefined;
}

/** The attribute that initializes a parameter. */
function attributeOf({ definition }: TypedLayer, parameter: string): string | undefined {
  return [`${parameter}Initializer`, 'kernelInitializer'].find((name) =>
    Object.hasOwn(definition.attributes, name),
  );
}
