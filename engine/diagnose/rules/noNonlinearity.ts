/** Two layers with weights and only linear layers between them: together they are one linear layer. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { insertAfter } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { hasWeights, judged, leadingTo, readersIn, weightsOf, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const noNonlinearity = defineFinding({
  code: 'structure/noNonlinearity',
  title: 'No activation between layers',
  doc: `A dense or convolution layer reads another one with no activation between them. A product of two matrices is a matrix, so the
two are together one linear layer: the network has more weights, but can express no more.

A layer that narrows its input to few units before the next one widens it again is not reported: the two factors save
weights, as in autoencoders and depthwise separable convolutions.

A layer whose outputs are laid out on a larger grid for a convolution is information, because decoders of pictures often begin so. Two layers with nothing but max pooling between them are information, too: the maximum of a window is not linear, but hardly bends what the weights add up.

The same holds where the layers with activations lead to no loss, because the last layer reads the input or a loss judges another branch: what is left is one linear layer.

**What helps:** an activation between them, such as ReLU; the connection that is missing.`,
  needs: 'static',
  limits: {},

  find(look) {
    const { graph } = look.analysis;
    const read = usedIn(look);
    const left = leftOut(look);
    const apart = left
      ? [
          {
            layer: left.judged.name,
            severity: 'warning' as const,
            evidence: { value: 0, limit: 1 },
            message: () =>
              l10n.t(
                'no activation leads to it, because the loss does not depend on {0}. What is left is one linear layer. Let it read {0}.',
                left.last.name,
              ),
          },
        ]
      : [];
    const together = graph.layers
      .filter((layer) => mixes(layer) && read.has(layer.name))
      .flatMap((layer) => {
        const linear = linearSource(graph, layer, read);
        const before = linear ?? linearSource(graph, layer, read, isPooling);
        // A frozen layer was chosen, not forgotten.
        if (!before || isFactor(before, layer) || !before.spec.common.trainable) return [];
        return [
          {
            layer: layer.name,
            severity: linear && !spreads(before, layer) ? ('warning' as const) : ('info' as const),
            evidence: { value: 0, limit: 1 },
            message: () =>
              linear
                ? l10n.t(
                    'there is no activation between {0} and this layer, so together they are only one linear layer. Add a ReLU between them.',
                    before.name,
                  )
                : l10n.t(
                    'there is no activation between {0} and this layer: only the maximum of a window is not linear. Add a ReLU between them.',
                    before.name,
                  ),
          },
        ];
      });
    return [...apart, ...together];
  },

  fixes(look, layer) {
    const { graph } = look.analysis;
    const left = leftOut(look);
    if (left && left.judged.name === layer)
      return [
        {
          title: l10n.t('Connect {0} to "{1}"', left.last.name, left.judged.name),
          edit: { kind: 'connect', from: { layer: left.last.name }, to: left.judged.name, index: 0 },
        },
      ];
    const typed = layer === undefined ? undefined : graph.byName.get(layer);
    const used = usedIn(look);
    const before = typed && (linearSource(graph, typed, used) ?? linearSource(graph, typed, used, isPooling));
    return before ? insertAfter(look, before.name, 'relu') : [];
  },

  samples: () => ({
    sick: [
      small('linear'),
      coded(16),
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        dropped: { type: 'dropout', rate: 0.2 },
        logits: { type: 'dense', units: 2 },
      }),
    ],
    healthy: [small('relu')],
    // Two factors of a matrix of rank 2.
    nearMiss: coded(2),
  }),
});

/** A layer without an activation before another one. */
function coded(units: number) {
  return chain([2], {
    dense1: { type: 'dense', units: 16 },
    act1: { type: 'relu' },
    code: { type: 'dense', units },
    dense2: { type: 'dense', units: 16 },
    act2: { type: 'relu' },
    logits: { type: 'dense', units: 2 },
  });
}

/** Kept, because every fix of a network asks for it. */
const usedBy = new WeakMap<NetworkLook['analysis'], ReadonlySet<string>>();

