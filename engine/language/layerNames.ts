/** The places of layer and block names: where each is defined, and where it is used. */
import { firstUses } from '../graph/inside.ts';
import { blockParameter } from '../spec/blockKinds.ts';
import { canBeOpen, parameterIn } from '../spec/blockParameters.ts';
import type { Range } from '../spec/document.ts';
import { typeIn, visitSlots } from '../spec/grammar.ts';
import { parseReference } from '../spec/reference.ts';
import { insideQuotes, propertiesOf } from '../spec/source.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import type { Node } from '../spec/syntax.ts';
import type { NetworkText } from './networkText.ts';

/** What a name refers to. Layers of different blocks may have the same name. */
export interface Named {
  readonly kind: 'layer' | 'block';
  readonly name: string;
  /** The block that a layer belongs to; undefined for one of the network. */
  readonly block?: string;
}

export interface Occurrence extends Named {
  /** The range of the name alone: without quotes, and without the name of an output after it. */
  readonly range: Range;
  /** The definition, a use in a layer or a loss, or the entry of its position. */
  readonly role: 'definition' | 'reference' | 'position';
  /** The range of a definition: name and value. */
  readonly whole?: Range;
}

const known = new WeakMap<NetworkText, readonly Occurrence[]>();

/** All places, in the order of the text. A name that is used may have no definition. */
function occurrencesOf(network: NetworkText): readonly Occurrence[] {
  let found = known.get(network);
  if (!found) {
    found = find(network);
    known.set(network, found);
  }
  return found;
}

type Path = readonly (string | number)[];

const blockOf = (path: Path): { readonly block?: string } =>
  path[0] === 'blocks' ? { block: String(path[1]) } : {};

/** The type of a layer, in the network or in a block. */
const isLayerType = (path: Path): boolean =>
  path.at(-1) === 'type' && path.length === (path[0] === 'blocks' ? 4 : path[0] === 'layers' ? 3 : 0);

const isLayer = (path: Path): boolean =>
  path.length === (path[0] === 'blocks' ? 3 : path[0] === 'layers' ? 2 : -1);

/** An attribute of a layer of a block. */
const isInBlock = (path: Path): boolean => path[0] === 'blocks' && path.length === 4;

/** Without the leading "$". */
function parameterRange(node: Node): Range {
  const { start, end } = insideQuotes(node);
  return { start: start + 1, end };
}

/** The keys of a use that set parameters of its block. */
function parametersGiven({ source }: NetworkText, layer: Node): Occurrence[] {
  const block = String(typeIn(layer));
  return propertiesOf(layer).flatMap(({ key, name }): Occurrence[] => {
    const declared = source.node(['blocks', block, name]);
    return declared && typeIn(declared) === blockParameter.type
      ? [{ kind: 'layer', name, block, range: insideQuotes(key), role: 'reference' }]
      : [];
  });
}

function find(network: NetworkText): Occurrence[] {
  const { root, text, source } = network;
  const found: Occurrence[] = [];
  const blocks = new Set(root ? propertiesOf(source.node(['blocks'])).map(({ name }) => name) : []);
  visitSlots(root, {
    name: (key, keysAre, path) => {
      const name = String(key.value);
      const range = insideQuotes(key);
      if (keysAre === 'layers') return found.push({ ...ofPosition(name, range), role: 'position' });
      const value = network.node(path);
      const whole = value && { start: key.offset, end: value.offset + value.length };
      const kind = keysAre === 'new blocks' ? 'block' : 'layer';
      const block = kind === 'layer' ? blockOf(path) : {};
      return found.push({ kind, name, ...block, range, role: 'definition', ...(whole ? { whole } : {}) });
    },
    value: (node, { attribute }, path) => {
      if (node.type === 'object' && isLayer(path)) found.push(...parametersGiven(network, node));
      if (node.type !== 'string') return;
      const value = String(node.value);
      const parameter = attribute && isInBlock(path) ? parameterIn(value) : undefined;
      if (parameter !== undefined && canBeOpen(String(path[3])))
        found.push({
          kind: 'layer',
          name: parameter,
          ...blockOf(path),
          range: parameterRange(node),
          role: 'reference',
        });
      if (blocks.has(value) && isLayerType(path))
        found.push({ kind: 'block', name: value, range: insideQuotes(node), role: 'reference' });
      const names = attribute?.names;
      if (names === undefined) return;
      const name = names === 'layer' ? value : (parseReference(value)?.layer ?? value);
      found.push({
        kind: 'layer',
        name,
        ...blockOf(path),
        range: nameRange(node, name, text),
        role: 'reference',
      });
    },
  });
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** The position of a layer of a block has the key "block/layer". */
function ofPosition(key: string, range: Range): Named & Pick<Occurrence, 'range'> {
  const slash = key.indexOf('/');
  if (slash < 0) return { kind: 'layer', name: key, range };
  const start = Math.min(range.start + slash + 1, range.end);
  return {
    kind: 'layer',
    name: key.slice(slash + 1),
    block: key.slice(0, slash),
    range: { ...range, start },
  };
}

/** The whole text if the name is written with escapes, because positions of letters are then unknown. */
function nameRange(node: Node, layer: string, text: string): Range {
  const inside = insideQuotes(node);
  const written = text.slice(inside.start, inside.start + layer.length);
  return written === layer ? { start: inside.start, end: inside.start + layer.length } : inside;
}

/** The name at the offset, or directly beside it. */
export const occurrenceAt = (network: NetworkText, offset: number): Occurrence | undefined =>
  occurrencesOf(network).find(({ range }) => offset >= range.start && offset <= range.end);

/** All places of one layer or block, including its definition if there is one. */
export const placesOf = (network: NetworkText, { kind, name, block }: Named): readonly Occurrence[] =>
  occurrencesOf(network).filter((one) => one.kind === kind && one.name === name && one.block === block);

/** The edits that rename it everywhere. */
export const renamingOf = ({ kind, name, block }: Named, newName: string): SpecEdit => {
  if (kind === 'block') return { kind: 'renameBlock', name, newName };
  const edit: SpecEdit = { kind: 'renameLayer', name, newName };
  return block === undefined ? edit : { kind: 'inBlock', block, edit };
};

/** The layer in the graph that a name means; for a layer of a block, the one in the first use of the block. */
export function layerNamed({ analysis }: NetworkText, { kind, name, block }: Named): string | undefined {
  if (kind === 'block') return undefined;
  if (block === undefined) return name;
  const prefix = firstUses(analysis.graph).get(block);
  return prefix === undefined ? undefined : prefix + name;
}
