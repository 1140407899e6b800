/** A hidden layer so narrow that the outputs after it cannot be distinguished. */
import * as l10n from '@vscode/l10n';
import { inputLayers } from '../../graph/inputs.ts';
import type { TypedLayer } from '../../graph/typed.ts';
import { sizeOf } from '../../layers/define.ts';
import { counted } from '../../schema/text.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { widths } from '../growth.ts';
import type { NetworkLook } from '../look.ts';
import { behind, classesOf, hasWeights, isChoice, judged, outputOf, widthOf } from '../network.ts';
import { chain } from '../samples.ts';

export const bottleneck = defineFinding({
  code: 'structure/bottleneck',
  title: 'Bottleneck',
  doc: `A hidden layer is far narrower than the number of classes. Everything the network knows about a sample must pass
through these few numbers, which cannot distinguish that many classes. A run counts the classes of the data. While only the text is known, each
score counts as a class. A recurrent layer of one unit counts as one number, also if it gives its state of every step.

A loss that compares values may have a narrow layer on purpose, as an autoencoder has in its middle, so only a layer that gives a single number is reported
there, and on the way to a single score: such a network sees its inputs only as one sum. This is information. Where sixteen values or more are computed
from that number, such as the pixels of a picture, it is a warning, in an autoencoder, too.

**What helps:** make the layer at least as wide as the number of classes, or move the narrow layer to the end.`,
  needs: 'static',
  /** Share of the number of classes. */
  limits: { share: 0.5, many: 16 },

  find(look, { share, many }) {
    const { graph, spec } = look.analysis;
    const ends = judged(look);
    return (spec.training?.losses ?? []).flatMap((loss, index) => {
      const output = outputOf(look, loss);
      if (!output) return [];
      if (!isChoice(loss) || widthOf(output) < 2)
        return singleUnits(look, output, lastWeights(output.name), many);
      const classes = classesOf(look, loss, index) ?? widthOf(output);
      return graph.layers
        .filter(
          (layer) => hasWeights(layer) && !ends.has(layer.name) && layer.name !== lastWeights(output.name),
        )
        .filter((layer) => (remembersOne(layer) ? 1 : widthOf(layer)) < share * classes)
        .filter((layer) => remembersOne(layer) || layer.inferred.output.length === 1)
        .filter(({ name }) => behind(graph, name).some((one) => one === output))
        .map((layer) => ({
          layer: layer.name,
          severity: 'warning' as const,
          evidence: { value: remembersOne(layer) ? 1 : widthOf(layer), limit: share * classes },
          message: () =>
            remembersOne(layer)
              ? l10n.t(
                  'a single unit remembers the steps before, but there are {0} classes to distinguish. Give it more units.',
                  classes,
                )
              : l10n.t(
                  'everything the network knows about a sample must pass through {0}, but there are {1} to distinguish. Make it wider.',
                  counted(widthOf(layer), 'numbers'),
                  counted(classes, 'classes'),
                ),
        }));
    });

    /** The layer whose weights make the scores, one for each class. */
    function lastWeights(name: string): string | undefined {
      for (let layer = graph.byName.get(name); layer; layer = graph.byName.get(layer.from[0]?.layer ?? ''))
        if (hasWeights(layer)) return layer.name;
      return undefined;
    }
  },

  fixes(look, layer) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    const width = typed && Object.keys(typed.spec.attributes).find((name) => widths.includes(name));
    if (!typed || !width) return [];
    const widest = Math.max(
      ...(look.analysis.spec.training?.losses ?? []).map((loss, index) => {
        const output = outputOf(look, loss);
        return classesOf(look, loss, index) ?? (output ? widthOf(output) : 1);
      }),
    );
    return [
      setAttribute(
        typed.name,
        width,
        4 * widest,
        l10n.t('Set "{0}" of "{1}" to {2}', width, typed.name, 4 * widest),
      ),
    ];
  },

  samples: () => ({
    sick: [narrowed(1)],
    healthy: [
      narrowed(8),
      chain(
        [8, 8, 1],
        {
          pixels: { type: 'flatten' },
          dense1: { type: 'dense', units: 32 },
          act1: { type: 'relu' },
          code: { type: 'dense', units: 2 },
          act2: { type: 'tanh' },
          values: { type: 'dense', units: 64 },
          picture: { type: 'reshape', shape: [8, 8, 1] },
        },
        {
          data: { type: 'shapes', size: 8, target: 'image', samples: 400, testSamples: 40 },
          loss: { type: 'meanSquaredError', from: 'picture' },
        },
      ),
    ],
    nearMiss: narrowed(2),
  }),
});

/** Whether a recurrent layer has one unit, in each direction. */
const remembersOne = ({ definition, spec }: TypedLayer): boolean =>
  definition.category === 'recurrent' && spec.attributes.hiddenSize === 1;

/** Four classes behind a layer of this width. */
function narrowed(units: number) {
  return chain(
    [8, 8, 1],
    {
      pixels: { type: 'flatten' },
      dense1: { type: 'dense', units: 32 },
      act1: { type: 'tanh' },
      narrow: { type: 'dense', units },
      act2: { type: 'tanh' },
      scores: { type: 'dense', units: 4 },
    },
    { data: { type: 'shapes', size: 8, samples: 400, testSamples: 40 } },
  );
}

/** A hidden layer that gives a single number, through which everything must pass on its way to values or to a single score. */
function singleUnits(
  { analysis: { graph } }: NetworkLook,
  output: TypedLayer,
  last: string | undefined,
  many: number,
): readonly Sighting[] {
  if (inputLayers(graph).every(({ inferred }) => sizeOf(inferred.output) < 2)) return [];
  const single = graph.layers.find(
    (layer) =>
      hasWeights(layer) &&
      sizeOf(layer.inferred.output) === 1 &&
      layer.name !== last &&
      behind(graph, layer.name).includes(output) &&
      !reaches(layer.name),
  );
  if (!single) return [];
  return [
    {
      layer: single.name,
      severity: sizeOf(output.inferred.output) < many ? 'info' : 'warning',
      evidence: { value: 1, limit: 2 },
      message: () =>
        l10n.t(
          'everything the network knows about a sample must pass through its single unit, so the inputs count only as one sum. Make it wider.',
        ),
    },
  ];

  /** Whether the output depends on an input past this layer. */
  function reaches(cut: string): boolean {
    const reached = new Set(inputLayers(graph).map(({ name }) => name));
    for (const { name, from } of graph.layers)
      if (name !== cut && from.some((ref) => reached.has(ref.layer))) reached.add(name);
    return reached.has(output.name);
  }
}
