/** Questions that rules ask about a network's graph. */
import { inputLayers } from '../graph/inputs.ts';
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import { type Spread, targetOf } from '../initializers/define.ts';
import { initializers } from '../initializers/registry.ts';
import type { Reach } from '../layers/define.ts';
import { losses } from '../losses/registry.ts';
import type { LossSpec } from '../spec/document.ts';
import { type NetworkStats, valueIn } from '../stats/define.ts';
import { zeroFraction } from '../stats/zeroFraction.ts';
import type { TargetSummary } from './data.ts';
import type { DataLook, NetworkLook } from './look.ts';

/**
 * Layers with a matrix of weights: dense, convolutions, recurrent layers. Not layers that only scale, or that have one number for
 * each unit.
 */
export const hasWeights = ({ inferred: { parameters } }: TypedLayer): boolean =>
  Object.values(parameters ?? {}).some(({ shape }) => shape.length >= 2);

/** Activations that are flat at both ends, so that the derivative is small almost everywhere: sigmoid, tanh. */
export function squashes({ definition, spec }: TypedLayer): boolean {
  const { low, high } = definition.saturationBounds?.(spec.attributes) ?? {};
  return definition.category === 'activation' && low !== undefined && high !== undefined;
}

/** Whether an activation such as tanh follows a layer directly: Glorot's rule suits its weights then, otherwise He's. */
export const isSquashed = (graph: TypedGraph, layer: string): boolean =>
  (readersIn(graph).get(layer) ?? []).some(squashes);

/**
 * Whether a layer gives only zeros. Then no gradient passes, whatever other findings there are; dead units have their own rule.
 */
export const isSilent = ({ name, definition }: TypedLayer, stats: NetworkStats): boolean =>
  definition.canDie === true && (valueIn(zeroFraction, stats[name] ?? {}) ?? 0) > 0.99;

/** The least and the largest number that an activation gives; empty for layers that give any. */
export const reachOf = ({ definition, spec }: TypedLayer): Reach =>
  definition.category === 'activation' ? (definition.reach?.(spec.attributes) ?? {}) : {};

/** Whether its outputs are shares of a whole, as of a softmax. Unlike those of a sigmoid, they depend on one another. */
export const sharesOut = ({ definition: { produces, elementwise } }: TypedLayer): boolean =>
  produces !== undefined && !elementwise;

/** The attributes by which a layer drops values in training, with the share that each drops, if it is above 0. */
export const dropsOf = ({ definition: { dropShares = [] }, spec }: Pick<TypedLayer, 'definition' | 'spec'>) =>
  dropShares
    .map((attribute) => ({ attribute, rate: Number(spec.attributes[attribute]) }))
    .filter(({ rate }) => rate > 0);

type Readers = ReadonlyMap<string, readonly TypedLayer[]>;

/** Cached, as the weights of a layer are, because rules need them at every look. */
const readersOf = new WeakMap<TypedGraph, Readers>();

/** The layers that read each layer. */
export function readersIn(graph: TypedGraph): Readers {
  const known = readersOf.get(graph) ?? findReaders(graph);
  readersOf.set(graph, known);
  return known;
}

function findReaders({ layers }: TypedGraph): Readers {
  const readers = new Map<string, TypedLayer[]>(layers.map(({ name }) => [name, []]));
  for (const layer of layers)
    for (const name of new Set(layer.from.map((ref) => ref.layer))) readers.get(name)?.push(layer);
  return readers;
}

/** These layers and all layers that lead to them. */
export function leadingTo({ layers }: TypedGraph, names: ReadonlySet<string>): readonly TypedLayer[] {
  const wanted = new Set(names);
  return layers.toReversed().filter(({ name, from }) => {
    if (wanted.has(name)) for (const ref of from) wanted.add(ref.layer);
    return wanted.has(name);
  });
}

