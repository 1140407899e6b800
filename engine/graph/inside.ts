/**
 * A block as if it were a network: its layers are "layers", with the names that they have in the block. Editors and fixes of a
 * block then do not need to know blocks. An edit goes back as `inBlock`.
 */
import type { Path } from '../schema/attributes.ts';
import type { BlockSpec, Diagnostic, NetworkSpec } from '../spec/document.ts';
import { insideName } from '../spec/reference.ts';
import { Source } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import { inputsUsed } from './infer.ts';
import type { Analysis, TypedGraph, TypedLayer } from './typed.ts';

/** Names before the layers of the first use of each block that has one: "res1/", "res1/1/". */
export function firstUses({ byName }: TypedGraph): ReadonlyMap<string, string> {
  const uses = new Map<string, string>();
  for (const [name, { spec }] of byName) {
    const block = blockAt(spec.path);
    if (block !== undefined && !uses.has(block)) uses.set(block, name.slice(0, -String(spec.path[2]).length));
  }
  return uses;
}

/** The block that contains a place in the text. */
export const blockAt = (path: Path): string | undefined =>
  path[0] === 'blocks' && path.length > 2 ? String(path[1]) : undefined;

/** The spec of a block as that of a network, without training. */
export function specInside(spec: NetworkSpec, { name, layers, kinds }: BlockSpec): NetworkSpec {
  const { training: _, ...rest } = spec;
  const start = insideName(name, '');
  const layout = [...spec.layout].flatMap(([key, position]) =>
    key.startsWith(start) ? [[key.slice(start.length), position] as const] : [],
  );
  return { ...rest, layers, kinds, layout: new Map(layout) };
}

/** `prefix` identifies the use of the block whose shapes these are; undefined if there is none. */
export function graphInside(graph: TypedGraph, block: BlockSpec, prefix: string | undefined): TypedGraph {
  const layers = block.layers.flatMap((spec): TypedLayer[] => {
    const typed = prefix === undefined ? undefined : graph.byName.get(prefix + spec.name);
    return typed ? [{ ...typed, name: spec.name, spec, from: inputsUsed(spec, spec.from) }] : [];
  });
  return { layers, byName: new Map(layers.map((layer) => [layer.name, layer])) };
}

/** A place in a network: the network itself, or a block in one of its uses. */
export interface Inside {
  readonly block: BlockSpec;
  /** Prefix of the names of its layers: "stages/1/", or "block/" if the block has no use. */
  readonly prefix: string;
}

/** What is known about a block, with the names that its layers have in it. */
export function analysisInside(analysis: Analysis, { block, prefix }: Inside): Analysis {
  const own = insideName(block.name, '');
  const within = <T>(map: ReadonlyMap<string, T>, ...starts: readonly string[]): ReadonlyMap<string, T> =>
    new Map(
      block.layers.flatMap(({ name }): [string, T][] => {
        const start = starts.find((one) => map.has(one + name));
        return start === undefined ? [] : [[name, map.get(start + name)!]];
      }),
    );
  const diagnostics = analysis.diagnostics.flatMap((problem): Diagnostic[] => {
    if (problem.path[0] !== 'blocks' || problem.path[1] !== block.name) return [];
    const [, , layer, ...rest] = problem.path;
    const { layer: _, ...about } = problem;
    return layer === undefined
      ? [{ ...about, path: [] }]
      : [{ ...about, layer: String(layer), path: ['layers', layer, ...rest] }];
  });
  return {
    ...analysis,
    spec: specInside(analysis.spec, block),
    graph: graphInside(analysis.graph, block, prefix),
    summaries: within(analysis.summaries, prefix),
    diagnostics,
    layerRanges: within(analysis.layerRanges, prefix, own),
    notes: within(analysis.notes, own),
  };
}

/** The text in which the layers of the block are those of the network. */
export function sourceInside(source: Source, block: string): Source {
  const { root } = source;
  const body = source.node(['blocks', block]);
  if (!root || !body) return source;
  const { offset, length } = body;
  const key: Node = { type: 'string', offset, length: 0, value: 'layers' };
  const layers: Node = { type: 'property', offset, length, children: [key, body] };
  const others = root.children!.filter((property) => property.children![0].value === 'blocks');
  return new Source({ ...root, children: [layers, ...others] });
}
