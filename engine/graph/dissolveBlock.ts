/**
 * Replaces a use of a block by the layers of the block. Each has its name in the block if that is free, otherwise the name of the use
 * and its own, "res1_conv1". The result is one edit, or the reason why there is none.
 */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import type { BlockSpec, LayerSpec, OutputRef } from '../spec/document.ts';
import { dissolvedName, insideName, printReference } from '../spec/reference.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import {
  type Blocks,
  blockOf,
  inputsOf,
  isPort,
  isTied,
  outputMeant,
  repeatsOf,
  valuesOf,
} from './blocks.ts';
import { commentsOf } from './layerText.ts';
import type { BlockEdit, Judged, WrittenNetwork } from './makeBlock.ts';
import type { Analysis } from './typed.ts';

/** The most layers that one command may write. */
const mostWritten = 500;

interface Use {
  readonly spec: LayerSpec;
  readonly prefixOf: (copy: number) => string;
  readonly copies: readonly number[];
}

type Scope = Pick<Analysis, 'spec' | 'graph' | 'notes'>;

/**
 * `scope` is the network or the block in which `name` is written; `whole` is the network. Uses that share parameters with this one
 * are dissolved with it, because only layers can share with layers. The arithmetic of the training stays the same. Random numbers do
 * too, except those of layers with their name in the block: as after any renaming, these start from other weights.
 */
export function dissolveBlock(
  scope: Scope,
  whole: WrittenNetwork,
  name: string,
  judged: readonly Judged[],
): BlockEdit {
  const { blocks, layers } = whole.spec;
  const found = dissolutionOf(scope, blocks, name);
  if ('problem' in found) return found;
  const { use, dissolution } = found;
  const { block, uses } = dissolution;
  const taken = new Set(scope.spec.layers.map((layer) => layer.name));
  const clash = dissolution.written.find((one) => taken.has(one));
  if (clash !== undefined)
    return { problem: l10n.t('There is already a layer "{0}". Rename it first.', clash) };
  const isUnused = usesOf(block, layers, blocks.values()) === uses.length;
  const edits: readonly SpecEdit[] = [
    ...dissolution.layers(use, whole),
    ...dissolution.connections(judged),
    ...dissolution.removals(),
    ...(isUnused ? withoutBlock(block, blocks.size) : []),
  ];
  return { edit: { kind: 'several', edits }, select: dissolution.written, moved: dissolution.names };
}

/** The layers that `dissolveBlock` writes: their types, by name. Undefined if it refuses. */
export function typesDissolved(
  scope: Scope,
  blocks: Blocks,
  name: string,
): ReadonlyMap<string, string> | undefined {
  const found = dissolutionOf(scope, blocks, name);
  return 'problem' in found ? undefined : found.dissolution.types;
}

function dissolutionOf(
  scope: Scope,
  blocks: Blocks,
  name: string,
): { readonly use: LayerSpec; readonly dissolution: Dissolution } | { readonly problem: string } {
  const { layers } = scope.spec;
  const use = layers.find((layer) => layer.name === name);
  const block = use && blockOf(use, blocks);
  if (!use || !block) return { problem: l10n.t('{0} is not a use of a block.', name) };
  const uses = inOrder(sharersOf(use, layers), layers).map(useOf);
  const problem = refusal(uses, block, new Set(layers.map((layer) => layer.name)));
  return problem === undefined ? { use, dissolution: new Dissolution(block, uses, scope) } : { problem };
}

/** The edits that replace uses of a block. `scope` is where the uses are written. */
class Dissolution {
  readonly #byName: ReadonlyMap<string, Use>;
  readonly #parts: readonly LayerSpec[];
  readonly #ports: readonly LayerSpec[];
  /** The names of the layers that replace the uses, by their full names before. */
  readonly names: ReadonlyMap<string, string>;

