/** Fixes of blocks: an input or output that is missing, and a block that nothing uses. */
import * as l10n from '@vscode/l10n';
import { blockInput, blockOutput } from '../../spec/blockKinds.ts';
import { freshName } from '../../spec/names.ts';
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
      if (layer.from.length === 0)
        edits.push({ kind: 'connect', from: { layer: name }, to: layer.name, index: 0 });
  }
  if (!has(blockOutput)) {
    const read = new Set(block.layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
    const last = block.layers.findLast(({ name }) => !read.has(name));
    const from = last ? [{ layer: last.name }] : [];
    edits.push({ kind: 'addLayer', name: nameOf('output'), type: blockOutput.type, attributes: {}, from });
  }
  if (edits.length === 0) return undefined;
  return {
    title: l10n.t('Add the missing input or output of block "{0}"', block.name),
    edit: { kind: 'inBlock', block: block.name, edit: inOne(edits) },
  };
};

const unusedFix: Fixer = ({ path }) => ({
  title: l10n.t('Remove block "{0}"', String(path.at(-1))),
  edit: { kind: 'removeAt', path: [...path] },
});

export const blockFixers: Fixers = {
  'block/ports': portsFix,
  'block/unused': unusedFix,
};