/** The layers that a loss depends on; all layers if nothing is trained. */
function usedIn(look: NetworkLook): ReadonlySet<string> {
  const known = usedBy.get(look.analysis) ?? findUsed(look);
  usedBy.set(look.analysis, known);
  return known;
}

function findUsed(look: NetworkLook): ReadonlySet<string> {
  const { graph } = look.analysis;
  const ends = judged(look);
  return new Set((ends.size === 0 ? graph.layers : leadingTo(graph, ends)).map(({ name }) => name));
}

/**
 * If no loss depends on an activation, but the network has some: the layer that the loss judges, and the last activation behind weights. Undefined where
 * they cannot be connected.
 */
function leftOut(look: NetworkLook): { readonly judged: TypedLayer; readonly last: TypedLayer } | undefined {
  const { graph } = look.analysis;
  const read = usedIn(look);
  const [own, others] = [true, false].map((isRead) =>
    graph.layers.filter(({ name }) => read.has(name) === isRead),
  );
  const isLine = own.every(({ from, definition }) => from.length === 0 || definition.linear === true);
  const last = others.findLast(({ definition }) => definition.category === 'activation');
  const [judgedOnly, ...more] = own.filter(({ name }) => judged(look).has(name));
  const fits = judgedOnly && mixes(judgedOnly) && judgedOnly.from.length === 1 && more.length === 0;
  if (!isLine || !last || !fits || !others.some(hasWeights)) return undefined;
  const isAlike = last.inferred.output.length === judgedOnly.inputShapes[0].length;
  // It must not read what it is to lead to.
  const isFree = !leadingTo(graph, new Set([last.name])).includes(judgedOnly);
  return isAlike && isFree ? { judged: judgedOnly, last } : undefined;
}

/** Whether every output depends on weights and on several inputs, and on nothing else. */
const mixes = (layer: TypedLayer): boolean => layer.definition.linear === true && hasWeights(layer);

/** Whether what the first layer computes is laid out on a larger grid for the second one, as the decoder of a picture does without harm. */
const spreads = (first: TypedLayer, second: TypedLayer): boolean =>
  cellsOf(second.inputShapes[0]) > cellsOf(first.inferred.output);

const cellsOf = (shape: readonly number[]): number =>
  shape.slice(0, -1).reduce((cells, length) => cells * length, 1);

const isPooling = ({ definition }: TypedLayer): boolean => definition.category === 'pooling';

/**
 * The nearest earlier layer with weights, if only linear layers without weights, or others that `mayPass`, are in between. Undefined if other layers read the
 * chain too, as a skip connection does: then the two layers cannot be replaced by one. A reader that leads to no loss, such as an activation
 * that is left hanging, changes nothing.
 */
function linearSource(
  graph: TypedGraph,
  { from }: TypedLayer,
  used: ReadonlySet<string>,
  mayPass: (layer: TypedLayer) => boolean = () => false,
): TypedLayer | undefined {
  const readers = readersIn(graph);
  for (let refs = from; refs.length === 1; ) {
    const source = graph.byName.get(refs[0].layer);
    if (!source || !(source.definition.linear || mayPass(source)) || refs[0].output !== undefined)
      return undefined;
    if ((readers.get(source.name) ?? []).filter(({ name }) => used.has(name)).length > 1) return undefined;
    if (mixes(source)) return source;
    refs = source.from;
  }
  return undefined;
}

/** One of two matrices whose product has a lower rank than a full one. A depthwise convolution is such a factor, too. */
function isFactor(first: TypedLayer, second: TypedLayer): boolean {
  const channels = first.inputShapes[0].at(-1) ?? 1;
  const onlyScales = Object.values(first.inferred.parameters ?? {}).some(
    ({ shape }) => shape.length > 2 && shape.at(-2) === 1 && channels > 1,
  );
  // A convolution computes each output from a window of its input.
  const inputs = Math.max(channels, ...weightsOf(first).map(({ fanIn }) => fanIn));
  const narrow = widthOf(first);
  return onlyScales || (narrow < inputs && narrow < widthOf(second));
}
