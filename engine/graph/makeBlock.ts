/** Turns selected layers into a block and a use of it. The result is one edit, or the reason why there is none. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { blockInput, blockOutput } from '../spec/blockKinds.ts';
import { writtenParameter } from '../spec/blockParameters.ts';
import type { LayerSpec, OutputRef } from '../spec/document.ts';
import { freshName } from '../spec/names.ts';
import { insideName, parseReference, printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { commentsOf } from './layerText.ts';
import type { Analysis } from './typed.ts';

export type BlockEdit =
  | {
      readonly edit: SpecEdit;
      readonly select: readonly string[];
      /** The new name of each layer that now is in the block, or no longer is in one, by its name before. */
      readonly moved: ReadonlyMap<string, string>;
      readonly block?: string;
    }
  | { readonly problem: string };

/** The layer that a loss judges, as written, and the path of its "from" within "training". */
export interface Judged {
  readonly from: OutputRef;
  readonly path: readonly (string | number)[];
}

/** The layers that losses judge. `training`: the section as written. */
export function judgedIn(training: Json | undefined): readonly Judged[] {
  const loss = (training as { readonly loss?: unknown } | undefined)?.loss;
  const all: readonly unknown[] = Array.isArray(loss) ? loss : [loss];
  return all.flatMap((one, index) => {
    const from = (one as { readonly from?: unknown } | undefined)?.from;
    const reference = typeof from === 'string' ? parseReference(from) : undefined;
    if (!reference) return [];
    return [{ from: reference, path: Array.isArray(loss) ? ['loss', index, 'from'] : ['loss', 'from'] }];
  });
}

/** A layer as a text would write it. */
export const written = ({ type, given }: LayerSpec, from: readonly OutputRef[]): { [key: string]: Json } => ({
  type,
  ...(from.length === 0
    ? {}
    : { from: from.length === 1 ? printReference(from[0]) : from.map(printReference) }),
  ...given,
});

const fresh = (wanted: string, taken: (name: string) => boolean): string =>
  taken(wanted) ? freshName(wanted, taken) : wanted;

/** A network with its comments. */
export interface WrittenNetwork extends Pick<Analysis, 'spec' | 'notes' | 'layerRanges'> {
  readonly text: string;
}

/** The edit that writes the comments of a copied layer. */
export const noteOn = (layer: string, text: string | undefined): readonly SpecEdit[] =>
  text === undefined ? [] : [{ kind: 'setNote', layer, text }];

export interface WrittenScope extends WrittenNetwork {
  readonly whole: Pick<Analysis, 'spec'>;
}

/** The layers `names` of the scope become the block "block1", and the layer "block1" uses it. */
export function makeBlock(
  { text, whole, spec, ...comments }: WrittenScope,
  names: readonly string[],
  judged: readonly Judged[],
): BlockEdit {
  const chosen = new Set(names);
  const layers = spec.layers.filter(({ name }) => chosen.has(name));
  const problem = refusal(spec.layers, layers, chosen);
  if (problem !== undefined) return { problem };
  const isInside = ({ layer }: OutputRef) => chosen.has(layer);
  const outside = spec.layers.filter(({ name }) => !chosen.has(name));
  const inputs = distinct(layers.flatMap(({ from }) => from.filter((ref) => !isInside(ref))));
  const read = [...outside.flatMap(({ from }) => from), ...judged.map(({ from }) => from)].filter(isInside);
  // A block that is made from layers of a block also has their parameters.
  const open = new Set(layers.flatMap((layer) => Object.values(layer.open ?? {})));
  const parameters = spec.layers.filter(({ name }) => open.has(name));
  const used = new Set([...chosen, ...open]);
  const ports: Ports = {
    inputs: portsFor('input', inputs, used),
    outputs: portsFor('output', read.length > 0 ? distinct(read) : endsOf(layers), used),
  };
  const block = freshName(
    'block',
    (name) => whole.spec.blocks.has(name) || spec.layers.some((one) => one.name === name),
  );
  const outputOf = outputsOf(block, ports);
  const edits: SpecEdit[] = [
    { kind: 'addBlock', name: block, layers: bodyOf(layers, parameters, ports) },
    {
      kind: 'addLayer',
      name: block,
      type: block,
      attributes: Object.fromEntries(parameters.map(({ name }) => [name, writtenParameter(name)])),
      from: inputs,
    },
    ...outside.flatMap(({ name, from }) =>
      from.flatMap((ref, index): SpecEdit[] =>
        isInside(ref) ? [{ kind: 'connect', from: outputOf(ref), to: name, index }] : [],
      ),
    ),
    ...judged.flatMap(({ from, path }): SpecEdit[] =>
      isInside(from) ? [{ kind: 'setTraining', path, value: printReference(outputOf(from)) }] : [],
    ),
    // A remaining comment would become the note of the next layer.
    ...layers.flatMap(({ name }): SpecEdit[] =>
      comments.notes.has(name) ? [{ kind: 'setNote', layer: name, text: '' }] : [],
    ),
    { kind: 'removeLayers', names: layers.map(({ name }) => name), heal: false },
    ...layers.flatMap(({ name }) =>
      noteOn(name, commentsOf(text, comments, name)).map(
        (edit): SpecEdit => ({ kind: 'inBlock', block, edit }),
      ),
    ),
  ];
  const moved = new Map(layers.map(({ name }) => [name, insideName(block, name)]));
  return { edit: { kind: 'several', edits }, select: [block], moved, block };
}

