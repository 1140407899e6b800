/** NetworkSpec → Graph: every reference resolved, inputs counted, layers in an order in which each follows those it reads. */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../layers/registry.ts';
import { nearest } from '../schema/nearest.ts';
import type { LayerSpec, NetworkSpec } from '../spec/document.ts';
import { printReference } from '../spec/reference.ts';
import type { Issue } from '../spec/source.ts';
import { arityOf } from './ports.ts';

export interface Graph {
  /** Without the layers on a cycle or behind one. */
  readonly order: readonly LayerSpec[];
  readonly byName: ReadonlyMap<string, LayerSpec>;
  /** Layers that are wired or written wrongly: nothing more is said about them. */
  readonly broken: ReadonlySet<string>;
  /** The layers that read a layer. */
  readonly readers: ReadonlyMap<string, readonly LayerSpec[]>;
  readonly issues: readonly Issue[];
}

export function buildGraph(spec: NetworkSpec): Graph {
  const byName = new Map(spec.layers.map((layer) => [layer.name, layer]));
  const issues: Issue[] = [];
  const broken = new Set<string>();
  for (const layer of spec.layers) {
    const found = [...checkReferences(layer, byName), ...checkInputCount(layer)];
    issues.push(...found);
    if (!layer.valid || found.length > 0) broken.add(layer.name);
  }
  const readers = readersOf(spec.layers, byName);
  const order = inOrder(spec.layers, byName, readers);
  issues.push(...findCycles(spec.layers, order, byName));
  return { order, byName, broken, readers, issues };
}

/** The place of a layer's input in the text: its `from`, or the entry of it. */
export function inputPath(layer: LayerSpec, index: number): Issue['path'] {
  const path = ['layers', layer.name, 'from'];
  return layer.from.length > 1 ? [...path, index] : path;
}

function checkReferences(layer: LayerSpec, byName: ReadonlyMap<string, LayerSpec>): Issue[] {
  return layer.from.flatMap((reference, index) => {
    if (byName.has(reference.layer)) return [];
    const near = nearest(reference.layer, byName.keys());
    return [
      {
        code: 'graph/unknown-layer',
        severity: 'error',
        message: near
          ? l10n.t('{0}: there is no layer "{1}". Did you mean "{2}"?', layer.name, reference.layer, near)
          : l10n.t(
              '{0}: there is no layer "{1}". Add it, or read another layer.',
              layer.name,
              reference.layer,
            ),
        layer: layer.name,
        attribute: 'from',
        path: inputPath(layer, index),
        on: 'value',
      },
    ];
  });
}

/** Nothing is said of an unknown type, or where a "from" that cannot be read may only look like none. */
function checkInputCount(layer: LayerSpec): Issue[] {
  const definition = layerTypes.find(layer.type);
  const count = layer.from.length;
  if (!definition || (count === 0 && !layer.valid)) return [];
  const { min, max } = arityOf(definition);
  if (count >= min && count <= max) return [];
  const names = layer.from.map(printReference).join(', ');
  const message =
    count === 0
      ? min === 1
        ? l10n.t('{0} has no input. Connect one output to it.', layer.name)
        : l10n.t('{0} has no input. Connect {1} outputs to it.', layer.name, min)
      : count < min
        ? l10n.t(
            '{0} needs at least {1} inputs, found {2} ({3}). Connect more.',
            layer.name,
            min,
            count,
            names,
          )
        : max === 0
          ? l10n.t('{0} takes no input, found {1}. Remove its "from".', layer.name, names)
          : max === 1
            ? l10n.t(
                '{0} takes one input, found {1} ({2}). Merge them in a layer first.',
                layer.name,
                count,
                names,
              )
            : l10n.t(
                '{0} takes at most {1} inputs, found {2} ({3}). Remove some.',
                layer.name,
                max,
                count,
                names,
              );
  return [
    {
      code: count < min ? 'graph/missing-input' : 'graph/too-many-inputs',
      severity: 'error',
      message,
      layer: layer.name,
      attribute: 'from',
      path: count === 0 ? ['layers', layer.name] : ['layers', layer.name, 'from'],
      on: count === 0 ? 'key' : 'value',
    },
  ];
}

