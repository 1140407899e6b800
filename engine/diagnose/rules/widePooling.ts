/** Pooling in windows so much wider than what its inputs have seen that hardly anything of the picture is left. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { insertAfter, setAttribute, together } from '../fixes.ts';
import { readersIn } from '../network.ts';
import { fieldsIn, longest } from '../receptive.ts';
import { chain } from '../samples.ts';

export const widePooling = defineFinding({
  code: 'structure/bottleneck',
  title: 'Pooling that leaves hardly anything',
  doc: `A pooling layer has windows that are much wider than the part of the picture that each of its inputs depends on, and leaves only a few cells, or one. Where edges
and lines are within a window, and how they are arranged, is lost before the network can detect it.

Global pooling is reported only where no layer before it combines neighbouring cells: then the network knows which brightness and colours there are, and nothing
of their arrangement. Behind convolutions, one number for each pattern can be enough.

**What helps:** windows of 2×2 cells, after a convolution; more convolutions before a global pooling.

Limits: at most 16 cells that are left, windows of 16 cells or more, and twice as wide as the receptive field of their inputs.`,
  needs: 'static',
  limits: { cells: 16, window: 16, wider: 2 },

  find(look, { cells, window, wider }) {
    const { graph } = look.analysis;
    const readers = readersIn(graph);
    const fields = fieldsIn(graph);
    return graph.layers.flatMap((layer) => {
      const [before, after] = [layer.inputShapes[0], layer.inferred.output];
      const field = fields.get(layer.from[0]?.layer ?? '');
      if (!field || !poolsPictures(layer)) return [];
      if ((readers.get(layer.from[0].layer) ?? []).length > 1) return [];
      const left = isGlobal(layer) ? 1 : after[0] * after[1];
      const each = (before[0] * before[1]) / left;
      const isBlind = isGlobal(layer)
        ? field.size === 1
        : widthOfWindow(layer) * field.step > wider * field.size;
      return [
        {
          layer: layer.name,
          severity: isBlind && left <= cells && each >= window ? ('warning' as const) : undefined,
          evidence: { value: left, limit: cells },
          message: () =>
            isGlobal(layer)
              ? l10n.t(
                  'it reduces the picture of {0}×{1} cells to one number for each channel before any layer combines neighbouring cells, so patterns are lost. Put convolutions of 3×3 before it.',
                  before[0],
                  before[1],
                )
              : l10n.t(
                  'it reduces the picture from {0}×{1} to {2}×{3} cells, but each of its inputs depends on {4}×{4} pixels only, so patterns within a window are lost. Use a smaller window, after a convolution.',
                  before[0],
                  before[1],
                  after[0],
                  after[1],
                  field.size,
                ),
        },
      ];
    });
  },

  fixes(look, name) {
    const layer = name === undefined ? undefined : look.analysis.graph.byName.get(name);
    if (!layer || !poolsPictures(layer)) return [];
    if (isGlobal(layer))
      return insertAfter(look, layer.from[0].layer, 'conv2d', {
        filters: 16,
        kernelSize: 3,
        padding: 'same',
      });
    const { edit, title } = setAttribute(
      layer.name,
      'poolSize',
      2,
      l10n.t('Set "{0}" of "{1}" to {2}', 'poolSize', layer.name, 2),
    );
    const { edit: stride } = setAttribute(layer.name, 'stride', undefined, title);
    const isGiven = Object.hasOwn(layer.spec.given, 'stride');
    return [{ title, edit: together(isGiven ? [edit, stride] : [edit]) }];
  },

  samples: () => ({
    sick: [pooled(8), pooled(8, 3), mixed],
    nearMiss: pooled(3),
    healthy: [pooled(2), pooled(2, 3)],
  }),
});

/** Whether it takes the largest or mean value of each window of a picture, or of the whole picture. */
const poolsPictures = ({ definition, inputShapes, from }: TypedLayer): boolean =>
  definition.category === 'pooling' && inputShapes[0]?.length === 3 && from.length === 1;

const isGlobal = ({ spec }: TypedLayer): boolean => !Object.hasOwn(spec.attributes, 'poolSize');

const widthOfWindow = ({ spec }: TypedLayer): number => longest(spec.attributes.poolSize);

/** Windows of this height and width, after a convolution of this size, or before the only one. */
function pooled(poolSize: number, kernelSize?: number) {
  return chain(
    [16, 16, 1],
    {
      ...(kernelSize
        ? { conv0: { type: 'conv2d', filters: 8, kernelSize, padding: 'same' }, act0: { type: 'relu' } }
        : {}),
      pool: { type: 'maxPool2d', poolSize },
      conv1: { type: 'conv2d', filters: 8, kernelSize: 3, padding: 'same' },
      act1: { type: 'relu' },
      flat: { type: 'flatten' },
      scores: { type: 'dense', units: 4 },
    },
    shapes,
  );
}

const shapes = { data: { type: 'shapes', size: 16, samples: 400, testSamples: 40 } };

/** One number for each channel of single pixels. */
const mixed = chain(
  [16, 16, 1],
  {
    conv1: { type: 'conv2d', filters: 8, kernelSize: 1 },
    act1: { type: 'relu' },
    mean: { type: 'globalAveragePool' },
    scores: { type: 'dense', units: 4 },
  },
  shapes,
);