/** The ports of a new block: the name of each, by what it reads or gives, as written. */
interface Ports {
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Names one port for each reference: "input", or "input1" and "input2". Adds the names to `used`. */
function portsFor(
  wanted: string,
  refs: readonly OutputRef[],
  used: Set<string>,
): ReadonlyMap<string, string> {
  return new Map(
    refs.map((ref, index) => {
      const name = fresh(refs.length === 1 ? wanted : `${wanted}${index + 1}`, (one) => used.has(one));
      used.add(name);
      return [printReference(ref), name];
    }),
  );
}

/** The layers that no other of them reads. */
const endsOf = (layers: readonly LayerSpec[]): OutputRef[] =>
  layers
    .filter(({ name }) => !layers.some(({ from }) => from.some(({ layer }) => layer === name)))
    .map(({ name }) => ({ layer: name }));

/** The layers of a block as a text would write them. */
function bodyOf(
  layers: readonly LayerSpec[],
  parameters: readonly LayerSpec[],
  { inputs, outputs }: Ports,
): { [layer: string]: Json } {
  const within = (ref: OutputRef): OutputRef => {
    const port = inputs.get(printReference(ref));
    return port === undefined ? ref : { layer: port };
  };
  return {
    ...Object.fromEntries([...inputs.values()].map((port) => [port, { type: blockInput.type }])),
    ...Object.fromEntries(parameters.map(({ name, type, given }) => [name, { type, ...given }])),
    ...Object.fromEntries(layers.map((layer) => [layer.name, written(layer, layer.from.map(within))])),
    ...Object.fromEntries([...outputs].map(([from, port]) => [port, { type: blockOutput.type, from }])),
  };
}

/** The output of a use of the block that replaces an output of one of its layers. The first output needs no name. */
function outputsOf(block: string, { outputs }: Ports): (ref: OutputRef) => OutputRef {
  const [main] = outputs.keys();
  return (ref) => {
    const inner = printReference(ref);
    return inner === main ? { layer: block } : { layer: block, output: outputs.get(inner)! };
  };
}

/** The reason why layers cannot become a block. */
function refusal(
  all: readonly LayerSpec[],
  layers: readonly LayerSpec[],
  chosen: ReadonlySet<string>,
): string | undefined {
  if (layers.length === 0) return l10n.t('Select the layers for the block.');
  const port = layers.find(({ kind }) => kind === blockInput || kind === blockOutput);
  if (port) return l10n.t('{0} is an input or output of this block and stays in it.', port.name);
  const source = layers.find(({ kind }) => kind?.inputs?.length === 0);
  if (source)
    return l10n.t('{0} is an input of the network, so it cannot be in a block. Deselect it.', source.name);
  const unread = layers.find(({ from }) => from.length === 0);
  if (unread) return l10n.t('{0} has no input. Connect it first.', unread.name);
  for (const { name, common } of all)
    if (common.shares !== undefined && chosen.has(name) !== chosen.has(common.shares))
      return l10n.t(
        '{0} uses the parameters of {1}, so both or neither can be in the block.',
        name,
        common.shares,
      );
  // A path that leaves the selection and comes back would make the block read its own output.
  const behind = new Map<string, string>();
  const byName = new Map(all.map((layer) => [layer.name, layer]));
  const readers = new Map<string, string[]>();
  for (const { name, from } of all)
    for (const { layer } of from) readers.set(layer, [...(readers.get(layer) ?? []), name]);
  const waiting = [...chosen];
  for (const name of waiting)
    for (const reader of readers.get(name) ?? []) {
      if (chosen.has(name) && chosen.has(reader)) continue;
      if (chosen.has(reader))
        return l10n.t(
          'The block would read its own output through {0}. Select {0} too.',
          wayBack(name, behind),
        );
      if (behind.has(reader) || !byName.has(reader)) continue;
      behind.set(reader, name);
      waiting.push(reader);
    }
  return undefined;
}

/** The names of the layers outside of the selection on the path to `end`, in order. */
function wayBack(end: string, behind: ReadonlyMap<string, string>): string {
  const way: string[] = [];
  for (let name: string | undefined = end; name !== undefined && behind.has(name); name = behind.get(name))
    way.unshift(name);
  return way.join(', ');
}

const distinct = (refs: readonly OutputRef[]): OutputRef[] => [
  ...new Map(refs.map((ref) => [printReference(ref), ref])).values(),
];