/** All layers that depend on the output of a layer, without the layer itself, in the order of the graph. */
export function behind({ layers }: TypedGraph, name: string): readonly TypedLayer[] {
  const reached = new Set([name]);
  return layers.filter((layer) => {
    if (!layer.from.some((ref) => reached.has(ref.layer))) return false;
    reached.add(layer.name);
    return true;
  });
}

/** The layer whose output a loss judges. */
export const outputOf = ({ analysis }: NetworkLook, { from }: LossSpec): TypedLayer | undefined =>
  analysis.graph.byName.get(from.layer);

/** The layer that computes the values that a loss judges: past layers that only arrange them, such as reshape. */
export function producerOf(look: NetworkLook, loss: LossSpec): TypedLayer | undefined {
  let layer = outputOf(look, loss);
  while (layer?.definition.keepsValues && layer.from.length === 1)
    layer = look.analysis.graph.byName.get(layer.from[0].layer);
  return layer;
}

/** The loss that judges the values of a layer; −1 if none does. */
export const lossOf = (look: NetworkLook, layer: string | undefined): number =>
  (look.analysis.spec.training?.losses ?? []).findIndex((loss) => producerOf(look, loss)?.name === layer);

/** The targets that a loss compares with: those that it names, or those at its place among the losses. Undefined without data. */
export function targetsFor(
  { data }: NetworkLook,
  { target }: LossSpec,
  index: number,
): TargetSummary | undefined {
  const targets = data?.targets ?? [];
  return targets.find(({ name }) => name === target) ?? targets[Math.min(index, targets.length - 1)];
}

/** Whether a loss compares scores or probabilities, and not values, which need no classes. */
export function isChoice({ type, attributes }: LossSpec): boolean {
  const { predictions } = losses.get(type).reads(attributes);
  return predictions !== 'values' && predictions !== 'logValues';
}

/** How many classes of the data a loss chooses from; undefined if it compares values, or if the data are not known. */
export const classesOf = (look: NetworkLook, loss: LossSpec, index: number): number | undefined =>
  isChoice(loss) ? targetsFor(look, loss, index)?.counts?.length : undefined;

/** The names of the layers that losses judge. A loss without weight judges nothing. */
export const judged = ({ analysis }: NetworkLook): ReadonlySet<string> =>
  new Set(
    (analysis.spec.training?.losses ?? []).flatMap(({ from, weight }) => (weight > 0 ? [from.layer] : [])),
  );

/** Features, channels or units of a layer's output: its last axis. */
export const widthOf = ({ inferred: { output } }: TypedLayer): number => output.at(-1) ?? 1;

export interface Weights {
  /** The parameter's name: "kernel". */
  readonly name: string;
  readonly spread: Spread;
  readonly fanIn: number;
  readonly fanOut: number;
}

const weightsOfLayers = new WeakMap<TypedLayer, readonly Weights[]>();

/** The weight matrices of a layer, without lookup tables. */
export function weightsOf(layer: TypedLayer): readonly Weights[] {
  const known = weightsOfLayers.get(layer) ?? findWeights(layer);
  weightsOfLayers.set(layer, known);
  return known;
}

function findWeights({ inferred, definition }: TypedLayer): readonly Weights[] {
  if (definition.indexLimit !== undefined) return [];
  return Object.entries(inferred.parameters ?? {}).flatMap(([name, parameter]) => {
    if (parameter.shape.length < 2) return [];
    const { type, attributes } = parameter.initializer;
    const target = targetOf(parameter);
    const { fanIn, fanOut } = target;
    return [{ name, spread: initializers.get(type).spread(attributes, target), fanIn, fanOut }];
  });
}

/** The mean of the numbers that a layer's bias starts with; 0 if it has none. */
export function biasOf({ inferred }: TypedLayer): number {
  const bias = inferred.parameters?.bias;
  if (!bias) return 0;
  const { type, attributes } = bias.initializer;
  return initializers.get(type).spread(attributes, targetOf(bias)).mean;
}