  constructor(
    readonly block: BlockSpec,
    readonly uses: readonly Use[],
    readonly scope: Scope,
  ) {
    this.#byName = new Map(uses.map((use) => [use.spec.name, use]));
    this.#ports = inputsOf(block);
    this.#parts = inOrder(
      block.layers.filter((part) => !isPort(part)),
      block.layers,
    );
    this.names = namesFor(this.#parts, uses, scope);
  }

  /** The names of all layers that replace the uses. */
  get written(): readonly string[] {
    return [...this.names.values()];
  }

  /** Their types, by name. */
  get types(): ReadonlyMap<string, string> {
    const types = new Map(this.#parts.map(({ name, type }) => [name, type]));
    return new Map([...this.names].map(([full, name]) => [name, types.get(full.split('/').at(-1)!)!]));
  }

  #nameOf(use: Use, part: string, copy: number): string {
    return this.names.get(use.prefixOf(copy) + part)!;
  }

  /** Adds the layers, with their comments in the block if they replace `chosen`. */
  layers(chosen: LayerSpec, whole: WrittenNetwork): readonly SpecEdit[] {
    return this.uses.flatMap((use) =>
      use.copies.flatMap((copy) =>
        this.#parts.flatMap((part): SpecEdit[] => {
          const name = this.#nameOf(use, part.name, copy);
          const isFirst = copy === 1 && part === this.#parts[0];
          const notes = [
            isFirst ? this.scope.notes.get(use.spec.name) : undefined,
            copy === 1 && use.spec === chosen
              ? commentsOf(whole.text, whole, insideName(this.block.name, part.name))
              : undefined,
          ].filter((note) => note !== undefined);
          return [this.#layer(use, part, copy), ...noteOf(name, notes)];
        }),
      ),
    );
  }

  /** Connects the layers beside the uses, and the losses, with what replaces an output of a use. */
  connections(judged: readonly Judged[]): readonly SpecEdit[] {
    const beside = this.scope.spec.layers.filter(({ name }) => !this.#byName.has(name));
    return [
      ...beside.flatMap(({ name: to, from }) =>
        from.flatMap((ref, index): SpecEdit[] => {
          const source = this.#replaced(ref);
          return source ? [{ kind: 'connect', from: source, to, index }] : [];
        }),
      ),
      ...judged.flatMap(({ from, path }): SpecEdit[] => {
        const source = this.#replaced(from);
        return source ? [{ kind: 'setTraining', path, value: printReference(source) }] : [];
      }),
    ];
  }

  /** Removes the uses and their comments. A remaining comment would become the note of the next layer. */
  removals(): readonly SpecEdit[] {
    const names = [...this.#byName.keys()];
    const noted = names.filter((layer) => this.scope.notes.has(layer));
    return [
      ...noted.map((layer): SpecEdit => ({ kind: 'setNote', layer, text: '' })),
      { kind: 'removeLayers', names, heal: false },
    ];
  }

  #layer(use: Use, part: LayerSpec, copy: number): SpecEdit {
    const values = valuesOf(this.block, use.spec);
    const filled = Object.entries(part.open ?? {}).map(([name, open]) => [name, values.get(open)!]);
    return {
      kind: 'addLayer',
      name: this.#nameOf(use, part.name, copy),
      type: part.type,
      attributes: {
        ...part.given,
        ...Object.fromEntries(filled),
        ...inherited(use.spec, part),
        ...this.#sharing(use, part, copy),
      },
      from: part.from.flatMap((ref) => this.#outside(use, ref, copy) ?? []),
    };
  }

  /** For an output of a use: what it means without the uses. Undefined for other references. */
  #replaced(ref: OutputRef): OutputRef | undefined {
    const use = this.#byName.get(ref.layer);
    return use && this.#outputOf(use, ref, use.copies.length);
  }

  /** For a reference within one copy: the output that it means without the uses. */
  #outside(use: Use, ref: OutputRef, copy: number): OutputRef | undefined {
    const port = this.#ports.findIndex((part) => part.name === ref.layer);
    if (port < 0) return { ...ref, layer: this.#nameOf(use, ref.layer, copy) };
    if (port === 0 && copy > 1) return this.#outputOf(use, { layer: use.spec.name }, copy - 1);
    const source = use.spec.from[port];
    return source && this.#byName.has(source.layer) ? this.#replaced(source) : source;
  }

  #outputOf(use: Use, ref: OutputRef, copy: number): OutputRef | undefined {
    const from = outputMeant(this.block, ref)?.from[0];
    return from && this.#outside(use, from, copy);
  }

  /** A layer names the one whose parameters it uses, if it has any. */
  #sharing(use: Use, part: LayerSpec, copy: number): { readonly shares?: string } {
    const { spec, prefixOf } = use;
    const owner = this.#byName.get(spec.common.shares ?? spec.name)!;
    const home = this.#nameOf(
      owner,
      part.common.shares ?? part.name,
      isTied(owner.spec) || isTied(spec) ? 1 : copy,
    );
    const parameters = this.scope.graph.byName.get(prefixOf(copy) + part.name)?.inferred.parameters;
    const shares = part.common.shares !== undefined || Object.keys(parameters ?? {}).length > 0;
    return shares && home !== this.#nameOf(use, part.name, copy) ? { shares: home } : {};
  }
}

