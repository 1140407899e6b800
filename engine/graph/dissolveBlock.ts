/**
 * Replaces a use of a block by the layers of the block, with the names that address their random draws: one edit, or the reason
 * why not.
 */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import type { BlockSpec, LayerSpec, OutputRef } from '../spec/document.ts';
import { dissolvedName, insideName, printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { blockOf, inputsOf, isPort, isTied, outputMeant, repeatsOf } from './blocks.ts';
import type { BlockEdit, Judged } from './makeBlock.ts';
import type { Analysis } from './typed.ts';

/** The most layers that one command may write. */
const mostWritten = 500;

/** `scope` is the network or the block that `name` is written in; `whole` is the network. The training stays the same to the bit. */
export function dissolveBlock(
  scope: Pick<Analysis, 'spec' | 'graph'>,
  whole: Pick<Analysis, 'spec' | 'notes'>,
  name: string,
  judged: readonly Judged[],
): BlockEdit {
  const { layers } = scope.spec;
  const use = layers.find((layer) => layer.name === name);
  const { blocks } = whole.spec;
  const block = use && blockOf(use, blocks);
  if (!use || !block) return { problem: l10n.t('{0} is not a use of a block.', name) };
  const problem = refusal(use, block, layers);
  if (problem !== undefined) return { problem };
  const copies = Array.from({ length: repeatsOf(use) }, (_, index) => index + 1);
  const prefixOf = (copy: number): string => insideName(name, ...(copies.length > 1 ? [copy] : []), '');
  const nameOf = (part: string, copy: number): string => dissolvedName(prefixOf(copy) + part);
  const parts = block.layers.filter((part) => !isPort(part));
  const taken = new Set(layers.map((layer) => layer.name));
  const clash = copies
    .flatMap((copy) => parts.map((part) => nameOf(part.name, copy)))
    .find((one) => taken.has(one));
  if (clash !== undefined)
    return { problem: l10n.t('There is already a layer "{0}". Rename it first.', clash) };

  const ports = inputsOf(block);
  /** The reference outside for a reference within one copy. */
  const outer = (ref: OutputRef, copy: number): OutputRef | undefined => {
    const port = ports.findIndex((one) => one.name === ref.layer);
    if (port < 0) return { ...ref, layer: nameOf(ref.layer, copy) };
    return port > 0 || copy === 1 ? use.from[port] : outputOf({ layer: name }, copy - 1);
  };
  const outputOf = (ref: OutputRef, copy: number): OutputRef | undefined => {
    const from = outputMeant(block, ref)?.from[0];
    return from && outer(from, copy);
  };
  const edits: SpecEdit[] = [];
  for (const copy of copies)
    for (const part of inOrder(parts)) {
      const from = part.from.flatMap((ref) => outer(ref, copy) ?? []);
      const layer = nameOf(part.name, copy);
      const attributes = { ...part.given, ...inherited(use, part), ...sharing(part, copy) };
      edits.push({ kind: 'addLayer', name: layer, type: part.type, attributes, from });
      const text = copy === 1 ? whole.notes.get(insideName(block.name, part.name)) : undefined;
      if (text !== undefined) edits.push({ kind: 'setNote', layer, text });
    }
  const last = copies.length;
  for (const { name: to, from } of layers)
    for (const [index, ref] of from.entries()) {
      const source = ref.layer === name && outputOf(ref, last);
      if (source) edits.push({ kind: 'connect', from: source, to, index });
    }
  for (const { from, path } of judged) {
    const source = from.layer === name && outputOf(from, last);
    if (source) edits.push({ kind: 'setTraining', path, value: printReference(source) });
  }
  edits.push({ kind: 'removeLayers', names: [name], heal: false });
  if (usesOf(block, whole.spec.layers, blocks.values()) === 1)
    edits.push(
      { kind: 'inBlock', block: block.name, edit: { kind: 'clearLayout' } },
      { kind: 'removeAt', path: blocks.size === 1 ? ['blocks'] : ['blocks', block.name] },
    );
  return {
    edit: { kind: 'several', edits },
    select: copies.flatMap((copy) => parts.map((part) => nameOf(part.name, copy))),
  };

  /** A layer names the one whose parameters it uses, if it has any. */
  function sharing(part: LayerSpec, copy: number): { readonly shares?: string } {
    const owner = part.common.shares ?? part.name;
    const home = nameOf(owner, isTied(use!) ? 1 : copy);
    const parameters = scope.graph.byName.get(prefixOf(copy) + part.name)?.inferred.parameters;
    const shares = part.common.shares !== undefined || Object.keys(parameters ?? {}).length > 0;
    return shares && home !== nameOf(part.name, copy) ? { shares: home } : {};
  }
}

/** What a use says about all layers inside. */
const inherited = ({ common }: LayerSpec, part: LayerSpec): { readonly [attribute: string]: Json } => ({
  ...(common.trainable ? {} : { trainable: false }),
  ...(common.l1 > 0 && part.common.l1 === 0 ? { l1: common.l1 } : {}),
  ...(common.l2 > 0 && part.common.l2 === 0 ? { l2: common.l2 } : {}),
});

function refusal(use: LayerSpec, block: BlockSpec, layers: readonly LayerSpec[]): string | undefined {
  const { name, common } = use;
  if (!use.valid || block.layers.some(({ valid }) => !valid))
    return l10n.t('Fix the problems of {0} and its block first.', name);
  if (common.shares !== undefined)
    return l10n.t('{0} uses the parameters of {1}. Remove "shares" first.', name, common.shares);
  const sharer = layers.find((layer) => layer.common.shares === name);
  if (sharer) return l10n.t('{0} uses the parameters of {1}. Remove its "shares" first.', sharer.name, name);
  if (repeatsOf(use) * block.layers.length > mostWritten)
    return l10n.t(
      '{0} expands to more than {1} layers, too many to write out. Repeat it less often.',
      name,
      mostWritten,
    );
  return undefined;
}

/** Sources first, so that each layer is written after what it reads. */
function inOrder(parts: readonly LayerSpec[]): readonly LayerSpec[] {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const order = new Set<LayerSpec>();
  const open = new Set<LayerSpec>();
  const visit = (part: LayerSpec) => {
    if (order.has(part) || open.has(part)) return;
    open.add(part);
    for (const { layer } of part.from) {
      const source = byName.get(layer);
      if (source) visit(source);
    }
    order.add(part);
  };
  for (const part of parts) visit(part);
  return [...order];
}

const usesOf = ({ name }: BlockSpec, layers: readonly LayerSpec[], blocks: Iterable<BlockSpec>): number =>
  [...layers, ...[...blocks].flatMap((block) => block.layers)].filter(({ type }) => type === name).length;
