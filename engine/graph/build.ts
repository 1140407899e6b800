/**
 * NetworkSpec → Graph: resolves every reference, counts inputs, and orders layers so that each comes after those that it reads.
 */
import * as l10n from '@vscode/l10n';
import { nearest } from '../schema/nearest.ts';
import { mostProblems } from '../schema/reading.ts';
import type { LayerSpec } from '../spec/document.ts';
import { printReference } from '../spec/reference.ts';
import type { Issue } from '../spec/source.ts';
import { type Arity, arityOf } from './ports.ts';

export interface Graph {
  /** The layers in order, without those on a cycle or after one. */
  readonly order: readonly LayerSpec[];
  readonly byName: ReadonlyMap<string, LayerSpec>;
  /** Layers with a problem in their text or connections: no further problems are reported for them. */
  readonly broken: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}

/** Builds the graph of a network as written, or of one of its blocks. */
export function buildGraph({ layers }: { readonly layers: readonly LayerSpec[] }): Graph {
  const byName = new Map<string, LayerSpec>();
  const indices = new Map<string, number>();
  for (let index = 0; index < layers.length; index++) {
    byName.set(layers[index].name, layers[index]);
    indices.set(layers[index].name, index);
  }
  const issues: Issue[] = [];
  const broken = new Set<string>();
  const sources = new Array<readonly number[]>(layers.length);
  for (let index = 0; index < layers.length; index++) {
    const layer = layers[index];
    const before = issues.length;
    checkReferences(layer, byName, issues);
    checkInputCount(layer, issues);
    if (!layer.valid || issues.length > before) broken.add(layer.name);
    sources[index] = sourcesOf(layer, indices);
  }
  const order = inOrder(layers, sources);
  issues.push(...findCycles(layers, order, sources));
  return { order, byName, broken, issues };
}

/** The place of a layer's input in the text: its `from`, or the entry in it. */
export function inputPath(layer: LayerSpec, index: number): Issue['path'] {
  const path = [...layer.path, 'from'];
  return layer.from.length > 1 ? [...path, index] : path;
}

function checkReferences(layer: LayerSpec, byName: ReadonlyMap<string, LayerSpec>, issues: Issue[]): void {
  const most = issues.length + mostProblems;
  for (let index = 0; index < layer.from.length && issues.length < most; index++) {
    const reference = layer.from[index];
    if (byName.has(reference.layer)) continue;
    const isInside = reference.layer.includes('/');
    issues.push({
      code: isInside ? 'block/inside' : 'graph/unknown-layer',
      severity: 'error',
      get message() {
        if (isInside)
          return l10n.t(
            '{0}: "{1}" is inside a block. Give the block an output there, and read that.',
            layer.name,
            reference.layer,
          );
        const near = nearest(reference.layer, byName.keys());
        return near
          ? l10n.t('{0}: there is no layer "{1}". Did you mean "{2}"?', layer.name, reference.layer, near)
          : l10n.t(
              '{0}: there is no layer "{1}". Add it, or read another layer.',
              layer.name,
              reference.layer,
            );
      },
      layer: layer.name,
      attribute: 'from',
      path: inputPath(layer, index),
      on: 'value',
    });
  }
}

/** Checks the number of inputs. Reports nothing for an unknown type, or for a "from" that is there but cannot be read. */
function checkInputCount(layer: LayerSpec, issues: Issue[]): void {
  const definition = layer.kind;
  const count = layer.from.length;
  if (!definition || (count === 0 && !layer.valid)) return;
  const arity = arityOf(definition);
  if (count >= arity.min && count <= arity.max) return;
  issues.push({
    code: count < arity.min ? 'graph/missing-input' : 'graph/too-many-inputs',
    severity: 'error',
    get message() {
      return inputCountMessage(layer, arity);
    },
    layer: layer.name,
    attribute: 'from',
    path: count === 0 ? layer.path : [...layer.path, 'from'],
    on: count === 0 ? 'key' : 'value',
  });
}

