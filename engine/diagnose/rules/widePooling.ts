/** Pooling of the picture itself in windows so wide that hardly anything of it is left. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { defineFinding } from '../define.ts';
import { setAttribute, together } from '../fixes.ts';
import { hasWeights, readersIn } from '../network.ts';
import { chain } from '../samples.ts';

export const widePooling = defineFinding({
  code: 'structure/bottleneck',
  title: 'Pooling that leaves hardly anything',
  doc: `A pooling layer reads the picture before any layer with weights, and its windows are so wide that only a few cells are left. Edges and lines
within a window are lost before the network can detect them.

Pooling after convolutions is not reported: each of their channels says where a pattern is, and one number for each channel can be enough.

**What helps:** windows of 2×2 cells, after a convolution.

Limits: at most 16 cells that are left, and windows of 16 cells or more.`,
  needs: 'static',
  limits: { cells: 16, window: 16 },

  find(look, { cells, window }) {
    const { graph } = look.analysis;
    const readers = readersIn(graph);
    const learned = behindWeights(graph);
    return graph.layers.flatMap((layer) => {
      const [before, after] = [layer.inputShapes[0], layer.inferred.output];
      if (!poolsPictures(layer) || learned.has(layer.name)) return [];
      if ((readers.get(layer.from[0].layer) ?? []).length > 1) return [];
      const left = after[0] * after[1];
      const each = (before[0] * before[1]) / left;
      return [
        {
          layer: layer.name,
          severity: left <= cells && each >= window ? ('warning' as const) : undefined,
          evidence: { value: left, limit: cells },
          message: () =>
            l10n.t(
              'it reduces the picture from {0}×{1} to {2}×{3} cells before any layer with weights reads it, so patterns within a window are lost. Use a smaller window, after a convolution.',
              before[0],
              before[1],
              after[0],
              after[1],
            ),
        },
      ];
    });
  },

  fixes({ analysis: { graph } }, name) {
    const layer = name === undefined ? undefined : graph.byName.get(name);
    if (!layer || !poolsPictures(layer)) return [];
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

  samples: () => ({ sick: [pooled(8)], nearMiss: pooled(3), healthy: [pooled(2)] }),
});

const poolsPictures = ({ spec, definition, inferred, from }: TypedLayer): boolean =>
  definition.category === 'pooling' &&
  Object.hasOwn(spec.attributes, 'poolSize') &&
  inferred.output.length === 3 &&
  from.length === 1;

/** The layers with weights, and all layers behind them. */
function behindWeights({ layers }: TypedGraph): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const layer of layers)
    if (hasWeights(layer) || layer.from.some((ref) => reached.has(ref.layer))) reached.add(layer.name);
  return reached;
}

/** Windows of this height and width, before a convolution. */
function pooled(poolSize: number) {
  return chain(
    [16, 16, 1],
    {
      pool: { type: 'maxPool2d', poolSize },
      conv1: { type: 'conv2d', filters: 8, kernelSize: 3, padding: 'same' },
      act1: { type: 'relu' },
      flat: { type: 'flatten' },
      scores: { type: 'dense', units: 4 },
    },
    { data: { type: 'shapes', size: 16, samples: 400, testSamples: 40 } },
  );
}
