/**
 * NetworkSpec → the graph as written, and the graph that runs, in which blocks are expanded. Without blocks they are the same.
 */
import * as l10n from '@vscode/l10n';
import { writtenParameter } from '../spec/blockParameters.ts';
import type { BlockSpec, Diagnostic, LayerSpec, NetworkSpec } from '../spec/document.ts';
import { dissolvedName, insideName } from '../spec/reference.ts';
import { inBlock } from '../spec/reporting.ts';
import type { Issue } from '../spec/source.ts';
import { checkBlocks, isPort, outputsOf, parametersOf } from './blocks.ts';
import { buildGraph, type Graph } from './build.ts';
import { type Expansion, expand } from './expand.ts';
import { findUnread } from './losses.ts';
import { checkUses } from './uses.ts';

export interface Scoped {
  /** The graph of the layers as written. */
  readonly graph: Graph;
  /** The graph of the layers that run. */
  readonly running: Graph;
  /** Absent if no block is defined. */
  readonly expansion: Expansion | undefined;
  readonly issues: readonly Issue[];
  /** Layers of blocks that lead to no output of their block. */
  readonly unread: () => readonly Issue[];
}

/** Checks the blocks and their uses, and replaces the uses by the layers of their blocks. */
export function expandBlocks(spec: NetworkSpec): Scoped {
  const network = buildGraph(spec);
  const { blocks } = spec;
  if (blocks.size === 0)
    return {
      graph: network,
      running: network,
      expansion: undefined,
      issues: network.issues,
      unread: () => [],
    };
  const check = checkBlocks(spec);
  const issues: Issue[] = [...check.issues];
  const scope = (graph: Graph, block?: string): Graph => {
    const found = [...graph.issues, ...checkUses(graph, blocks)];
    issues.push(...(block === undefined ? found : found.map((issue) => ofBlock(issue, block))));
    const broken = new Set(graph.broken);
    for (const { layer } of found) if (layer !== undefined) broken.add(layer);
    return { ...graph, broken };
  };
  const graphs = new Map(
    [...blocks.values()].map((block) => [block.name, scope(buildGraph(block), block.name)]),
  );
  const scopes = { network: scope(network), blocks: graphs };
  const expansion = expand(spec, scopes, check);
  issues.push(...expansion.issues, ...findClashes(spec.layers, expansion.layers));
  const { order, byName } = buildGraph(expansion);
  return {
    graph: scopes.network,
    running: { order, byName, broken: expansion.broken, issues: [] },
    expansion,
    issues,
    unread: () =>
      [...blocks.values()].flatMap((block) => {
        const given = new Set(outputsOf(block).map(({ name }) => name));
        for (const { name } of parametersOf(block)) given.add(name);
        const unread = findUnread(block, given);
        return [...unread, ...findUnusedParameters(block)].map((issue) => ofBlock(issue, block.name));
      }),
  };
}

function findUnusedParameters(block: BlockSpec): Issue[] {
  const used = new Set(block.layers.flatMap(({ open = {} }) => Object.values(open)));
  return parametersOf(block)
    .filter(({ name }) => !used.has(name))
    .map(({ name, path }) => ({
      code: 'block/parameter',
      severity: 'warning',
      message: l10n.t(
        '{0}: no layer of the block uses this parameter. Write {1} as the value of an attribute, or remove it.',
        name,
        `"${writtenParameter(name)}"`,
      ),
      layer: name,
      path,
      on: 'key',
    }));
}

/** A problem of a layer of a block, for all uses of the block. */
const ofBlock = (issue: Issue, block: string): Issue => ({
  ...issue,
  ...(issue.layer === undefined ? {} : { layer: insideName(block, issue.layer) }),
  message: inBlock(block, issue.message),
});

/**
 * A mistake in a block shows in each of its uses, at the same place in the text. It is reported once; the message names the layer
 * of the first use in which it was found.
 */
export function oncePerPlace<T extends Pick<Diagnostic, 'path' | 'code'>>(
  issues: readonly T[],
): readonly T[] {
  const seen = new Set<string>();
  return issues.filter(({ path, code }) => {
    if (path[0] !== 'blocks') return true;
    const place = JSON.stringify([path, code]);
    return !seen.has(place) && seen.add(place);
  });
}

/** Two layers whose random draws are addressed by the same name would start with the same numbers. */
function findClashes(written: readonly LayerSpec[], running: readonly LayerSpec[]): Issue[] {
  const drawers = new Map<string, string>();
  const owners = new Map(written.map((layer) => [layer.name, layer]));
  const issues: Issue[] = [];
  for (const { name } of running) {
    const dissolved = dissolvedName(name);
    const other = drawers.get(dissolved);
    drawers.set(dissolved, name);
    if (other === undefined) continue;
    const layer = owners.get(name) ?? owners.get(other) ?? owners.get(name.split('/')[0]);
    if (!layer || isPort(layer)) continue;
    issues.push({
      code: 'block/clash',
      severity: 'error',
      message: l10n.t(
        '{0}: {1} and {2} would start with the same random values, because both are drawn for the name {3}. Rename one of them.',
        layer.name,
        other,
        name,
        dissolved,
      ),
      layer: layer.name,
      path: layer.path,
      on: 'key',
    });
  }
  return issues;
}
