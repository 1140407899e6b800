/**
 * NetworkSpec → the layers that run: each use of a block is replaced by copies of the block's layers, named "use/part", or
 * "use/2/part" if the use repeats the block. Later stages do not know blocks. Each layer keeps its place in the text, which for a
 * copy is in the definition of the block.
 */

import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { blockOutput, blockParameter } from '../spec/blockKinds.ts';
import { withValues } from '../spec/blockParameters.ts';
import type { BlockSpec, LayerSpec, NetworkSpec } from '../spec/document.ts';
import { insideName, type OutputRef } from '../spec/reference.ts';
import { inBlock, sentence } from '../spec/reporting.ts';
import type { Issue } from '../spec/source.ts';
import {
  type BlockCheck,
  type Blocks,
  blockOf,
  inputsOf,
  isTied,
  outputMeant,
  outputsOf,
  repeatsOf,
  valuesOf,
} from './blocks.ts';
import type { Graph } from './build.ts';

/** An output of a layer that runs; undefined if nothing valid leads to one. */
type Source = OutputRef | undefined;

/** A layer of the text that does not run: a use of a block, or an input or output of one. */
export interface Stand {
  readonly spec: LayerSpec;
  readonly from: readonly Source[];
  /** The output that is read through it. */
  readonly output: Source;
  readonly extraOutputs: readonly { readonly name: string; readonly source: Source }[];
}

export interface Expansion {
  readonly layers: readonly LayerSpec[];
  /** Copies whose problems are not reported, because the layers that they copy have problems. */
  readonly broken: ReadonlySet<string>;
  /** The layers that do not run, from the outside to the inside. For a repeated block, those of the first copy. */
  readonly stands: readonly Stand[];
  /** Uses that give the parameters of a block values that do not fit. */
  readonly issues: readonly Issue[];
  /** The output of a layer of the network after blocks are expanded. */
  resolve(reference: OutputRef): OutputRef;
}

/** The graphs of the network as written and of each block. */
export interface Scopes {
  readonly network: Graph;
  readonly blocks: ReadonlyMap<string, Graph>;
}

/** The place to which layers are copied. */
interface Instance {
  readonly graph: Graph;
  /** In the order of the text. */
  readonly layers: readonly LayerSpec[];
  /** Names before those of its layers, with a "/" at the end: "" for the network. */
  readonly prefix: string;
  /** The same for the copy whose parameters this one uses; its own `prefix` if they are its own. */
  readonly home: string;
  /** The attributes of its uses that apply to all layers inside. */
  readonly inherited: Pick<LayerSpec['common'], 'trainable' | 'l1' | 'l2'>;
  readonly inputs: ReadonlyMap<LayerSpec, Source>;
  /** The values of the parameters of the block, and the use that gives them; undefined in the network. */
  readonly given: { readonly use: LayerSpec; readonly values: ReadonlyMap<string, Json> } | undefined;
}

/** What replaces a layer of an instance. */
interface Placed {
  readonly layers: readonly LayerSpec[];
  output(reference: OutputRef): Source;
}

