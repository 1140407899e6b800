/** Edits that rules offer: each leaves a network that is valid if it was before. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../graph/typed.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { Json } from '../schema/attributes.ts';
import { formatNumber } from '../schema/numbers.ts';
import type { Fix } from '../schema/problem.ts';
import { printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import type { DataLook, NetworkLook } from './look.ts';
import { inputLayerOf, readersIn, squashes } from './network.ts';

export type SpecFix = Fix<SpecEdit>;

/** Changes the type of a layer; settings that the new type does not have are removed. */
export function changeType({ analysis }: NetworkLook, layer: string, type: string): SpecFix[] {
  const typed = analysis.graph.byName.get(layer);
  if (!typed || typed.spec.type === type) return [];
  const { attributes } = layerTypes.get(type);
  const lost = Object.keys(typed.spec.attributes).filter(
    (name) => !Object.hasOwn(attributes, name) && Object.hasOwn(typed.spec.given, name),
  );
  return [
    {
      title: l10n.t('Make {0} a {1}', layer, type),
      edit: together([
        ...lost.map((attribute): SpecEdit => ({ kind: 'setAttribute', layer, attribute, value: undefined })),
        { kind: 'setAttribute', layer, attribute: 'type', value: type },
      ]),
    },
  ];
}

/** The learning rate times `factor`, with two digits; if that is still far from the optimizer's default, the default. */
export function scaleLearningRate({ analysis }: NetworkLook, factor: number): SpecFix[] {
  const rate = analysis.spec.training?.optimizer.attributes.learningRate;
  if (typeof rate !== 'number') return [];
  const scaled = Number((rate * factor).toPrecision(2));
  const { learningRate } = optimizers.get(analysis.spec.training!.optimizer.type).attributes;
  const usual = Number(learningRate?.default ?? scaled);
  const isFar = factor < 1 ? scaled > 10 * usual : scaled < usual / 10;
  const value = isFar ? usual : scaled;
  return [
    {
      title: l10n.t('Set the learning rate to {0}', formatNumber(value)),
      edit: { kind: 'setTraining', path: ['optimizer', 'learningRate'], value },
    },
  ];
}

/** Clips the common norm of all gradients; no edit if it is already clipped at least as much. */
export function clipGradients({ analysis }: NetworkLook, norm = 5): SpecFix[] {
  const { training } = analysis.spec;
  if (!training || (training.clipNorm !== undefined && training.clipNorm <= norm)) return [];
  return [
    {
      title: l10n.t('Clip the gradient norm at {0}', norm),
      edit: { kind: 'setTraining', path: ['clipNorm'], value: norm },
    },
  ];
}

/** One edit of several, which is one undo step. */
export const together = (edits: readonly SpecEdit[]): SpecEdit =>
  edits.length === 1 ? edits[0] : { kind: 'several', edits };

/** Makes every squashing activation among these layers a ReLU, as one edit, with weights before it that start by He's rule. */
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
      ? l10n.t('Make {0} a relu', changed[0].name)
      : l10n.t(
          'Make {0} layers from {1} to {2} relu',
          changed.length,
          changed[0].name,
          changed[changed.length - 1].name,
        );
  return [{ title, edit: together(edits) }];
}

/** Changes the initializer of a layer's weights, if it has any. */
function initializeFor({ analysis }: NetworkLook, layer: string, initializer: string): SpecEdit[] {
  const typed = analysis.graph.byName.get(layer);
  if (!typed || !Object.hasOwn(typed.definition.attributes, 'kernelInitializer')) return [];
  return [{ kind: 'setAttribute', layer, attribute: 'kernelInitializer', value: initializer }];
}

/** Removes a layer with one input from the chain: its readers read its input. */
export const removeLayer = ({ analysis }: NetworkLook, layer: string): SpecFix[] =>
  analysis.graph.byName.get(layer)?.from.length === 1
    ? [{ title: l10n.t('Remove {0}', layer), edit: { kind: 'removeLayers', names: [layer], heal: true } }]
    : [];

/** Adds a layer after another: all its readers, including losses, read the new one. */
export const insertAfter = (
  look: NetworkLook,
  layer: string,
  type: string,
  attributes: { readonly [name: string]: Json } = {},
): SpecFix[] => insertChain(look, layer, [{ type, attributes }], l10n.t('Add a {0} behind {1}', type, layer));

/** The same with several new layers, one behind another. */
export function insertChain(
  { analysis }: NetworkLook,
  layer: string,
  chain: readonly { readonly type: string; readonly attributes: { readonly [name: string]: Json } }[],
  title: string,
): SpecFix[] {
  const { graph, spec, lossesAreListed } = analysis;
  const names: string[] = [];
  for (const { type } of chain) names.push(freeName(new Set([...graph.byName.keys(), ...names]), type));
  const name = names[names.length - 1];
  const added = chain.map(
    ({ type, attributes }, index): SpecEdit => ({
      kind: 'addLayer',
      name: names[index],
      type,
      attributes,
      from: [{ layer: index === 0 ? layer : names[index - 1] }],
    }),
  );
  const reads = graph.layers.flatMap(({ name: to, from }) =>
    from.flatMap((ref, index): SpecEdit[] =>
      ref.layer === layer && ref.output === undefined
        ? [{ kind: 'connect', from: { layer: name }, to, index }]
        : [],
    ),
  );
  const losses = (spec.training?.losses ?? []).flatMap(({ from }, index): SpecEdit[] =>
    from.layer === layer && from.output === undefined
      ? [{ kind: 'setTraining', path: ['loss', ...(lossesAreListed ? [index] : []), 'from'], value: name }]
      : [],
  );
  return [{ title, edit: together([...added, ...reads, ...losses]) }];
}

/** Sets one attribute of a layer. */
export const setAttribute = (layer: string, attribute: string, value: Json, title: string): SpecFix => ({
  title,
  edit: { kind: 'setAttribute', layer, attribute, value },
});

/** "relu", "relu2", "relu3": the first that no layer has. */
function freeName(taken: ReadonlySet<string>, type: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? type : `${type}${count}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * Leaves features of an input out of the data, and makes its layer as much smaller. Nothing where the data have no columns, or
 * are read as images.
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
          ? l10n.t('Leave out column "{0}"', dropped[0])
          : l10n.t('Leave out {0} columns', dropped.length),
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
  return [setTraining(['loss', ...(lossesAreListed ? [index] : [])], value, l10n.t('Use {0}', type))];
}
