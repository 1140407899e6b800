/**
 * The layout of a network's text: sections with one entry per line, and each layer on one line. Only blanks and line breaks
 * between words change, so the meaning stays. Comments, and blank lines between entries, also stay.
 */
import type { Range, TextChange } from '../spec/document.ts';
import { visitSlots } from '../spec/grammar.ts';
import { type Node, readSyntax } from '../spec/syntax.ts';
import type { TextStyle } from '../spec/textItems.ts';
import { bracketsOf, isComment, type Token, tokensOf } from './tokens.ts';

/**
 * How the entries of an object or list are laid out: each on its own line, all on one line, or with the current line
 * breaks.
 */
type Layout = 'lines' | 'line' | 'as written';

/** Formats only within `range`, if given. A text with a syntax error is not changed. */
export function formatChanges(text: string, style: TextStyle, range?: Range): TextChange[] {
  const { root } = readSyntax(text);
  if (!root) return [];
  return new Formatter(text, root, style)
    .changes()
    .filter(({ offset, length }) => !range || (offset >= range.start && offset + length <= range.end));
}

interface Frame {
  readonly layout: Layout;
  /** Its contents are indented by one level. */
  readonly indents: boolean;
}

class Formatter {
  readonly #tokens: readonly Token[];
  readonly #layouts: ReadonlyMap<number, Layout>;

  constructor(
    readonly text: string,
    root: Node,
    readonly style: TextStyle,
  ) {
    const all = tokensOf(text);
    this.#tokens = all.filter(({ kind }) => kind !== 'line break');
    this.#layouts = layoutsOf(text, root, all);
  }

  changes(): TextChange[] {
    const changes: TextChange[] = [];
    const frames: Frame[] = [];
    for (const [index, token] of this.#tokens.entries()) {
      const before = this.#tokens[index - 1];
      const closing = isClosing(token);
      const frame = frames.at(-1);
      const depth = frames.filter(({ indents }) => indents).length;
      const start = before?.end ?? (this.text.charCodeAt(0) === 0xfeff ? 1 : 0);
      const found = this.text.slice(start, token.start);
      const wanted = before
        ? this.#gap(before, token, found, frame, closing && frame?.indents ? depth - 1 : depth)
        : '';
      if (wanted !== found) changes.push({ offset: start, length: found.length, text: wanted });
      if (isOpening(token)) frames.push(this.#open(token, this.#tokens[index + 1]));
      else if (closing) frames.pop();
    }
    const end = this.#tokens.at(-1)?.end ?? 0;
    const rest = this.text.slice(end);
    const ending = rest === '' ? '' : this.style.endOfLine;
    if (rest !== ending) changes.push({ offset: end, length: rest.length, text: ending });
    return changes;
  }

  #open(token: Token, next: Token | undefined): Frame {
    const layout = this.#layouts.get(token.start) ?? 'line';
    const breaks = next !== undefined && /[\r\n]/.test(this.text.slice(token.end, next.start));
    return { layout, indents: layout === 'lines' || (layout === 'as written' && breaks) };
  }

  /** The text between two words. */
  #gap(before: Token, token: Token, found: string, frame: Frame | undefined, depth: number): string {
    const breaks = (found.match(/\r\n|\r|\n/g) ?? []).length;
    const line = (isBlankKept = false) =>
      this.style.endOfLine.repeat(isBlankKept && breaks > 1 ? 2 : 1) + this.style.unit.repeat(depth);
    const layout = frame?.layout ?? 'lines';
    const closing = isClosing(token);
    const inLines = layout === 'lines' || (layout === 'as written' && breaks > 0);
    if (before.kind === 'line comment') return line(!closing);
    if (isComment(token)) {
      if (breaks > 0 && (inLines || token.kind === 'line comment')) return line(!isOpening(before));
      // Comments at the ends of lines may be aligned, and a list may begin with one at its bracket.
      return (found === '' && before.kind !== '[') || breaks > 0 ? ' ' : found;
    }
    if (token.kind === ',' || token.kind === ':') return '';
    if (before.kind === ':') return ' ';
    if (isOpening(before) && closing) return '';
    if (isOpening(before) || closing) {
      const isBroken = layout === 'lines' || (layout === 'as written' && frame?.indents);
      const braces = isOpening(before) ? before.kind === '{' : token.kind === '}';
      return isBroken ? line() : braces ? ' ' : '';
    }
    if (frame === undefined || inLines) return line(true);
    return ' ';
  }
}

const isOpening = ({ kind }: Token): boolean => kind === '{' || kind === '[';
const isClosing = ({ kind }: Token): boolean => kind === '}' || kind === ']';

/** By the offset of the opening bracket. */
function layoutsOf(text: string, root: Node, tokens: readonly Token[]): ReadonlyMap<number, Layout> {
  const layouts = new Map<number, Layout>();
  const brokenObject = ({ type, offset, children = [] }: Node): boolean =>
    type === 'object' && children.length > 0 && /[\r\n]/.test(text.slice(offset, children[0].offset));
  // Inside other settings than layers, the person's layout stays.
  const settle = (node: Node) => {
    layouts.set(node.offset, node.type === 'array' ? 'as written' : brokenObject(node) ? 'lines' : 'line');
    for (const child of node.children ?? [])
      settle(child.type === 'property' ? (child.children?.[1] ?? child) : child);
  };
  for (const section of root.children ?? []) {
    const value = section.children?.[1];
    if (value) settle(value);
    if (value?.type === 'object') layouts.set(value.offset, 'lines');
  }
  layouts.set(root.offset, 'lines');
  visitSlots(root, {
    value: (node, { entries }) => {
      if (!entries) return;
      layouts.set(node.offset, 'lines');
      for (const { children } of node.children ?? []) if (children?.[1]) onOneLine(children[1], layouts);
    },
  });
  // A line must end after a line comment.
  const { pairs } = bracketsOf(tokens);
  for (const { kind, start } of tokens)
    if (kind === 'line comment')
      for (const [open, close] of pairs)
        if (tokens[open].start < start && start < tokens[close].start)
          layouts.set(tokens[open].start, tokens[open].kind === '{' ? 'lines' : 'as written');
  return layouts;
}

function onOneLine(node: Node, layouts: Map<number, Layout>): void {
  layouts.set(node.offset, 'line');
  for (const child of node.children ?? []) onOneLine(child, layouts);
}
