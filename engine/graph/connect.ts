/** Whether an output may be connected to an input, and why not: the message shown while a connection is dragged. */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../layers/registry.ts';
import type { LayerSpec, OutputRef } from '../spec/document.ts';
import { isStand } from './blocks.ts';
import { definitionOf, inferLayer, inputsUsed, outputShape, unknownOutput } from './infer.ts';
import { arityOf } from './ports.ts';
import type { Analysis } from './typed.ts';

/**
 * Why `from` cannot become input number `index` of the layer `to`; undefined if it can. Shapes are checked if they are known.
 */
export function connectProblem(
  { spec, graph }: Pick<Analysis, 'spec' | 'graph'>,
  from: OutputRef,
  to: string,
  index: number,
): string | undefined {
  const { byName } = waysOf(spec.layers);
  const target = byName.get(to);
  for (const name of [from.layer, to]) if (!byName.has(name)) return l10n.t('There is no layer "{0}".', name);
  if (!target?.valid) return undefined;
  const definition = target.kind ?? layerTypes.get(target.type);
  const { min, max } = arityOf(definition);
  if (max === 0) return l10n.t('{0} takes no input.', to);
  if (index >= max)
    return max === 1 ? l10n.t('{0} takes one input.', to) : l10n.t('{0} takes at most {1} inputs.', to, max);
  if (index > target.from.length)
    return l10n.t('Connect input {0} of {1} first.', target.from.length + 1, to);
  if (from.layer === to) return l10n.t('{0} cannot read its own output.', to);
  if (leadsTo(spec.layers, to, from.layer))
    return l10n.t('{0} already depends on {1}: this would close a cycle.', from.layer, to);
  const noOutput = unknownOutput(from, graph.byName);
  if (noOutput !== undefined) return noOutput;
  const inputs = [...target.from.slice(0, index), from, ...target.from.slice(index + 1)];
  const shapes = inputs.map(({ layer, output }) => {
    const source = graph.byName.get(layer);
    return source && outputShape(source, output);
  });
  if (inputs.length < min || !shapes.every((shape) => shape !== undefined)) return undefined;
  // Only the whole analysis knows what a block gives for other shapes.
  if (isStand(target)) return undefined;
  const inferred = inferLayer(definitionOf(target), target, inputsUsed(target, shapes));
  return 'problem' in inferred ? `${to}: ${inferred.problem.message}` : undefined;
}

interface Ways {
  readonly byName: ReadonlyMap<string, LayerSpec>;
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /**
   * The layers that can be reached from the last requested layer, cached because lists of choices request the same one
   * repeatedly.
   */
  reached: { readonly from: string; readonly names: ReadonlySet<string> } | undefined;
}

const known = new WeakMap<readonly LayerSpec[], Ways>();

function waysOf(layers: readonly LayerSpec[]): Ways {
  const before = known.get(layers);
  if (before) return before;
  const readers = new Map<string, string[]>();
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const others = readers.get(layer);
      if (others) others.push(name);
      else readers.set(layer, [name]);
    }
  const ways: Ways = {
    byName: new Map(layers.map((layer) => [layer.name, layer])),
    readers,
    reached: undefined,
  };
  known.set(layers, ways);
  return ways;
}

/** Whether connections lead from one layer to another. */
function leadsTo(layers: readonly LayerSpec[], start: string, end: string): boolean {
  const ways = waysOf(layers);
  if (ways.reached?.from !== start) {
    const names = new Set([start]);
    for (const name of names) for (const reader of ways.readers.get(name) ?? []) names.add(reader);
    ways.reached = { from: start, names };
  }
  return ways.reached.names.has(end);
}
