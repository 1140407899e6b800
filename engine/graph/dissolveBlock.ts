/**
 * Replaces a use of a block by the layers of the block, with the names that address their random draws. The result is one edit, or
 * the reason why there is none.
 */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import type { BlockSpec, LayerSpec, OutputRef } from '../spec/document.ts';
import { dissolvedName, insideName, printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { blockOf, inputsOf, isPort, isTied, outputMeant, repeatsOf, valuesOf } from './blocks.ts';
import { commentsOf } from './layerText.ts';
import type { BlockEdit, Judged } from './makeBlock.ts';
import type { Analysis } from './typed.ts';

/** The most layers that one command may write. */
const mostWritten = 500;

interface Use {
  readonly spec: LayerSpec;
  readonly prefixOf: (copy: number) => string;
  readonly copies: readonly number[];
}

/**
 * `scope` is the network or the block in which `name` is written; `whole` is the network. Uses that share parameters with this one
 * are dissolved with it, because only layers can share with layers. The training stays the same to the bit.
 */
export function dissolveBlock(
  scope: Pick<Analysis, 'spec' | 'graph' | 'notes'>,
  whole: Pick<Analysis, 'spec' | 'notes' | 'layerRanges'> & { readonly text: string },
  name: string,
  judged: readonly Judged[],
): BlockEdit {
  const { layers } = scope.spec;
  const use = layers.find((layer) => layer.name === name);
  const { blocks } = whole.spec;
  const block = use && blockOf(use, blocks);
  if (!use || !block) return { problem: l10n.t('{0} is not a use of a block.', name) };
  const uses = inOrder(sharersOf(use, layers), layers).map(useOf);
  const problem = refusal(uses, block);
  if (problem !== undefined) return { problem };
  const parts = inOrder(
    block.layers.filter((part) => !isPort(part)),
    block.layers,
  );
  const nameOf = ({ prefixOf }: Use, part: string, copy: number): string =>
    dissolvedName(prefixOf(copy) + part);
  const written = uses.flatMap((one) =>
    one.copies.flatMap((copy) => parts.map((part) => nameOf(one, part.name, copy))),
  );
  const taken = new Set(layers.map((layer) => layer.name));
  const clash = written.find((one) => taken.has(one));
  if (clash !== undefined)
    return { problem: l10n.t('There is already a layer "{0}". Rename it first.', clash) };

  const ports = inputsOf(block);
  const byName = new Map(uses.map((one) => [one.spec.name, one]));
  /** For a reference beside the uses: the output that it means without them. */
  const beside = (ref: OutputRef | undefined): OutputRef | undefined => {
    const read = ref && byName.get(ref.layer);
    return read ? outputOf(read, ref, read.copies.length) : ref;
  };
  /** For a reference within one copy: the output that it means outside. */
  const outer = (one: Use, ref: OutputRef, copy: number): OutputRef | undefined => {
    const port = ports.findIndex((part) => part.name === ref.layer);
    if (port < 0) return { ...ref, layer: nameOf(one, ref.layer, copy) };
    if (port === 0 && copy > 1) return outputOf(one, { layer: one.spec.name }, copy - 1);
    return beside(one.spec.from[port]);
  };
  const outputOf = (one: Use, ref: OutputRef, copy: number): OutputRef | undefined => {
    const from = outputMeant(block, ref)?.from[0];
    return from && outer(one, from, copy);
  };
  const edits: SpecEdit[] = [];
  for (const one of uses)
    for (const copy of one.copies)
      for (const part of parts) {
        const first = nameOf(one, parts[0].name, 1);
        const from = part.from.flatMap((ref) => outer(one, ref, copy) ?? []);
        const layer = nameOf(one, part.name, copy);
        const values = valuesOf(block, one.spec);
        const filled = Object.entries(part.open ?? {}).map(([name, open]) => [name, values.get(open)!]);
        const attributes = {
          ...part.given,
          ...Object.fromEntries(filled),
          ...inherited(one.spec, part),
          ...sharing(one, part, copy),
        };
        edits.push({ kind: 'addLayer', name: layer, type: part.type, attributes, from });
        const text = [
          layer === first ? scope.notes.get(one.spec.name) : undefined,
          copy === 1 && one.spec === use
            ? commentsOf(whole.text, whole, insideName(block.name, part.name))
            : undefined,
        ].filter((note) => note !== undefined);
        if (text.length > 0) edits.push({ kind: 'setNote', layer, text: text.join('\n') });
      }
  for (const { name: to, from } of layers)
    for (const [index, ref] of from.entries()) {
      const source = byName.has(ref.layer) && !byName.has(to) && beside(ref);
      if (source) edits.push({ kind: 'connect', from: source, to, index });
    }
  for (const { from, path } of judged) {
    const source = byName.has(from.layer) && beside(from);
    if (source) edits.push({ kind: 'setTraining', path, value: printReference(source) });
  }
  // A remaining comment would become the note of the next layer.
  for (const layer of byName.keys())
    if (scope.notes.has(layer)) edits.push({ kind: 'setNote', layer, text: '' });
  edits.push({ kind: 'removeLayers', names: [...byName.keys()], heal: false });
  if (usesOf(block, whole.spec.layers, blocks.values()) === uses.length)
    edits.push(
      { kind: 'inBlock', block: block.name, edit: { kind: 'clearLayout' } },
      { kind: 'removeAt', path: blocks.size === 1 ? ['blocks'] : ['blocks', block.name] },
    );
  return { edit: { kind: 'several', edits }, select: written };

  /** A layer names the one whose parameters it uses, if it has any. */
  function sharing({ spec, prefixOf }: Use, part: LayerSpec, copy: number): { readonly shares?: string } {
    const owner = byName.get(spec.common.shares ?? spec.name)!;
    const home = nameOf(
      owner,
      part.common.shares ?? part.name,
      isTied(owner.spec) || isTied(spec) ? 1 : copy,
    );
    const parameters = scope.graph.byName.get(prefixOf(copy) + part.name)?.inferred.parameters;
    const shares = part.common.shares !== undefined || Object.keys(parameters ?? {}).length > 0;
    return shares && home !== dissolvedName(prefixOf(copy) + part.name) ? { shares: home } : {};
  }
}

function useOf(spec: LayerSpec): Use {
  const copies = Array.from({ length: repeatsOf(spec) }, (_, index) => index + 1);
  return {
    spec,
    copies,
    prefixOf: (copy) => insideName(spec.name, ...(copies.length > 1 ? [copy] : []), ''),
  };
}

/** The use and all that have the same parameters. */
function sharersOf(use: LayerSpec, layers: readonly LayerSpec[]): readonly LayerSpec[] {
  const owner = use.common.shares ?? use.name;
  return layers.filter(({ name, common }) => name === owner || common.shares === owner);
}

/** The attributes of a use that apply to all layers inside. */
const inherited = ({ common }: LayerSpec, part: LayerSpec): { readonly [attribute: string]: Json } => ({
  ...(common.trainable ? {} : { trainable: false }),
  ...(common.l1 > 0 && part.common.l1 === 0 ? { l1: common.l1 } : {}),
  ...(common.l2 > 0 && part.common.l2 === 0 ? { l2: common.l2 } : {}),
});

function refusal(uses: readonly Use[], block: BlockSpec): string | undefined {
  const faulty =
    uses.find(({ spec }) => !spec.valid) ?? (block.layers.some(({ valid }) => !valid) && uses[0]);
  if (faulty) return l10n.t('Fix the problems of {0} and its block first.', faulty.spec.name);
  const copies = uses.reduce((sum, use) => sum + use.copies.length, 0);
  if (copies * block.layers.length > mostWritten)
    return l10n.t(
      '{0} expands to more than {1} layers, too many to write out. Repeat it less often.',
      uses.map(({ spec }) => spec.name).join(', '),
      mostWritten,
    );
  return undefined;
}

/** The chosen layers, each after those that it reads, directly or through other layers `among` them. */
function inOrder(chosen: readonly LayerSpec[], among: readonly LayerSpec[]): readonly LayerSpec[] {
  const byName = new Map(among.map((part) => [part.name, part]));
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
  for (const part of chosen) visit(part);
  const wanted = new Set(chosen);
  return [...order].filter((part) => wanted.has(part));
}

const usesOf = ({ name }: BlockSpec, layers: readonly LayerSpec[], blocks: Iterable<BlockSpec>): number =>
  [...layers, ...[...blocks].flatMap((block) => block.layers)].filter(({ type }) => type === name).length;