function readersOf(
  layers: readonly LayerSpec[],
  byName: ReadonlyMap<string, LayerSpec>,
): ReadonlyMap<string, readonly LayerSpec[]> {
  const readers = new Map<string, LayerSpec[]>([...byName.keys()].map((name) => [name, []]));
  for (const layer of layers)
    for (const source of sourcesOf(layer, byName)) readers.get(source.name)!.push(layer);
  return readers;
}

/** The layers it reads, each once, as far as they exist. */
function sourcesOf(layer: LayerSpec, byName: ReadonlyMap<string, LayerSpec>): Set<LayerSpec> {
  return new Set(
    layer.from.map((reference) => byName.get(reference.layer)).filter((source) => source !== undefined),
  );
}

/** Kahn's algorithm: a layer is ready when all it reads are. */
function inOrder(
  layers: readonly LayerSpec[],
  byName: ReadonlyMap<string, LayerSpec>,
  readers: ReadonlyMap<string, readonly LayerSpec[]>,
): LayerSpec[] {
  const waitingFor = new Map(layers.map((layer) => [layer.name, sourcesOf(layer, byName).size]));
  const order = layers.filter((layer) => waitingFor.get(layer.name) === 0);
  for (let next = 0; next < order.length; next++)
    for (const reader of readers.get(order[next].name)!) {
      const left = waitingFor.get(reader.name)! - 1;
      waitingFor.set(reader.name, left);
      if (left === 0) order.push(reader);
    }
  return order;
}

/**
 * Every layer left out of the order reads another one left out, so walking against the arrows must come
 * round. Each walk stops at what an earlier one has seen; all cycles that share no layer are found.
 */
function findCycles(
  layers: readonly LayerSpec[],
  order: readonly LayerSpec[],
  byName: ReadonlyMap<string, LayerSpec>,
): Issue[] {
  const placed = new Set(order);
  const seen = new Set<LayerSpec>();
  const rank = new Map(layers.map((layer, index) => [layer, index]));
  const issues: Issue[] = [];
  for (const start of layers) {
    if (placed.has(start)) continue;
    const walk: LayerSpec[] = [];
    const position = new Map<LayerSpec, number>();
    let layer = start;
    while (!seen.has(layer)) {
      seen.add(layer);
      position.set(layer, walk.push(layer) - 1);
      layer = [...sourcesOf(layer, byName)].find((source) => !placed.has(source))!;
    }
    const begin = position.get(layer);
    if (begin !== undefined) issues.push(cycleIssue(walk.slice(begin).reverse(), rank));
  }
  return issues;
}

/** Names of a cycle that a message lists: a longer list would leave no room for what to do. */
const mostNamed = 12;

const abridged = (names: readonly string[]): readonly string[] =>
  names.length <= mostNamed
    ? names
    : [...names.slice(0, mostNamed / 2), '…', ...names.slice(1 - mostNamed / 2)];

/** `cycle` in the direction of the arrows. Reported at its first layer in the text. */
function cycleIssue(cycle: readonly LayerSpec[], rank: ReadonlyMap<LayerSpec, number>): Issue {
  const first = cycle.reduce(
    (best, layer, index) => (rank.get(layer)! < rank.get(cycle[best])! ? index : best),
    0,
  );
  const turned = [...cycle.slice(first), ...cycle.slice(0, first + 1)];
  const layer = turned[0];
  const before = turned[turned.length - 2];
  return {
    code: 'graph/cycle',
    severity: 'error',
    message: l10n.t(
      '{0} reads its own output: {1}. Remove one of these connections; a network runs in one direction.',
      layer.name,
      abridged(turned.map(({ name }) => name)).join(' → '),
    ),
    layer: layer.name,
    attribute: 'from',
    path: inputPath(
      layer,
      layer.from.findIndex((reference) => reference.layer === before.name),
    ),
    on: 'value',
  };
}