function inputCountMessage({ name, from }: LayerSpec, { min, max }: Arity): string {
  const count = from.length;
  const names = from.map(printReference).join(', ');
  if (count === 0)
    return min === 1
      ? l10n.t('{0} has no input. Connect one output to it.', name)
      : l10n.t('{0} has no input. Connect {1} outputs to it.', name, min);
  if (count < min)
    return l10n.t('{0} needs at least {1} inputs, found {2} ({3}). Connect more.', name, min, count, names);
  if (max === 0) return l10n.t('{0} takes no input, found {1}. Remove its "from".', name, names);
  return max === 1
    ? l10n.t('{0} takes one input, found {1} ({2}). Merge them in a layer first.', name, count, names)
    : l10n.t('{0} takes at most {1} inputs, found {2} ({3}). Remove some.', name, max, count, names);
}

/** The existing layers that each layer reads, each once, by index. Loops over lists take no memory, and networks may be large. */
type Sources = readonly (readonly number[])[];

const none: readonly number[] = [];

function sourcesOf({ from }: LayerSpec, indices: ReadonlyMap<string, number>): readonly number[] {
  const [first] = from;
  if (from.length < 2) {
    const source = first && indices.get(first.layer);
    return source === undefined ? none : [source];
  }
  return [...new Set(from.flatMap(({ layer }) => indices.get(layer) ?? none))];
}

/** Kahn's algorithm: a layer is ready when all layers that it reads are in the order. */
function inOrder(layers: readonly LayerSpec[], sources: Sources): LayerSpec[] {
  const readers = new Array<number[] | undefined>(layers.length).fill(undefined);
  const waitingFor = new Int32Array(layers.length);
  const ready: number[] = [];
  for (let index = 0; index < layers.length; index++) {
    waitingFor[index] = sources[index].length;
    if (waitingFor[index] === 0) ready.push(index);
    for (let input = 0; input < sources[index].length; input++) {
      const source = sources[index][input];
      const known = readers[source];
      if (known) known.push(index);
      else readers[source] = [index];
    }
  }
  for (let next = 0; next < ready.length; next++) {
    const reading = readers[ready[next]];
    if (reading)
      for (let at = 0; at < reading.length; at++)
        if (--waitingFor[reading[at]] === 0) ready.push(reading[at]);
  }
  return ready.map((index) => layers[index]);
}

/**
 * Every layer that is not in the order reads another one that is not, so walking against the connections must reach a cycle. Each
 * walk stops at a layer that an earlier one has seen. This finds all cycles that share no layer.
 */
function findCycles(layers: readonly LayerSpec[], order: readonly LayerSpec[], sources: Sources): Issue[] {
  if (order.length === layers.length) return [];
  const placed = new Set(order);
  const seen = new Set<number>();
  const issues: Issue[] = [];
  for (const start of layers.keys()) {
    if (placed.has(layers[start])) continue;
    const walk: number[] = [];
    const position = new Map<number, number>();
    let at = start;
    while (!seen.has(at)) {
      seen.add(at);
      position.set(at, walk.push(at) - 1);
      at = sources[at].find((source) => !placed.has(layers[source]))!;
    }
    const begin = position.get(at);
    if (begin !== undefined) issues.push(cycleIssue(walk.slice(begin).reverse(), layers));
  }
  return issues;
}

/** The most names of a cycle that a message lists: a longer list would leave no room for the advice. */
const mostNamed = 12;

const abridged = (names: readonly string[]): readonly string[] =>
  names.length <= mostNamed
    ? names
    : [...names.slice(0, mostNamed / 2), '…', ...names.slice(1 - mostNamed / 2)];

/** `cycle` is in the direction of the connections. It is reported at its first layer in the text. */
function cycleIssue(cycle: readonly number[], layers: readonly LayerSpec[]): Issue {
  const first = cycle.reduce((best, layer, at) => (layer < cycle[best] ? at : best), 0);
  const turned = [...cycle.slice(first), ...cycle.slice(0, first + 1)].map((index) => layers[index]);
  const layer = turned[0];
  const before = turned[turned.length - 2];
  return {
    code: 'graph/cycle',
    severity: 'error',
    get message() {
      return l10n.t(
        '{0} reads its own output: {1}. Remove one of these connections; a network runs in one direction.',
        layer.name,
        abridged(turned.map(({ name }) => name)).join(' → '),
      );
    },
    layer: layer.name,
    attribute: 'from',
    path: inputPath(
      layer,
      layer.from.findIndex((reference) => reference.layer === before.name),
    ),
    on: 'value',
  };
}