/** The layers that run. `refused`: uses of blocks that are left out, because they cannot be expanded. */
export function expand(spec: NetworkSpec, scopes: Scopes, { refused }: BlockCheck): Expansion {
  const expander = new Expander(spec.blocks, scopes, refused);
  const network: Instance = {
    graph: scopes.network,
    layers: spec.layers,
    prefix: '',
    home: '',
    inherited: { trainable: true, l1: 0, l2: 0 },
    inputs: new Map(),
    given: undefined,
  };
  const { layers, placed } = expander.expand(network);
  return {
    layers,
    broken: expander.broken,
    stands: expander.stands,
    issues: expander.issues,
    resolve: (reference) => placed.get(reference.layer)?.output(reference) ?? reference,
  };
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

class Expander {
  readonly broken = new Set<string>();
  readonly stands: Stand[] = [];
  readonly issues: Issue[] = [];

  constructor(
    readonly blocks: Blocks,
    readonly scopes: Scopes,
    readonly refused: ReadonlySet<LayerSpec>,
  ) {}

  /** Sources come before their readers, so each is known when it is needed. The layers are in the order of the text. */
  expand(instance: Instance): { layers: LayerSpec[]; placed: ReadonlyMap<string, Placed> } {
    const placed = new Map<string, Placed>();
    for (const layer of instance.graph.order) {
      const from = layer.from.map((reference) => placed.get(reference.layer)?.output(reference));
      placed.set(layer.name, this.#place(layer, from, instance));
    }
    return { layers: instance.layers.flatMap(({ name }) => placed.get(name)?.layers ?? []), placed };
  }

  #place(written: LayerSpec, from: readonly Source[], instance: Instance): Placed {
    if (instance.inputs.has(written)) return this.#port(written, [], instance.inputs.get(written), instance);
    if (written.kind === blockParameter) return { layers: [], output: () => undefined };
    const layer = this.#withValues(written, instance);
    if (!layer) return { layers: [], output: () => undefined };
    const block = blockOf(layer, this.blocks);
    if (block) return this.#use(layer, block, from, instance);
    if (layer.kind === blockOutput) return this.#port(layer, from, from[0], instance);
    return this.#copy(layer, from, instance);
  }

  /** The layer with the values of its block's use; undefined if they do not fit it. */
  #withValues(layer: LayerSpec, { graph, given }: Instance): LayerSpec | undefined {
    if (!given || !layer.open || graph.broken.has(layer.name)) return layer;
    const outcome = withValues(layer, given.values);
    if ('layer' in outcome) return outcome.layer;
    const { use } = given;
    const [attribute] = outcome.problem.path;
    const parameter = layer.open[String(attribute)];
    const path = [...use.path, parameter];
    // Each copy of a use has the same problem.
    if (this.issues.some((issue) => sameJson(issue.path, path))) return undefined;
    const block = use.path[0] === 'blocks' ? String(use.path[1]) : undefined;
    const message = l10n.t(
      '{0}: {1} does not fit {2} of the block {3}: {4}',
      use.name,
      parameter,
      layer.name,
      use.type,
      sentence(outcome.problem.message),
    );
    this.issues.push({
      code: 'block/parameter',
      severity: 'error',
      message: block === undefined ? message : inBlock(block, message),
      layer: block === undefined ? use.name : insideName(block, use.name),
      attribute: parameter,
      path,
      on: 'value',
    });
    return undefined;
  }

  #port(spec: LayerSpec, from: readonly Source[], output: Source, { prefix }: Instance): Placed {
    this.#stand(prefix, { spec, from, output, extraOutputs: [] });
    return { layers: [], output: ({ output: extra }) => (extra === undefined ? output : undefined) };
  }

  #stand(prefix: string, stand: Stand): void {
    this.stands.push({ ...stand, spec: { ...stand.spec, name: prefix + stand.spec.name } });
  }

  #copy(layer: LayerSpec, from: readonly Source[], { graph, prefix, home, inherited }: Instance): Placed {
    const name = prefix + layer.name;
    const isBroken = graph.broken.has(layer.name);
    const { trainable, l1, l2 } = layer.common;
    const shares = isBroken ? undefined : layer.common.shares;
    const owner = home + (shares ?? layer.name);
    const known = from.filter((source) => source !== undefined);
    if (isBroken || known.length < from.length) this.broken.add(name);
    const copy: LayerSpec = {
      ...layer,
      name,
      from: known,
      common: {
        ...layer.common,
        trainable: trainable && inherited.trainable,
        l1: l1 || inherited.l1,
        l2: l2 || inherited.l2,
        shares: owner === name ? undefined : owner,
      },
      ...(shares === undefined && owner !== name ? { borrows: true } : {}),
    };
    return {
      layers: [copy],
      output: ({ output }) => ({ layer: name, ...(output === undefined ? {} : { output }) }),
    };
  }

  #use(use: LayerSpec, block: BlockSpec, from: readonly Source[], outer: Instance): Placed {
    const { graph, prefix } = outer;
    const written = graph.byName.get(use.name)!;
    if (graph.broken.has(use.name) || this.refused.has(written))
      return { layers: [], output: () => undefined };
    const copies = repeatsOf(use);
    const ports = inputsOf(block);
    const layers: LayerSpec[] = [];
    let inputs = from;
    let outputOf = (_reference: OutputRef): Source => undefined;
    const place = this.stands.length;
    for (let number = 1; number <= copies; number++) {
      const inner = this.expand({
        graph: this.scopes.blocks.get(block.name)!,
        layers: block.layers,
        prefix: `${insideName(prefix + use.name, ...(copies > 1 ? [number] : []))}/`,
        home: homeOf(use, outer, isTied(use) ? 1 : number),
        inherited: inheritedBy(use, outer),
        inputs: new Map(ports.map((port, index) => [port, inputs[index]])),
        given: { use: written, values: valuesOf(block, use) },
      });
      layers.push(...inner.layers);
      outputOf = (reference) => {
        const port = outputMeant(block, reference);
        return port && inner.placed.get(port.name)?.output({ layer: port.name });
      };
      inputs = [outputOf({ layer: use.name }), ...from.slice(1)];
    }
    this.#stand(prefix, {
      spec: use,
      from,
      output: outputOf({ layer: use.name }),
      extraOutputs: outputsOf(block).map(({ name }) => ({
        name,
        source: outputOf({ layer: use.name, output: name }),
      })),
    });
    this.stands.splice(place, 0, this.stands.pop()!);
    return { layers, output: outputOf };
  }
}

/** The copy whose parameters the copy of a use has. The use that owns them shares with no other, and has as many copies. */
function homeOf(use: LayerSpec, { graph, home }: Instance, number: number): string {
  const owner = graph.byName.get(use.common.shares ?? use.name)!;
  const copies = repeatsOf(owner);
  return `${insideName(home + owner.name, ...(copies > 1 ? [isTied(owner) ? 1 : number] : []))}/`;
}

function inheritedBy({ common }: LayerSpec, { inherited }: Instance): Instance['inherited'] {
  return {
    trainable: common.trainable && inherited.trainable,
    l1: common.l1 || inherited.l1,
    l2: common.l2 || inherited.l2,
  };
}
