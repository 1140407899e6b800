/**
 * Reads a text that differs from a known one in a part: only the properties that the difference touches are read, and the rest
 * of the tree is shared. The result is the same as that of reading the whole text. Where this cannot be certain, there is none.
 */
import { Bounds, maximumNames, maximumValues, TooMuch } from './bounds.ts';
import { maximumTokens, sizeOf } from './size.ts';
import { type Node, readTree } from './tree.ts';

export interface KnownText {
  readonly text: string;
  /** Of the well-formed text. */
  readonly root: Node;
  /** What reading it takes (`size.ts`, `bounds.ts`). */
  readonly tokens: number;
  readonly values: number;
}

/** A part of the old text, and how much longer its new version is. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

interface Renewed {
  readonly node: Node;
  /** How many more tokens and values there are than before. */
  readonly tokens: number;
  readonly values: number;
}

/** The tree of `text`, with the unchanged parts of the tree of `before`; undefined if the whole text must be read. */
export function reread(before: KnownText, text: string): KnownText | undefined {
  const change = changeBetween(before.text, text);
  const renewed = renewObject(before, text, before.root, change, 1);
  if (!renewed) return undefined;
  const tokens = before.tokens + renewed.tokens;
  const values = before.values + renewed.values;
  if (tokens > maximumTokens || values > maximumValues) return undefined;
  return { text, root: renewed.node, tokens, values };
}

/** Texts are compared in pieces of this length first: engines do that much faster than one character after the other. */
const piece = 4096;

function changeBetween(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.slice(start, start + piece) === after.slice(start, start + piece))
    start += piece;
  start = Math.min(start, shorter);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  const [endBefore, endAfter] = [before.length, after.length];
  let same = 0;
  const most = shorter - start;
  while (
    same + piece <= most &&
    before.slice(endBefore - same - piece, endBefore - same) ===
      after.slice(endAfter - same - piece, endAfter - same)
  )
    same += piece;
  while (same < most && before.charCodeAt(endBefore - same - 1) === after.charCodeAt(endAfter - same - 1))
    same++;
  return { start, end: endBefore - same, by: endAfter - endBefore };
}

/** Sections of the document, and in them layers and blocks: smaller things are read with what they are in. */
const deepest = 2;

/** The object after the change, with the unchanged children of the one before; undefined if that is not certain. `depth`: 1 for the outermost object. */
function renewObject(
  before: KnownText,
  text: string,
  object: Node,
  change: Change,
  depth: number,
): Renewed | undefined {
  const { start, end, by } = change;
  const { offset, length } = object;
  if (object.type !== 'object' || start <= offset || end >= endOf(object)) return undefined;
  const children = object.children!;
  const first = lastBefore(children, start);
  const last = firstEndingFrom(children, end);
  if (first < 0 || last >= children.length) return undefined;
  const value = first === last && depth < deepest ? children[first].children![1] : undefined;
  const inner = value && renewObject(before, text, value, change, depth + 1);
  const renewed = inner
    ? { ...inner, properties: [withValue(children[first], inner.node, by)] }
    : readProperties(before.text, text, children.slice(first, last + 1), by, depth);
  if (!renewed) return undefined;
  const all = [
    ...children.slice(0, first),
    ...renewed.properties,
    ...children.slice(last + 1).map((property) => moved(property, by)),
  ];
  if (all.length > maximumNames) return undefined;
  const { tokens, values } = renewed;
  return { node: { type: 'object', offset, length: length + by, children: all }, tokens, values };
}

const endOf = ({ offset, length }: Node): number => offset + length;

/** The last node that begins before `offset`; -1 if there is none. */
function lastBefore(nodes: readonly Node[], offset: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle].offset < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The first node that ends at `offset` or behind it. */
function firstEndingFrom(nodes: readonly Node[], offset: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(nodes[middle]) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const withValue = (property: Node, value: Node, by: number): Node => ({
  type: 'property',
  offset: property.offset,
  length: property.length + by,
  colonOffset: property.colonOffset!,
  children: [property.children![0], value],
});

/** If more characters than this would be read again, the whole text is read. */
const mostRead = 20_000;

/**
 * Reads neighbouring properties again. They are read without the text after them, so nothing may follow the last one: a comment or
 * a comma there could have another meaning in the whole text.
 */
function readProperties(
  textBefore: string,
  text: string,
  properties: readonly Node[],
  by: number,
  depth: number,
): { readonly properties: readonly Node[]; readonly tokens: number; readonly values: number } | undefined {
  const start = properties[0].offset;
  const end = endOf(properties.at(-1)!);
  if (end + by - start > mostRead) return undefined;
  const part = text.slice(start, end + by);
  const size = sizeOf(part);
  if (size.excess) return undefined;
  const bounds = new Bounds(depth - 1);
  const read = readIf(`{${part}}`, bounds)?.children;
  const last = read?.at(-1);
  if (!read || !last || endOf(last) !== part.length + 1) return undefined;
  return {
    properties: read.map((property) => moved(property, start - 1)),
    tokens: size.tokens - sizeOf(textBefore.slice(start, end)).tokens,
    // Without the object around them.
    values: bounds.values - 1 - properties.reduce((sum, { children }) => sum + valuesIn(children![1]), 0),
  };
}

/** Reads a text, unless it exceeds a limit: reading the whole text then reports the limit. */
function readIf(text: string, bounds: Bounds): Node | undefined {
  try {
    return readTree(text, bounds);
  } catch (reason) {
    if (reason instanceof TooMuch) return undefined;
    throw reason;
  }
}

function valuesIn({ children = [] }: Node): number {
  let sum = 1;
  for (const child of children) sum += valuesIn(child.type === 'property' ? child.children![1] : child);
  return sum;
}

/** A node that is the same as another, but in another place of the text. Its children are moved when they are needed. */
class MovedNode implements Node {
  readonly type: Node['type'];
  readonly offset: number;
  readonly length: number;
  readonly value?: Node['value'];
  readonly colonOffset?: number;
  readonly #by: number;
  #children: readonly Node[] | undefined;

  constructor(
    readonly origin: Node,
    by: number,
  ) {
    this.type = origin.type;
    this.offset = origin.offset + by;
    this.length = origin.length;
    this.value = origin.value;
    if (origin.colonOffset !== undefined) this.colonOffset = origin.colonOffset + by;
    this.#by = by;
  }

  get children(): readonly Node[] | undefined {
    this.#children ??= this.origin.children?.map((child) => new MovedNode(child, this.#by));
    return this.#children;
  }

  movedBy(by: number): Node {
    return new MovedNode(this.origin, this.#by + by);
  }
}

function moved(node: Node, by: number): Node {
  if (by === 0) return node;
  return node instanceof MovedNode ? node.movedBy(by) : new MovedNode(node, by);
}

/** The same object for a part that several texts have in common, wherever it is in each: what is read from it is the same, too. */
export const originOf = (node: Node): Node => (node instanceof MovedNode ? node.origin : node);

/** The name of a property, which has the same offset. */
export const nameNode = (property: Node): Node => originOf(property).children![0];
