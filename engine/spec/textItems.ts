/**
 * Inserts items into an object or list of a text, and removes them, in the style of their neighbours: on separate lines or on
 * one, with or without a trailing comma. Comments stay with their item.
 */
import type { TextChange } from './document.ts';
import type { Node } from './syntax.ts';

export interface TextStyle {
  /** One level of indentation. */
  readonly unit: string;
  readonly endOfLine: string;
}

/** The style of a document: its indentation is that of the first property of its root. */
export function detectStyle(text: string, root: Node | undefined): TextStyle {
  const first = root?.children?.[0];
  const indent = first && startsLine(text, first) ? indentAt(text, first.offset) : '';
  return { unit: indent === '' ? '  ' : indent, endOfLine: /\r\n|\r|\n/.exec(text)?.[0] ?? '\n' };
}

const endOf = ({ offset, length }: Node): number => offset + length;

/** Where a comment is, and its text with its delimiters. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly raw: string;
}

/** The comments of a part of the text that contains nothing else except blanks and commas. */
export const commentsIn = (text: string, start: number, end: number): Comment[] =>
  [...text.slice(start, end).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g)].map(({ 0: raw, index }) => ({
    start: start + index,
    end: start + index + raw.length,
    raw,
  }));

/** Those of the comments between `start` and an item that belong to the item: no blank line is between them and the item. */
export function commentsAbove(text: string, start: number, item: number): Comment[] {
  const own: Comment[] = [];
  let next = item;
  for (const comment of commentsIn(text, start, item).reverse()) {
    const lineEnds = text.slice(comment.end, next).match(/\r\n|\r|\n/g)?.length ?? 0;
    if (lineEnds > 1) break;
    own.unshift(comment);
    next = comment.start;
  }
  return own;
}

/** The offset at which the line of `offset` begins. */
export function startOfLine(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** The blanks at the beginning of the line of `offset`, before it. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset))![0];

/** Whether only blanks are before it on its line. */
const startsLine = (text: string, { offset }: Node): boolean =>
  text.slice(startOfLine(text, offset), offset).trim() === '';

/** Whether a line begins with it, or with the comma before it. */
export const beginsLine = (text: string, item: Node): boolean =>
  startsLine(text, item) || commaFirst(text, item) !== undefined;

interface Tail {
  /** Offset of the comma after the item, if it is on the same line. */
  readonly comma: number | undefined;
  /** Whether only blanks, the comma and comments follow on the line. */
  readonly endsLine: boolean;
  /** Where reading stopped: at the end of the line if `endsLine`. */
  readonly end: number;
}

/** What follows an item on its last line. */
function tailOf(text: string, item: Node): Tail {
  let comma: number | undefined;
  let position = endOf(item);
  while (position < text.length) {
    const rest = text.slice(position, position + 2);
    if (rest[0] === '\n' || rest[0] === '\r') return { comma, endsLine: true, end: position };
    if (rest[0] === ' ' || rest[0] === '\t') position++;
    else if (rest[0] === ',' && comma === undefined) comma = position++;
    else if (rest === '//') position = lineEnd(text, position);
    else if (rest === '/*') {
      const close = text.indexOf('*/', position + 2) + 2;
      if (/[\r\n]/.test(text.slice(position, close))) break;
      position = close;
    } else break;
  }
  return { comma, endsLine: position === text.length, end: position };
}

function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** The comma after an item, on any line; undefined after a last item without a trailing comma. */
export function commaAfter(text: string, item: Node): number | undefined {
  let position = endOf(item);
  for (;;) {
    const rest = text.slice(position, position + 2);
    if (rest === '//') position = lineEnd(text, position);
    else if (rest === '/*') position = text.indexOf('*/', position + 2) + 2;
    else if (rest !== '' && rest[0].trim() === '') position++;
    else return rest[0] === ',' ? position : undefined;
  }
}

/** The number of blanks between the colons and values of an object's properties, where nothing but blanks is there. */
const gapsOf = (text: string, properties: readonly Node[]): number[] =>
  properties
    .map((property) => text.slice(property.colonOffset! + 1, property.children![1].offset))
    .filter((gap) => gap.trim() === '')
    .map(({ length }) => length);

const isOnOneLine = (text: string, start: number, end: number): boolean =>
  !/[\r\n]/.test(text.slice(start, end));

/** `"key": value`, with the value in the column of its neighbours if they are aligned. */
export function propertyText(text: string, object: Node, key: string, value: string, after?: number): string {
  const properties = object.children ?? [];
  const neighbour = properties[after ?? properties.length - 1] ?? properties.at(-1);
  const name = `${JSON.stringify(key)}:`;
  if (!neighbour) return `${name} ${value}`;
  const gaps = gapsOf(text, properties);
  if (gaps.length > 0 && gaps.every((gap) => gap === 0)) return name + value;
  const start = neighbour.children![1].offset;
  const isAligned = gaps.some((gap) => gap > 1) && isOnOneLine(text, neighbour.offset, start);
  return `${name} `.padEnd(isAligned ? start - neighbour.offset : 0) + value;
}

