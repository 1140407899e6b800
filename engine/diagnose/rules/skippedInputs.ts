/** Windows that are further apart than they are wide: a part of the input is never read. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { shareUnread } from '../../layers/slidingWindow.ts';
import type { Json } from '../../schema/attributes.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { changeType, setAttribute } from '../fixes.ts';
import { readersIn } from '../network.ts';
import { stepsReadBy } from '../receptive.ts';
import { chain } from '../samples.ts';

export const skippedInputs = defineFinding({
  code: 'structure/skipsInputs',
  title: 'Inputs are skipped',
  doc: `The stride of a convolution or a pooling is larger than its window, so it never reads the cells between two windows. What they contain is
lost to all layers after it.

Nothing is reported where another layer reads the same input, such as the convolution beside a shortcut with a stride.

A layer that takes the last step reads all others only where a layer before it carries them there. After convolutions it reads no more steps than their windows reach:
information, because the last steps may be all that counts.

**What helps:** a stride of at most the size of the window; a pooling over all steps instead of the last one.

Limits: three tenths of the input; information from a tenth on.`,
  needs: 'static',
  measures: () => l10n.t('Share of inputs that are skipped'),
  limits: { warn: 0.3, info: 0.1 },

  find({ analysis: { graph } }, { warn, info }) {
    const readers = readersIn(graph);
    return graph.layers.flatMap((layer) => {
      const { name, from, inputShapes, inferred, definition } = layer;
      if (definition.takesLast) return lastOnly(graph, layer, warn);
      const unread = strideOf(layer) ? shareUnread(inputShapes[0], inferred.constants) : undefined;
      if (unread === undefined || (readers.get(from[0].layer) ?? []).length > 1) return [];
      return [
        {
          layer: name,
          severity: unread > warn ? ('warning' as const) : unread > info ? ('info' as const) : undefined,
          evidence: { value: unread, limit: unread > warn ? warn : info },
          message: () =>
            l10n.t(
              'it never reads {0} of its input, because its stride is larger than its window. Use a smaller stride.',
              formatShare(unread),
            ),
        },
      ];
    });
  },

  fixes(look, name) {
    const { graph } = look.analysis;
    const layer = name === undefined ? undefined : graph.byName.get(name);
    const setting = layer && strideOf(layer);
    if (layer?.definition.takesLast) return changeType(look, layer.name, 'globalMaxPool');
    if (!layer || !setting) return [];
    const value = smaller(setting.stride, setting.size);
    return [
      setAttribute(
        layer.name,
        'stride',
        value,
        l10n.t('Set "{0}" of "{1}" to {2}', 'stride', layer.name, JSON.stringify(value)),
      ),
    ];
  },

  samples: () => ({
    sick: [strided(4), lastOf({ type: 'conv1d', filters: 8, kernelSize: 5, padding: 'same' })],
    nearMiss: strided(3),
    healthy: [strided(2), strided(3), lastOf({ type: 'gru', hiddenSize: 8, returnSequences: true })],
  }),
});

/** A layer that takes the last step, and how many steps that depends on. */
function lastOnly(graph: TypedGraph, { name, from }: TypedLayer, most: number): readonly Sighting[] {
  const steps = stepsReadBy(graph, graph.byName.get(from[0].layer));
  if (!steps) return [];
  const { read, all } = steps;
  const unread = Math.max(0, 1 - read / all);
  return [
    {
      layer: name,
      severity: unread > most ? 'info' : undefined,
      evidence: { value: unread, limit: most },
      message: () =>
        l10n.t(
          'it takes the last step, which depends on {0} of the {1} steps, so the others are never read. Use a globalMaxPool or a recurrent layer, unless only the last steps count.',
          read,
          all,
        ),
    },
  ];
}

/** The stride of a layer with windows, and their size. */
function strideOf({ spec: { attributes } }: TypedLayer): { stride: Json; size: Json } | undefined {
  const { stride, kernelSize, poolSize } = attributes as { readonly [attribute: string]: Json | undefined };
  const size = kernelSize ?? poolSize;
  return stride == null || size == null ? undefined : { stride, size };
}

/** The stride, or the size of the window where that is less, along each axis. */
const smaller = (stride: Json, size: Json): Json =>
  Array.isArray(stride) && Array.isArray(size)
    ? stride.map((step, axis) => Math.min(Number(step), Number(size[axis])))
    : Math.min(Number(stride), Number(size));

/** The last step of a series after a layer. */
function lastOf(layer: { readonly type: string; readonly [attribute: string]: Json }) {
  return chain(
    [24, 2],
    { steps: layer, last: { type: 'lastStep' }, sum: { type: 'dense', units: 1 } },
    {
      data: { type: 'adding', sequenceLength: 24, samples: 200, testSamples: 40 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      epochs: 1,
    },
  );
}

/** Windows of 3×3 cells with this distance. */
function strided(stride: number) {
  return chain(
    [16, 16, 1],
    {
      conv1: { type: 'conv2d', filters: 8, kernelSize: 3, stride, padding: 'same' },
      act1: { type: 'relu' },
      flat: { type: 'flatten' },
      scores: { type: 'dense', units: 4 },
    },
    { data: { type: 'shapes', size: 16, samples: 400, testSamples: 40 } },
  );
}
