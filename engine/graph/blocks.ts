/** Checks the blocks of a text: no block contains itself, there are not too many layers, and each use fits its block. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { blockInput, blockOutput, blockParameter, blockPorts } from '../spec/blockKinds.ts';
import type { BlockSpec, LayerSpec, NetworkSpec, OutputRef } from '../spec/document.ts';
import { deepest, insideName } from '../spec/reference.ts';
import { inBlock } from '../spec/reporting.ts';
import type { Issue } from '../spec/source.ts';

/** The most layers of a network after its blocks are expanded. */
export const mostLayers = 5_000;

export type Blocks = ReadonlyMap<string, BlockSpec>;

/** The block that a layer uses; undefined for a layer that is bypassed. */
export const blockOf = (layer: LayerSpec, blocks: Blocks): BlockSpec | undefined =>
  layer.common.bypass ? undefined : blocks.get(layer.type);

/** The inputs of a block, in the order in which its uses connect them. */
export const inputsOf = ({ layers }: BlockSpec): readonly LayerSpec[] =>
  layers.filter(({ kind }) => kind === blockInput);

/** The layers that declare the parameters of a block. */
export const parametersOf = ({ layers }: BlockSpec): readonly LayerSpec[] =>
  layers.filter(({ kind }) => kind === blockParameter);

/** The values of a block's parameters in a use. */
export function valuesOf(block: BlockSpec, use: LayerSpec): ReadonlyMap<string, Json> {
  return new Map(
    parametersOf(block).map(({ name, given }) => [name, use.given[name] ?? given.default ?? null]),
  );
}

/** Whether a layer is an input, an output or a parameter of a block. */
export const isPort = ({ kind }: LayerSpec): boolean => kind !== undefined && blockPorts.includes(kind);

/** Whether other layers run in its place: a use of a block, or an input or output of one. */
export const isStand = ({ kind, common }: LayerSpec): boolean => kind?.category === 'block' && !common.bypass;

/** The outputs of a block, the main one first. */
export const outputsOf = ({ layers }: BlockSpec): readonly LayerSpec[] =>
  layers.filter(({ kind }) => kind === blockOutput);

/** The output of a block that a reference to one of its uses means. */
export const outputMeant = (block: BlockSpec, { output }: OutputRef): LayerSpec | undefined =>
  outputsOf(block).find(({ name }) => output === undefined || name === output);

/** The number of copies that a use makes; 1 if its attributes could not be read. */
export const repeatsOf = (use: LayerSpec): number => Number(use.attributes.repeat ?? 1);

/** Whether all repetitions of a use have the same parameters. */
export const isTied = (use: LayerSpec): boolean => use.attributes.tied === true;

export interface BlockCheck {
  readonly issues: readonly Issue[];
  /** Uses that cannot be expanded. */
  readonly refused: ReadonlySet<LayerSpec>;
}

/** The work grows only with the text, not with the number of layers after expansion. */
export function checkBlocks({ layers, blocks }: NetworkSpec): BlockCheck {
  const issues: Issue[] = [];
  const refused = new Set<LayerSpec>();
  const refuse = (layer: LayerSpec, issue: Pick<Issue, 'code' | 'message'>, attribute: string) => {
    refused.add(layer);
    const block = layer.path[0] === 'blocks' ? String(layer.path[1]) : undefined;
    issues.push({
      code: issue.code,
      message: block === undefined ? issue.message : inBlock(block, issue.message),
      severity: 'error',
      layer: block === undefined ? layer.name : insideName(block, layer.name),
      attribute,
      path: [...layer.path, attribute],
      on: 'value',
    });
  };
  const sizes = new Map<BlockSpec, Size>();
  for (const block of blocks.values()) sizeOfBlock(block, { blocks, sizes, open: [], refuse });
  let total = 0;
  for (const layer of layers) {
    const block = blockOf(layer, blocks);
    const size = block && layer.valid ? sizes.get(block)! : single;
    total += size.layers * (block ? repeatsOf(layer) : 1);
    if (!block || refused.has(layer)) continue;
    const depth = size.depth > deepest;
    if (total <= mostLayers && !depth) continue;
    total -= size.layers * repeatsOf(layer);
    refuse(
      layer,
      {
        code: 'block/too-large',
        message: depth
          ? l10n.t('{0}: blocks are nested more than {1} levels deep. Use fewer levels.', layer.name, deepest)
          : l10n.t(
              '{0}: with it the network would have more than {1} layers. Repeat the block less often, or make it smaller.',
              layer.name,
              mostLayers,
            ),
      },
      repeatsOf(layer) > 1 ? 'repeat' : 'type',
    );
  }
  issues.push(...findUnusedBlocks(layers, blocks));
  return { issues, refused };
}

interface Size {
  /** The number of layers that one copy expands to. Above the limit of a network it need not be exact. */
  readonly layers: number;
  readonly depth: number;
}

const single: Size = { layers: 1, depth: 0 };

interface Counting {
  readonly blocks: Blocks;
  readonly sizes: Map<BlockSpec, Size>;
  /** The blocks that are being counted; each is used by the previous one. */
  readonly open: readonly BlockSpec[];
  refuse(layer: LayerSpec, issue: Pick<Issue, 'code' | 'message'>, attribute: string): void;
}

function sizeOfBlock(block: BlockSpec, counting: Counting): Size {
  const { blocks, sizes, open, refuse } = counting;
  const known = sizes.get(block);
  if (known) return known;
  // A chain of this length is refused because of its depth; counting further could overflow the stack.
  if (open.length > 4 * deepest) return { layers: 1, depth: Number.POSITIVE_INFINITY };
  let layers = 1;
  let depth = 0;
  const within = [...open, block];
  for (const part of block.layers) {
    const inner = blockOf(part, blocks);
    if (inner && within.includes(inner)) {
      const circle = [...within.slice(within.indexOf(inner)), inner].map(({ name }) => name).join(' → ');
      const message = l10n.t(
        '{0}: the block {1} would contain itself ({2}). Use another block.',
        part.name,
        inner.name,
        circle,
      );
      refuse(part, { code: 'block/recursive', message }, 'type');
      continue;
    }
    const size = inner && part.valid ? sizeOfBlock(inner, { ...counting, open: within }) : single;
    layers += size.layers * (inner && part.valid ? repeatsOf(part) : 1);
    depth = Math.max(depth, size.depth);
  }
  const size = { layers: Math.min(layers, 10 * mostLayers), depth: depth + 1 };
  sizes.set(block, size);
  return size;
}

function findUnusedBlocks(layers: readonly LayerSpec[], blocks: Blocks): Issue[] {
  const used = new Set<BlockSpec>();
  const visit = (parts: readonly LayerSpec[]) => {
    for (const { type } of parts) {
      const block = blocks.get(type);
      if (!block || used.has(block)) continue;
      used.add(block);
      waiting.push(block);
    }
  };
  const waiting: BlockSpec[] = [];
  visit(layers);
  for (const block of waiting) visit(block.layers);
  return [...blocks.values()]
    .filter((block) => !used.has(block))
    .map(({ name }) => ({
      code: 'block/unused',
      severity: 'warning',
      message: l10n.t(
        '{0}: no layer uses this block, so its shapes are not checked. Use it or remove it.',
        name,
      ),
      path: ['blocks', name],
      on: 'key',
    }));
}
