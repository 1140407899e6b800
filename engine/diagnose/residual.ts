/** Skip connections around groups of layers, through which a gradient reaches earlier layers undiminished. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../graph/typed.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { freeName, type SpecFix, together } from './fixes.ts';
import type { NetworkLook } from './look.ts';
import { behind, mixesInputs, readersIn } from './network.ts';

interface Block {
  /** The layer that the group reads, its layer with weights, and the activation that it ends with. */
  readonly input: TypedLayer;
  readonly weights: TypedLayer;
  readonly end: TypedLayer;
}

/** From this many groups on, a sum of all of them is far larger than each. */
const many = 8;

/**
 * Adds a skip connection around each group after a layer, if its input and output have the same shape; one edit. With many groups their
 * weights start smaller, because each group adds to the variance of the sum.
 */
export function addResidualLinks(look: NetworkLook, layer: string): SpecFix[] {
  const { graph, spec } = look.analysis;
  const written = new Set(spec.layers.map(({ name }) => name));
  // A sum beside the uses of a block cannot lead around parts of them.
  const blocks = blocksBehind(look, layer).filter(({ input, weights, end }) =>
    [input, weights, end].every(({ name }) => written.has(name)),
  );
  if (blocks.length === 0) return [];
  const taken = new Set(graph.byName.keys());
  const sums = new Map<string, string>();
  for (const { end } of blocks) {
    const name = freeName(taken, 'add');
    taken.add(name);
    sums.set(end.name, name);
  }
  const edits = blocks.flatMap(({ input, end }): SpecEdit[] => {
    const name = sums.get(end.name)!;
    const passed = sums.get(input.name) ?? input.name;
    return [
      { kind: 'addLayer', name, type: 'add', attributes: {}, from: [{ layer: end.name }, { layer: passed }] },
      ...graph.layers.flatMap(({ name: to, from }) =>
        from.flatMap((ref, index): SpecEdit[] =>
          ref.layer === end.name && ref.output === undefined
            ? [{ kind: 'connect', from: { layer: name }, to, index }]
            : [],
        ),
      ),
    ];
  });
  // Smaller weights would be reported as init/mismatch.
  const start = { type: 'varianceScaling', scale: 0.1 };
  const smaller = blocks.flatMap(({ weights: { name, definition } }): SpecEdit[] =>
    blocks.length >= many && Object.hasOwn(definition.attributes, 'kernelInitializer')
      ? [{ kind: 'setAttribute', layer: name, attribute: 'kernelInitializer', value: start }]
      : [],
  );
  const title =
    blocks.length === 1
      ? l10n.t('Add a skip connection around "{0}"', blocks[0].end.name)
      : l10n.t('Add {0} skip connections', blocks.length);
  return [{ title, edit: together([...edits, ...smaller]) }];
}

/**
 * Each group of a layer with weights and the activation after it, in a chain without branches, whose input and output have the
 * same shape.
 */
function blocksBehind({ analysis: { graph } }: NetworkLook, layer: string): readonly Block[] {
  const readers = readersIn(graph);
  const isAlone = ({ name }: TypedLayer) => (readers.get(name) ?? []).length === 1;
  return behind(graph, layer).flatMap((end): Block[] => {
    if (end.definition.category !== 'activation' || !isAlone(end)) return [];
    const weights = graph.byName.get(end.from[0]?.layer ?? '');
    const input = weights && graph.byName.get(weights.from[0]?.layer ?? '');
    const fits =
      weights &&
      input &&
      input.from.length > 0 &&
      mixesInputs(weights) &&
      isAlone(weights) &&
      isAlone(input) &&
      String(input.inferred.output) === String(end.inferred.output);
    return fits ? [{ input, weights, end }] : [];
  });
}

/**
 * Whether a skip connection leads around a layer and the layer with weights before it: without other weights, what they read reaches a layer
 * behind them. Then a gradient reaches the layers before, whatever this one lets through.
 */
export function isBypassed({ analysis: { graph } }: NetworkLook, layer: TypedLayer): boolean {
  let weights: TypedLayer | undefined = layer;
  while (weights && !mixesInputs(weights)) weights = graph.byName.get(weights.from[0]?.layer ?? '');
  const before = weights?.from[0]?.layer;
  if (before === undefined) return false;
  const reached = new Set([before]);
  for (const one of graph.layers)
    if (one !== layer && !mixesInputs(one) && one.from.some((ref) => reached.has(ref.layer)))
      reached.add(one.name);
  return behind(graph, layer.name).some(({ name }) => reached.has(name));
}