/** Changes a key. If values are aligned, its value keeps the column if the new key leaves room. */
export const renameProperty = (text: string, object: Node, key: string, newKey: string): TextChange[] =>
  renameProperties(text, object, (one) => (one === key ? newKey : one));

/** Changes the keys that get another name, each once if it occurs twice. Likewise for aligned values. */
export function renameProperties(
  text: string,
  object: Node | undefined,
  newKeyOf: (key: string) => string,
): TextChange[] {
  if (object?.type !== 'object') return [];
  const renamed = new Map<string, Node>();
  for (const property of object.children!) {
    const key: string = property.children![0].value;
    if (!renamed.has(key) && newKeyOf(key) !== key) renamed.set(key, property);
  }
  if (renamed.size === 0) return [];
  const hasColumns = gapsOf(text, object.children!).some((gap) => gap > 1);
  return [...renamed].map(([key, { children }]) => {
    const [{ offset, length }, value] = children!;
    const name = JSON.stringify(newKeyOf(key));
    const isAligned = hasColumns && isOnOneLine(text, offset, value.offset);
    const hasComment = text.slice(offset + length, value.offset).includes('/');
    return isAligned && !hasComment
      ? { offset, length: value.offset - offset, text: `${name}: `.padEnd(value.offset - offset) }
      : { offset, length, text: name };
  });
}

/**
 * Inserts items after the child at index `after` (default: the last). With `expand`, an empty object or list gets one line for
 * each item.
 */
export function insertItems(
  text: string,
  container: Node,
  items: readonly string[],
  { after, expand = false, style }: { after?: number | undefined; expand?: boolean; style: TextStyle },
): TextChange[] {
  const children = container.children ?? [];
  const previous = children[after ?? children.length - 1];
  if (items.length === 0) return [];
  if (!previous) return [fillEmpty(text, container, items, expand, style)];
  const tail = tailOf(text, previous);
  const comma = children[1] && commaFirst(text, children[1]);
  if (comma !== undefined && tail.endsLine)
    return [insertion(tail.end, items.map((item) => style.endOfLine + comma + item).join(''))];
  const isLast = previous === children.at(-1);
  if (startsLine(text, previous) && (tail.endsLine || isLast)) {
    const indent = style.endOfLine + indentAt(text, previous.offset);
    const lines = items.map((item) => indent + item);
    const anchor = tail.endsLine ? tail.end : (tail.comma ?? endOf(previous) - 1) + 1;
    if (tail.comma !== undefined) return [insertion(anchor, `${lines.join(',')},`)];
    return anchor === endOf(previous)
      ? [insertion(anchor, `,${lines.join(',')}`)]
      : [insertion(endOf(previous), ','), insertion(anchor, lines.join(','))];
  }
  // Comments behind the last item stay with it.
  const behind = tail.endsLine ? '' : text.slice(endOf(previous), tail.end).trimEnd();
  return tail.comma === undefined
    ? [insertion(endOf(previous) + behind.length, items.map((item) => `, ${item}`).join(''))]
    : [insertion(tail.comma + 1, items.map((item) => ` ${item},`).join(''))];
}

/** What is before an item whose line begins with the comma of the item before: blanks, the comma and blanks. */
function commaFirst(text: string, { offset }: Node): string | undefined {
  const start = text.slice(startOfLine(text, offset), offset);
  return /^[ \t]*,[ \t]*$/.test(start) ? start : undefined;
}

const insertion = (offset: number, text: string): TextChange => ({ offset, length: 0, text });

function fillEmpty(
  text: string,
  container: Node,
  items: readonly string[],
  expand: boolean,
  { unit, endOfLine }: TextStyle,
): TextChange {
  const start = container.offset + 1;
  const inside = text.slice(start, endOf(container) - 1);
  const outer = endOfLine + indentAt(text, container.offset);
  const lines = outer + unit + items.join(`,${outer}${unit}`);
  const comments = inside.trimEnd();
  if (comments !== '') {
    const tail = inside.slice(comments.length);
    const spread = /[\r\n]/.test(tail);
    return insertion(start + comments.length, spread ? lines : ` ${items.join(', ')}`);
  }
  return {
    offset: start,
    length: inside.length,
    text: expand ? lines + outer : container.type === 'array' ? items.join(', ') : ` ${items.join(', ')} `,
  };
}

