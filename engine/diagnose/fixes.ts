/** Edits that rules offer: each leaves a network that is valid if it was before. */
import * as l10n from '@vscode/l10n';
import { blockAt } from '../graph/inside.ts';
import type { TypedLayer } from '../graph/typed.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import { losses } from '../losses/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import { isRequired, type Json } from '../schema/attributes.ts';
import type { Fix } from '../schema/problem.ts';
import type { LayerSpec } from '../spec/document.ts';
import { printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import type { DataLook, NetworkLook } from './look.ts';
import { inputLayerOf, readersIn, squashes } from './network.ts';

export type SpecFix = Fix<SpecEdit>;

/**
 * Changes the type of a layer; settings that the new type does not have are removed. No edit if the new type needs one that the
 * layer does not have.
 */
export function changeType({ analysis }: NetworkLook, layer: string, type: string): SpecFix[] {
  const typed = analysis.graph.byName.get(layer);
  if (!typed || typed.spec.type === type) return [];
  const { attributes, label } = layerTypes.get(type);
  const isMissing = (name: string) => !Object.hasOwn(typed.spec.attributes, name);
  if (Object.entries(attributes).some(([name, attribute]) => isRequired(attribute) && isMissing(name)))
    return [];
  const lost = Object.keys(typed.spec.attributes).filter(
    (name) => !Object.hasOwn(attributes, name) && Object.hasOwn(typed.spec.given, name),
  );
  return [
    {
      title: l10n.t('Replace {0} with {1} in "{2}"', typed.definition.label, label, layer),
      edit: together([
        ...lost.map((attribute): SpecEdit => ({ kind: 'setAttribute', layer, attribute, value: undefined })),
        { kind: 'setAttribute', layer, attribute: 'type', value: type },
      ]),
    },
  ];
}

/**
 * The learning rate times `factor`, with two digits. One that is still more than ten times the optimizer's default becomes ten times the
 * default, or the default for a factor of a hundredth; one that is below the default although it was raised becomes the default.
 */
export function scaleLearningRate({ analysis }: NetworkLook, factor: number): SpecFix[] {
  const rate = analysis.spec.training?.optimizer.attributes.learningRate;
  if (typeof rate !== 'number') return [];
  const scaled = Number((rate * factor).toPrecision(2));
  const { learningRate } = optimizers.get(analysis.spec.training!.optimizer.type).attributes;
  const usual = Number(learningRate?.default ?? scaled);
  const most = factor > 0.01 ? 10 * usual : usual;
  const value =
    factor < 1 ? (scaled > 10 * usual ? Number(most.toPrecision(2)) : scaled) : Math.max(scaled, usual);
  return [
    {
      title: l10n.t('Set "{0}" to {1}', 'learningRate', value),
      edit: { kind: 'setTraining', path: ['optimizer', 'learningRate'], value },
    },
  ];
}

/** A learning rate is unusual above this many times the default of its optimizer. The default with momentum 0.9 is not, even with rounding errors. */
const unusual = 10 * (1 + 1e-9);

/**
 * Whether steps are far longer than with the optimizer's default learning rate. Momentum m adds up steps to 1 / (1 − m) times their length.
 * It is asked only where units have died or numbers are not finite: there 0.1 with momentum 0.9, which suits many image networks, is a likely reason.
 */
export function isRateUnusual({ analysis }: NetworkLook): boolean {
  const { optimizer } = analysis.spec.training ?? {};
  if (!optimizer) return false;
  const { learningRate } = optimizers.get(optimizer.type).attributes;
  const { learningRate: rate, momentum = 0 } = optimizer.attributes;
  return Number(rate) / (1 - Number(momentum)) > unusual * Number(learningRate?.default ?? rate);
}

/** Clips the common norm of all gradients; no edit if it is already clipped at least as much. */
export function clipGradients({ analysis }: NetworkLook, norm = 5): SpecFix[] {
  const { training } = analysis.spec;
  if (!training || (training.clipNorm !== undefined && training.clipNorm <= norm)) return [];
  return [
    {
      title: l10n.t('Set "{0}" to {1}', 'clipNorm', norm),
      edit: { kind: 'setTraining', path: ['clipNorm'], value: norm },
    },
  ];
}

/** One edit of several, which is one undo step. */
export const together = (edits: readonly SpecEdit[]): SpecEdit =>
  edits.length === 1 ? edits[0] : { kind: 'several', edits };

/**
 * Replaces every squashing activation among these layers with a ReLU, and initializes the weights before it by He's rule; one
 * edit.
 */
export function squashersToRelu(look: NetworkLook, layers: readonly TypedLayer[]): SpecFix[] {
  const { graph } = look.analysis;
  const readers = readersIn(graph);
  const changed = layers.filter((layer) => squashes(layer) && (readers.get(layer.name) ?? []).length > 0);
  if (changed.length === 0) return [];
  const edits = changed.flatMap((layer) => [
    ...changeType(look, layer.name, 'relu').map(({ edit }) => edit),
    ...initializeFor(look, layer.from[0].layer, 'heUniform'),
  ]);
  const title =
    changed.length === 1
      ? changeType(look, changed[0].name, 'relu')[0].title
      : l10n.t(
          'Replace {0} activations with ReLU, from "{1}" to "{2}"',
          changed.length,
          changed[0].name,
          changed[changed.length - 1].name,
        );
  return [{ title, edit: together(edits) }];
}

/** Starts the weights of these layers by He's rule, as far as they have a kernel; one edit. */
export function startByHe(look: NetworkLook, layers: readonly TypedLayer[]): SpecFix[] {
  const edits = layers.flatMap(({ name }) => initializeFor(look, name, 'heUniform'));
  if (edits.length === 0) return [];
  const title =
    edits.length === 1
      ? l10n.t('Use He initialization in "{0}"', layers[0].name)
      : l10n.t('Use He initialization in {0} layers', edits.length);
  return [{ title, edit: together(edits) }];
}

/** Changes the initializer of a layer's weights, if it has any. */
function initializeFor({ analysis }: NetworkLook, layer: string, initializer: string): SpecEdit[] {
  const typed = analysis.graph.byName.get(layer);
  if (!typed || !Object.hasOwn(typed.definition.attributes, 'kernelInitializer')) return [];
  return [{ kind: 'setAttribute', layer, attribute: 'kernelInitializer', value: initializer }];
}

/** Removes a layer with one input from the chain: its readers read its input. */
export function removeLayer(look: NetworkLook, layer: string): SpecFix[] {
  const typed = look.analysis.graph.byName.get(layer);
  if (typed?.from.length !== 1) return [];
  const { name, within } = definitionOf(look, typed);
  const edit = within({ kind: 'removeLayers', names: [name], heal: true });
  return [{ title: l10n.t('Remove "{0}"', layer), edit }];
}

/** Adds a layer after another: all its readers, including losses, read the new one. */
export const insertAfter = (
  look: NetworkLook,
  layer: string,
  type: string,
  attributes: { readonly [name: string]: Json } = {},
): SpecFix[] =>
  insertChain(
    look,
    layer,
    [{ type, attributes }],
    l10n.t('Add {0} after "{1}"', layerTypes.get(type).label, layer),
  );

/** The same with several new layers, one after another. In a block they are added to its definition, and so to all its uses. */
export function insertChain(
  look: NetworkLook,
  layer: string,
  chain: readonly { readonly type: string; readonly attributes: { readonly [name: string]: Json } }[],
  title: string,
): SpecFix[] {
  const { graph, spec, lossesAreListed } = look.analysis;
  const typed = graph.byName.get(layer);
  if (!typed) return [];
  const definition = definitionOf(look, typed);
  const names: string[] = [];
  for (const { type } of chain) names.push(freeName(new Set([...definition.taken, ...names]), type));
  const name = names[names.length - 1];
  const added = chain.map(
    ({ type, attributes }, index): SpecEdit => ({
      kind: 'addLayer',
      name: names[index],
      type,
      attributes,
      from: [{ layer: index === 0 ? definition.name : names[index - 1] }],
    }),
  );
  const reads = definition.layers.flatMap(({ name: to, from }) =>
    from.flatMap((ref, index): SpecEdit[] =>
      ref.layer === definition.name && ref.output === undefined
        ? [{ kind: 'connect', from: { layer: name }, to, index }]
        : [],
    ),
  );
  // Losses judge layers of the network. They read layers in a block through the block's outputs.
  const judging = (definition.isInBlock ? [] : (spec.training?.losses ?? [])).flatMap(
    ({ from }, index): SpecEdit[] =>
      from.layer === layer && from.output === undefined
        ? [{ kind: 'setTraining', path: ['loss', ...(lossesAreListed ? [index] : []), 'from'], value: name }]
        : [],
  );
  return [{ title, edit: definition.within(together([...added, ...reads, ...judging])) }];
}

interface Definition {
  /** The name of the layer there. */
  readonly name: string;
  /** All layers there, as written. */
  readonly layers: readonly LayerSpec[];
  /** Names that a new layer cannot have there. */
  readonly taken: Iterable<string>;
  readonly isInBlock: boolean;
  /** Wraps an edit that uses the names there. */
  within(edit: SpecEdit): SpecEdit;
}

/** Where a layer is defined: among the layers of the network, or in a block. */
function definitionOf(
  { analysis: { spec, graph } }: NetworkLook,
  { name, spec: written }: TypedLayer,
): Definition {
  const block = spec.blocks.get(blockAt(written.path) ?? '');
  if (!block)
    return {
      name,
      layers: spec.layers,
      taken: graph.byName.keys(),
      isInBlock: false,
      within: (edit) => edit,
    };
  return {
    name: String(written.path[2]),
    layers: block.layers,
    taken: block.layers.map((layer) => layer.name),
    isInBlock: true,
    within: (edit) => ({ kind: 'inBlock', block: block.name, edit }),
  };
}

/** Edits of layers where they are written. What a use of a block says about all layers inside is changed at the use. */
export const changeWritten = (
  { analysis: { spec } }: NetworkLook,
  change: (layer: LayerSpec) => readonly SpecEdit[],
): SpecEdit[] => [
  ...spec.layers.flatMap(change),
  ...[...spec.blocks.values()].flatMap(({ name, layers }) =>
    layers.flatMap(change).map((edit): SpecEdit => ({ kind: 'inBlock', block: name, edit })),
  ),
];

/** Sets one attribute of a layer. */
export const setAttribute = (
  layer: string,
  attribute: string,
  value: Json | undefined,
  title: string,
): SpecFix => ({
  title,
  edit: { kind: 'setAttribute', layer, attribute, value },
});

/** Recurrent weights that preserve the norm of the state. No fix for a layer without any. */
export function orthogonalRecurrence({ analysis }: NetworkLook, layer: string): readonly SpecFix[] {
  const { attributes = {} } = analysis.graph.byName.get(layer)?.definition ?? {};
  if (!Object.hasOwn(attributes, 'recurrentInitializer')) return [];
  const title = l10n.t('Use orthogonal recurrent weights in "{0}"', layer);
  return [setAttribute(layer, 'recurrentInitializer', 'orthogonal', title)];
}

/** The first free name of "relu", "relu2", "relu3", …. */
export function freeName(taken: ReadonlySet<string>, type: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? type : `${type}${count}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * Removes features of an input from the data, and reduces the size of its layer by their number. No fix if the data has no
 * columns, or is read as images.
 */
export function dropFeatures(look: DataLook, input: number, features: readonly number[]): SpecFix[] {
  const { analysis, data } = look;
  const { columns, shape } = data.inputs[input];
  const given = analysis.spec.training?.data.attributes ?? {};
  const layer = inputLayerOf(look, input);
  if (!columns || shape.length !== 1 || !layer || features.length === 0 || features.length >= shape[0])
    return [];
  const dropped = features.map((feature) => columns[feature]);
  const excluded = Array.isArray(given.exclude) ? given.exclude : [];
  return [
    {
      title:
        dropped.length === 1
          ? l10n.t('Remove column "{0}"', dropped[0])
          : l10n.t('Remove {0} columns', dropped.length),
      edit: together([
        { kind: 'setTraining', path: ['data', 'exclude'], value: [...excluded, ...dropped] },
        { kind: 'setAttribute', layer: layer.name, attribute: 'shape', value: [shape[0] - dropped.length] },
      ]),
    },
  ];
}

/** Sets one setting in the section "training". */
export const setTraining = (
  path: readonly (string | number)[],
  value: Json | undefined,
  title: string,
): SpecFix => ({
  title,
  edit: { kind: 'setTraining', path: [...path], value },
});

/** Trains without the schedule, if there is one. */
export const removeSchedule = ({ analysis }: NetworkLook): SpecFix[] =>
  analysis.spec.training?.schedule
    ? [setTraining(['schedule'], undefined, l10n.t('Remove "{0}"', 'schedule'))]
    : [];

/** Trains with another optimizer. Settings of the old one are removed, because another optimizer has different ones. */
export function setOptimizer(
  { analysis }: NetworkLook,
  type: string,
  given: { readonly [attribute: string]: Json } = {},
): SpecFix[] {
  const used = analysis.spec.training?.optimizer;
  if (!used) return [];
  const title = l10n.t('Replace {0} with {1}', optimizers.get(used.type).label, optimizers.get(type).label);
  return [setTraining(['optimizer'], { type, ...given }, title)];
}

/** Uses another loss for the same output. Settings of the old one are removed, because another loss has different ones. */
export function setLoss({ analysis }: NetworkLook, index: number, type: string): SpecFix[] {
  const { spec, lossesAreListed } = analysis;
  const loss = spec.training?.losses[index];
  if (!loss) return [];
  const { from, weight, target } = loss;
  const value = {
    type,
    from: printReference(from),
    ...(weight === 1 ? {} : { weight }),
    ...(target === undefined ? {} : { target }),
  };
  const title = l10n.t('Replace {0} with {1}', losses.get(loss.type).label, losses.get(type).label);
  return [setTraining(['loss', ...(lossesAreListed ? [index] : [])], value, title)];
}

/** Lets every layer learn. */
export function unfreezeAll(look: NetworkLook): readonly SpecFix[] {
  const edits = changeWritten(look, ({ name, common }) =>
    common.trainable
      ? []
      : [{ kind: 'setAttribute' as const, layer: name, attribute: 'trainable', value: undefined }],
  );
  return edits.length > 0 ? [{ title: l10n.t('Unfreeze all layers'), edit: together(edits) }] : [];
}