/** Layers with weights other than a lookup table: a batch uses few rows of a table, and its rows start small on purpose. */
export const mixesInputs = (layer: TypedLayer): boolean => weightsOf(layer).length > 0;

/** The next layers with weights after each layer. Rules ask for them for every layer, and chains of layers without weights can be long. */
const nextOf = new WeakMap<TypedGraph, ReadonlyMap<string, readonly TypedLayer[]>>();

/** The next layers with weights after a layer, skipping those without. */
export function nextWeights(graph: TypedGraph, name: string): readonly TypedLayer[] {
  const known = nextOf.get(graph) ?? findNextWeights(graph);
  nextOf.set(graph, known);
  return known.get(name) ?? [];
}

function findNextWeights(graph: TypedGraph): ReadonlyMap<string, readonly TypedLayer[]> {
  const readers = readersIn(graph);
  const found = new Map<string, readonly TypedLayer[]>();
  for (const { name } of graph.layers.toReversed()) {
    const lists = (readers.get(name) ?? []).map((reader) =>
      hasWeights(reader) ? [reader] : (found.get(reader.name) ?? []),
    );
    found.set(name, lists.length === 1 ? lists[0] : [...new Set(lists.flat())]);
  }
  return found;
}

/** Whether a layer with weights leads to another one. */
export const hasHiddenWeights = (graph: TypedGraph): boolean =>
  graph.layers.some((layer) => hasWeights(layer) && nextWeights(graph, layer.name).length > 0);

/** The layer through which a field of the dataset enters: the one with its name, or the one at its position. */
export function inputLayerOf({ analysis, data }: DataLook, field: number): TypedLayer | undefined {
  const inputs = inputLayers(analysis.graph);
  return inputs.find(({ name }) => name === data.inputs[field].name) ?? inputs[field];
}

/** Whether an input contains indices, such as the characters of an embedding, and not quantities. */
export const isLookedUp = (graph: TypedGraph, name: string): boolean =>
  (readersIn(graph).get(name) ?? []).some(({ definition }) => definition.indexLimit !== undefined);

/** Whether every reader of an input normalizes it first, ignoring layers before that only rearrange it, or disturb it in training. */
export function normalizesInput(graph: TypedGraph, name: string): boolean {
  const readers = readersIn(graph).get(name) ?? [];
  return (
    readers.length > 0 &&
    readers.every(
      (reader) =>
        reader.definition.category === 'normalization' ||
        ((reader.definition.category === 'shape' || reader.definition.category === 'regularization') &&
          normalizesInput(graph, reader.name)),
    )
  );
}

/** The hidden layers that layers with weights read: neither inputs nor layers that losses judge. */
export function readByWeights(look: NetworkLook): readonly TypedLayer[] {
  const { graph } = look.analysis;
  const readers = readersIn(graph);
  const others = new Set([...judged(look), ...inputLayers(graph).map(({ name }) => name)]);
  return graph.layers.filter(({ name }) => !others.has(name) && (readers.get(name) ?? []).some(mixesInputs));
}

/** With fewer units, all of them can be on one side by chance. */
const fewestUnits = 4;

/**
 * The layers whose outputs only hidden activations read. Not those before a ReLU or a tanh, whose dead
 * or saturated units have rules of their own.
 */
export function bentByActivations({ analysis: { graph } }: NetworkLook): readonly TypedLayer[] {
  const readers = readersIn(graph);
  return graph.layers.filter((layer) => {
    const { name, from } = layer;
    const own = readers.get(name) ?? [];
    return (
      from.length > 0 &&
      widthOf(layer) >= fewestUnits &&
      own.length > 0 &&
      own.every(
        (activation) =>
          activation.definition.category === 'activation' &&
          activation.definition.elementwise &&
          !activation.definition.canDie &&
          !squashes(activation) &&
          nextWeights(graph, activation.name).length > 0,
      )
    );
  });
}