/** Removes the children at these indices, with their lines, the comments at the end of the lines and those directly above them. */
export function removeItems(text: string, container: Node, indexes: ReadonlySet<number>): TextChange[] {
  const children = container.children ?? [];
  const removed = children.filter((_, index) => indexes.has(index));
  const lastKept = children.filter((_, index) => !indexes.has(index)).at(-1);
  const last = children.at(-1);
  /** Whether the list ends earlier, without a comma. */
  const isCut =
    last !== undefined && lastKept !== undefined && lastKept !== last && commaAfter(text, last) === undefined;
  const cuts = removed.flatMap((item) => {
    const previous = children[children.indexOf(item) - 1];
    const comma = previous && commaAfter(text, previous);
    const before = previous ? endOf(previous) : container.offset + 1;
    const after = comma === undefined ? before : Math.max(before, comma + 1);
    return cutsOf(text, item, before, after, isCut && lastKept.offset < item.offset);
  });
  if (isCut) {
    const comma = commaAfter(text, lastKept)!;
    cuts.push([comma, comma + 1]);
  }
  const firstKept = children.find((_, index) => !indexes.has(index));
  const lead = firstKept && firstKept !== children[0] ? commaFirst(text, firstKept) : undefined;
  if (lead !== undefined) cuts.push([firstKept!.offset - lead.trimStart().length, firstKept!.offset]);
  let merged = union(cuts);
  // Blank lines between two cuts join them.
  for (let count = Number.POSITIVE_INFINITY; merged.length < count; ) {
    count = merged.length;
    merged = union(merged.map((cut) => withBlankLines(text, cut)));
  }
  if (!lastKept && removed.length > 0) {
    const start = container.offset + 1;
    const end = endOf(container) - 1;
    if (without(text, start, end, merged).trim() === '')
      return [{ offset: start, length: end - start, text: '' }];
  }
  return merged.map(([start, end]) => ({ offset: start, length: end - start, text: '' }));
}

type Cut = readonly [start: number, end: number];

/**
 * The parts of the text that are removed with an item. `before`: the end of what is before the item, and `after` that of its comma.
 * `endsList`: whether no item after it is kept, so that its blanks would be left before the end of the list.
 */
function cutsOf(text: string, item: Node, before: number, after: number, endsList: boolean): Cut[] {
  const tail = tailOf(text, item);
  const comma = commaAfter(text, item);
  const isCommaFirst = commaFirst(text, item) !== undefined;
  if (beginsLine(text, item) && tail.endsLine) {
    const line: Cut = [startOfLines(text, item, before), tail.end + endOfLineLength(text, tail.end)];
    return comma === undefined || comma < tail.end || isCommaFirst ? [line] : [line, [comma, comma + 1]];
  }
  const start = startOnLine(text, item, after);
  const blanksBefore = /[ \t]*$/.exec(text.slice(startOfLine(text, start), start))![0].length;
  // With the comments behind it, and its comma if that is there.
  const end = endOf(item) + text.slice(endOf(item), tail.end).trimEnd().length;
  if (tail.comma === undefined || tail.endsLine) {
    const own: Cut = [start - blanksBefore, end];
    return comma === undefined || comma < end ? [own] : [own, [comma, comma + 1]];
  }
  const blanksAfter = /^[ \t]*/.exec(text.slice(tail.comma + 1, tail.end))![0].length;
  return [[endsList ? start - blanksBefore : start, tail.comma + 1 + blanksAfter]];
}

/** The start of an item, or of its comments before it on the same line. */
function startOnLine(text: string, { offset }: Node, after: number): number {
  const own = commentsAbove(text, Math.max(after, startOfLine(text, offset)), offset);
  return own[0]?.start ?? offset;
}

/** The start of an item, or of the lines above it that contain only its comments. */
function startOfLines(text: string, item: Node, before: number): number {
  let start = startOfLine(text, item.offset);
  for (const comment of commentsAbove(text, before, item.offset).reverse()) {
    const line = startOfLine(text, comment.start);
    const isAlone = line >= before && text.slice(line, comment.start).trim() === '';
    if (!isAlone || text.slice(comment.end, start).trim() !== '') break;
    start = line;
  }
  return start;
}

const endOfLineLength = (text: string, offset: number): number =>
  text.startsWith('\r\n', offset) ? 2 : offset < text.length ? 1 : 0;

/** Of the blank lines above and below lines that are cut, those above go too. At the edge of a container, all go. */
function withBlankLines(text: string, [start, end]: Cut): Cut {
  if (start === 0 || startOfLine(text, start) !== start || startOfLine(text, end) !== end)
    return [start, end];
  let from = start;
  for (let line = lineBefore(text, from); text.slice(line, from).trim() === '' && line < from; ) {
    from = line;
    line = lineBefore(text, from);
  }
  const isFirst = /[{[]/.test(text.slice(0, from).trimEnd().slice(-1));
  const below = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))![0].length;
  if (isFirst) return [start, end + below];
  const isLast = /^[ \t]*[}\]]/.test(text.slice(end));
  return [below > 0 || isLast ? from : start, end];
}

/** The start of the line before the one that begins at `start`. */
const lineBefore = (text: string, start: number): number =>
  start === 0 ? 0 : startOfLine(text, start - (text.startsWith('\r\n', start - 2) ? 2 : 1));

/** Joins overlapping and touching cuts. */
function union(cuts: readonly Cut[]): Cut[] {
  const result: [number, number][] = [];
  for (const [start, end] of [...cuts].sort((a, b) => a[0] - b[0])) {
    const previous = result.at(-1);
    if (previous && start <= previous[1]) previous[1] = Math.max(previous[1], end);
    else result.push([start, end]);
  }
  return result;
}

function without(text: string, start: number, end: number, cuts: readonly Cut[]): string {
  let rest = '';
  let position = start;
  for (const [from, to] of cuts) {
    rest += text.slice(position, Math.max(position, from));
    position = to;
  }
  return rest + text.slice(position, end);
}