/** A name that several of the layers would have, or that another layer has, is not free. */
function namesFor(
  parts: readonly LayerSpec[],
  uses: readonly Use[],
  { spec }: Scope,
): ReadonlyMap<string, string> {
  const all = uses.flatMap((use) =>
    use.copies.flatMap((copy) => parts.map(({ name }) => ({ full: use.prefixOf(copy) + name, name }))),
  );
  const taken = new Set([
    ...spec.layers.map(({ name }) => name),
    ...all.map(({ full }) => dissolvedName(full)),
  ]);
  const isFree = (name: string) => !taken.has(name) && all.length === parts.length;
  return new Map(all.map(({ full, name }) => [full, isFree(name) ? name : dissolvedName(full)]));
}

const noteOf = (layer: string, notes: readonly string[]): readonly SpecEdit[] =>
  notes.length > 0 ? [{ kind: 'setNote', layer, text: notes.join('\n') }] : [];

const withoutBlock = ({ name }: BlockSpec, blocks: number): readonly SpecEdit[] => [
  { kind: 'inBlock', block: name, edit: { kind: 'clearLayout' } },
  { kind: 'removeAt', path: blocks === 1 ? ['blocks'] : ['blocks', name] },
];

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
  return layers.filter(
    ({ name, type, common }) => type === use.type && (name === owner || common.shares === owner),
  );
}

/** The attributes of a use that apply to all layers inside. */
const inherited = ({ common }: LayerSpec, part: LayerSpec): { readonly [attribute: string]: Json } => ({
  ...(common.trainable ? {} : { trainable: false }),
  ...(common.l1 > 0 && part.common.l1 === 0 ? { l1: common.l1 } : {}),
  ...(common.l2 > 0 && part.common.l2 === 0 ? { l2: common.l2 } : {}),
});

/** `beside`: the names of the layers where the uses are written. */
function refusal(uses: readonly Use[], block: BlockSpec, beside: ReadonlySet<string>): string | undefined {
  const parts = new Set(block.layers.filter((part) => !isPort(part)).map(({ name }) => name));
  const inputs = new Set(inputsOf(block).map(({ name }) => name));
  const isFaulty = ({ valid, from, common: { shares } }: LayerSpec) =>
    !valid ||
    (shares !== undefined && !parts.has(shares)) ||
    from.some(({ layer }) => !parts.has(layer) && !inputs.has(layer));
  const names = new Set(uses.map(({ spec }) => spec.name));
  const faulty =
    uses.find(
      ({ spec }) =>
        !spec.valid ||
        !names.has(spec.common.shares ?? spec.name) ||
        spec.from.some(({ layer }) => !beside.has(layer)),
    ) ?? (block.layers.some(isFaulty) ? uses[0] : undefined);
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
