/** Attention or a mean in a network that knows nothing about the order of the steps. */
import * as l10n from '@vscode/l10n';
import { datasets } from '../../data/registry.ts';
import { inputLayers } from '../../graph/inputs.ts';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { layers as layerTypes } from '../../layers/registry.ts';
import { defineFinding } from '../define.ts';
import { changeType, insertAfter, type SpecFix, together } from '../fixes.ts';
import { behind, leadingTo, mixesInputs } from '../network.ts';
import { stepsReadBy } from '../receptive.ts';
import { chain } from '../samples.ts';

export const noOrder = defineFinding({
  code: 'structure/noOrder',
  title: 'The order of the steps is unknown',
  doc: `Attention compares every step with every other one, wherever they are. If no layer before or after it depends on positions, the network reads a
sequence as a set: the same steps in another order give the same result. A causal mask alone only says which steps come before, not in which order;
several causal layers together can work out positions ([Haviv et al. 2022](https://arxiv.org/abs/2203.16634)).
The same holds for a mean or a maximum over all steps, if the layers before it treat each step alone.

It is information only, because some data are sets, and some inputs contain their position.

**What helps:** a positionalEncoding before the attention; a recurrent layer or a convolution over the steps; all steps side by side instead of their mean.`,
  needs: 'static',
  limits: {},

  find: ({ analysis: { graph } }) => [
    ...graph.layers.filter(attends).map((layer) => ({
      layer: layer.name,
      severity: isFirst(graph, layer) && readsSet(graph, layer) ? ('info' as const) : undefined,
      evidence: { value: 1, limit: 0 },
      message: () =>
        l10n.t(
          'no layer before or after it depends on the positions of the steps, so it reads them as a set, in any order. Put a positionalEncoding before it, unless the order means nothing.',
        ),
    })),
    ...graph.layers.filter(joinsSteps).map((layer) => {
      const { read = 0, all = 0 } = stepsReadBy(graph, graph.byName.get(layer.from[0].layer)) ?? {};
      return {
        layer: layer.name,
        severity: read === 1 && all > 1 ? ('info' as const) : undefined,
        evidence: { value: 1, limit: 0 },
        message: () =>
          l10n.t(
            'it joins {0} steps, and each layer before it treats every step alone, so the network reads them as a set, in any order. Use a recurrent layer or a wider convolution before it, unless the order means nothing.',
            all,
          ),
      };
    }),
  ],

  fixes(look, name) {
    const layer = name === undefined ? undefined : look.analysis.graph.byName.get(name);
    if (layer && joinsSteps(layer)) {
      const sideBySide = changeType(look, layer.name, 'flatten');
      const oneByOne = readOneByOne(layer);
      const { data } = look.analysis.spec.training ?? {};
      const isRagged = data !== undefined && datasets.get(data.type).mayBeRagged === true;
      return isRagged ? [oneByOne] : [...sideBySide, oneByOne];
    }
    return layer ? insertAfter(look, layer.from[0].layer, 'positionalEncoding') : [];
  },

  samples: () => ({
    sick: [
      attending({}),
      attending({ causal: true }),
      attending({}, { places: { type: 'positionalEncoding', bypass: true } }),
      attending(undefined),
    ],
    nearMiss: attending({}, { places: { type: 'positionalEncoding' } }),
    healthy: [attending({ causal: true }, { first: { type: 'multiHeadAttention', heads: 2, causal: true } })],
  }),
});

/** A recurrent layer instead, which gives as many numbers. It reads sequences of any length. */
function readOneByOne({ name, definition, inferred }: TypedLayer): SpecFix {
  const { label } = layerTypes.get('gru');
  return {
    title: l10n.t('Replace {0} with {1} in "{2}"', definition.label, label, name),
    edit: together([
      { kind: 'setAttribute', layer: name, attribute: 'type', value: 'gru' },
      { kind: 'setAttribute', layer: name, attribute: 'hiddenSize', value: inferred.output[0] },
    ]),
  };
}

const attends = (layer: TypedLayer): boolean =>
  layer.definition.category === 'attention' && mixesInputs(layer);

/** Whether it gives one number for each channel of a sequence, from all of its steps. */
const joinsSteps = ({ definition, spec, inputShapes, inferred }: TypedLayer): boolean =>
  definition.category === 'pooling' &&
  definition.ignoresOrder?.(spec.attributes) === true &&
  inputShapes[0]?.length === 2 &&
  inferred.output.length === 1;

/** Only the first of several: positions before it reach the others, too. */
const isFirst = (graph: TypedGraph, { name }: TypedLayer): boolean =>
  leadingTo(graph, new Set([name])).every((layer) => layer.name === name || !attends(layer));

/** Whether it reads one input, and no other layer on a way through it depends on the order of the steps. */
function readsSet(graph: TypedGraph, { name }: TypedLayer): boolean {
  const inputs = new Set(inputLayers(graph));
  const before = leadingTo(graph, new Set([name])).filter((layer) => layer.name !== name);
  const others = [...before, ...behind(graph, name)].filter((layer) => !inputs.has(layer));
  return before.filter((layer) => inputs.has(layer)).length === 1 && others.every(ignoresOrder);
}

const ignoresOrder = ({ definition, spec }: TypedLayer): boolean =>
  definition.elementwise === true || definition.ignoresOrder?.(spec.attributes) === true;

/** Whether brackets are balanced depends on their order. */
function attending(
  attention: { readonly causal?: boolean } | undefined,
  before: {
    readonly [name: string]: {
      readonly type: string;
      readonly [attribute: string]: number | boolean | string;
    };
  } = {},
) {
  return chain(
    [12],
    {
      symbols: { type: 'embedding', vocabularySize: 8, units: 16 },
      ...before,
      ...(attention ? { look: { type: 'multiHeadAttention', heads: 2, keySize: 8, ...attention } } : {}),
      mean: { type: 'globalAveragePool' },
      scores: { type: 'dense', units: 2 },
    },
    { data: { type: 'brackets', sequenceLength: 12, samples: 400, testSamples: 100 }, epochs: 1 },
  );
}
