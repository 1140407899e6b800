/** Two layers that take the same part of an input, while another part is taken by none. */
import * as l10n from '@vscode/l10n';
import { isInput } from '../../graph/inputs.ts';
import type { TypedLayer } from '../../graph/typed.ts';
import { findAxis } from '../../layers/axis.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding, type NetworkSample, type Sighting } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { readersIn } from '../network.ts';

export const skippedParts = defineFinding({
  code: 'structure/skipsInputs',
  title: 'The same part is taken twice',
  doc: `Several slices divide an input among the branches of a network, and two of them take exactly the same entries, while others are taken by none. Usually a
line was copied, and its \`start\` was not changed. What the other entries say is lost to all layers after them.

Nothing is reported where another layer reads the whole input, or where all entries are read.

**What helps:** the \`start\` of the part that nothing reads.`,
  needs: 'static',
  measures: () => l10n.t('Share of inputs that are skipped'),
  limits: {},

  find: (look) =>
    dividedIn(look).flatMap(({ parts, free, length }): Sighting[] => {
      const twins = twinsOf(parts);
      const share = free.reduce((sum, { start, end }) => sum + end - start, 0) / length;
      return [
        {
          ...(twins ? { layer: twins[1].layer.name } : {}),
          severity: twins && free.length > 0 ? 'warning' : undefined,
          evidence: { value: share, limit: 0 },
          message: () =>
            l10n.t(
              'it takes the same entries as {0}, from {1} on, while {2} of the input are taken by none. Set its "start" to another part.',
              twins![0].layer.name,
              twins![0].start,
              formatShare(share),
            ),
        },
      ];
    }),

  fixes: (look, name) =>
    dividedIn(look).flatMap(({ parts, free }) => {
      const twin = twinsOf(parts)?.[1];
      if (!twin || twin.layer.name !== name) return [];
      const start = free.find((gap) => gap.end - gap.start >= twin.size)?.start;
      return start === undefined
        ? []
        : [setAttribute(name, 'start', start, l10n.t('Set "{0}" of "{1}" to {2}', 'start', name, start))];
    }),

  samples: () => ({
    sick: [divided(0)],
    nearMiss: divided(1),
    healthy: [divided(1)],
  }),
});

interface Part {
  readonly layer: TypedLayer;
  readonly start: number;
  readonly size: number;
}

interface Divided {
  readonly parts: readonly Part[];
  /** The entries that none of them takes, in order; `end` is not one of them. */
  readonly free: readonly { readonly start: number; readonly end: number }[];
  readonly length: number;
}

/** The inputs that nothing but slices along the last axis reads, and at least two of them. Several layers may well take the same step of a sequence. */
function dividedIn(look: NetworkLook): readonly Divided[] {
  const { graph } = look.analysis;
  const judged = new Set(look.analysis.spec.training?.losses.map(({ from }) => from.layer));
  return [...readersIn(graph)].flatMap(([source, readers]): Divided[] => {
    const slices = readers.flatMap((layer) => partOf(layer) ?? []);
    const input = graph.byName.get(source);
    if (!input || !isInput(input) || judged.has(source)) return [];
    if (readers.length < 2 || slices.length < readers.length) return [];
    const [{ length }] = slices;
    return [{ parts: slices, free: gapsBetween(slices, length), length }];
  });
}

function gapsBetween(parts: readonly Part[], length: number): Divided['free'] {
  let end = 0;
  const gaps = parts
    .toSorted((one, other) => one.start - other.start)
    .map(({ start, size }) => {
      const gap = { start: end, end: start };
      end = Math.max(end, start + size);
      return gap;
    });
  return [...gaps, { start: end, end: length }].filter((gap) => gap.end > gap.start);
}

/** The part of the last axis that a layer takes. */
function partOf(layer: TypedLayer): (Part & { readonly length: number }) | undefined {
  const { start, size, axis } = layer.spec.attributes;
  if (typeof start !== 'number' || typeof size !== 'number' || typeof axis !== 'number') return undefined;
  const [input] = layer.inputShapes;
  const index = findAxis(axis, input);
  return index === input.length - 1 ? { layer, start, size, length: input[index] } : undefined;
}

/** The first two that take the same. */
function twinsOf(parts: readonly Part[]): readonly [Part, Part] | undefined {
  for (const [place, one] of parts.entries())
    for (const other of parts.slice(place + 1))
      if (other.start === one.start && other.size === one.size) return [one, other];
  return undefined;
}

/** Two branches, each for one coordinate of points, or both for the first one. */
const divided = (start: number): NetworkSample => ({
  layers: {
    data: { type: 'input', shape: [2] },
    left: { type: 'slice', from: 'data', start: 0, size: 1 },
    right: { type: 'slice', from: 'data', start, size: 1 },
    left1: { type: 'dense', from: 'left', units: 8 },
    left2: { type: 'tanh', from: 'left1' },
    right1: { type: 'dense', from: 'right', units: 8 },
    right2: { type: 'tanh', from: 'right1' },
    both: { type: 'concat', from: ['left2', 'right2'] },
    hidden: { type: 'dense', from: 'both', units: 16 },
    bend: { type: 'relu', from: 'hidden' },
    logits: { type: 'dense', from: 'bend', units: 2 },
  },
  training: {
    data: { type: 'points', pattern: 'moons', samples: 400, testSamples: 100 },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 20,
    epochs: 5,
  },
});
