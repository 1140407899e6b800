/** Fixes of blocks: an input or output that is missing, and a block that nothing uses. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../../schema/attributes.ts';
import { nearest } from '../../schema/nearest.ts';
import { blockInput, blockOutput, blockParameter } from '../../spec/blockKinds.ts';
import { writtenParameter } from '../../spec/blockParameters.ts';
import { freshName } from '../../spec/names.ts';
import { isName } from '../../spec/reference.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { type Fixer, type Fixers, inOne } from './define.ts';

/**
 * Adds a missing input or output where it most likely belongs: layers that read nothing then read the input, and the output reads
 * the last layer.
 */
const portsFix: Fixer = ({ path }, { spec }) => {
  const block = spec.blocks.get(String(path[1]));
  if (!block) return undefined;
  const taken = (name: string) => block.layers.some((layer) => layer.name === name);
  const nameOf = (wanted: string) => (taken(wanted) ? freshName(wanted, taken) : wanted);
  const has = (kind: typeof blockInput) => block.layers.some((layer) => layer.kind === kind);
  const edits: SpecEdit[] = [];
  if (!has(blockInput)) {
    const name = nameOf('input');
    edits.push({ kind: 'addLayer', name, type: blockInput.type, attributes: {}, from: [] });
    for (const layer of block.layers)
      if (layer.from.length === 0 && layer.kind !== blockParameter)
        edits.push({ kind: 'connect', from: { layer: name }, to: layer.name, index: 0 });
  }
  if (!has(blockOutput)) {
    const read = new Set(block.layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
    const last = block.layers.findLast(({ name, kind }) => !read.has(name) && kind !== blockParameter);
    const from = last ? [{ layer: last.name }] : [];
    edits.push({ kind: 'addLayer', name: nameOf('output'), type: blockOutput.type, attributes: {}, from });
  }
  if (edits.length === 0) return undefined;
  return {
    title: l10n.t('Add the missing input or output of block "{0}"', block.name),
    edit: { kind: 'inBlock', block: block.name, edit: inOne(edits) },
  };
};

/** A parameter that is misspelt or not declared, or one that nothing uses. */
const parameterFix: Fixer = ({ path }, { spec, layers }) => {
  const [, layer, attribute] = path.map(String);
  const part = layers.get(layer);
  if (path.length === 2)
    return {
      title: l10n.t('Remove parameter "{0}"', layer),
      edit: { kind: 'removeLayers', names: [layer], heal: false },
    };
  const parameter = part?.open?.[attribute];
  if (parameter === undefined) return undefined;
  const declared = spec.layers.filter(({ kind }) => kind === blockParameter).map(({ name }) => name);
  const near = nearest(parameter, declared);
  if (near !== undefined)
    return {
      title: l10n.t('Change to "{0}"', writtenParameter(near)),
      edit: { kind: 'setAttribute', layer, attribute, value: writtenParameter(near) },
    };
  if (!isName(parameter) || layers.has(parameter)) return undefined;
  const open = part?.kind?.attributes[attribute];
  const preset = [open?.default, open?.start, 1].find((value) => value !== undefined) as Json;
  return {
    title: l10n.t('Add parameter "{0}"', parameter),
    edit: {
      kind: 'addLayer',
      name: parameter,
      type: blockParameter.type,
      attributes: { default: preset },
      from: [],
    },
  };
};

const unusedFix: Fixer = ({ path }) => ({
  title: l10n.t('Remove block "{0}"', String(path.at(-1))),
  edit: { kind: 'removeAt', path: [...path] },
});

export const blockFixers: Fixers = {
  'block/ports': portsFix,
  'block/parameter': parameterFix,
  'block/unused': unusedFix,
};
