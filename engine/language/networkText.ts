/**
 * One version of a network's text, for the features of the text editor: what is at an offset, and around it. It works for any
 * text, because most requests arrive during typing. Everything is computed once, on demand.
 */
import { getLocation, parseTree } from 'jsonc-parser';
import type { Analysis } from '../graph/typed.ts';
import type { Shape } from '../layers/define.ts';
import type { Path } from '../schema/attributes.ts';
import type { Range } from '../spec/document.ts';
import { rangeOf, Source } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import { bracketsOf, isComment, type Token, tokensOf } from './tokens.ts';

/**
 * The longest text, in characters, for which language features work: about 1,000 layers. They then take at most 50 ms,
 * including the analysis of a text that has just changed. For longer texts they would delay typing.
 */
export const longestText = 100_000;

/** The same for the outline, which is requested when typing pauses, and is the only feature for a long network. */
export const longestOutline = 250_000;

/** The parser calls itself for each bracket that is open. */
const deepest = 100;

export interface Place {
  /** The path of the value there, or of the key if `onKey`. The last step is '' at the position of a new key. */
  readonly path: Path;
  readonly onKey: boolean;
  /** The range of the existing text: a key or value with its quotes, or the beginning of a word; otherwise empty. */
  readonly word: Range;
}

export class NetworkText {
  #tokens: readonly Token[] | undefined;
  #source: Source | undefined;

  constructor(
    readonly text: string,
    /** The analysis of this text, or of an earlier version that could be read. */
    readonly analysis: Analysis,
    /** The shape of a sample of its data, if it is known. */
    readonly inputShape?: Shape,
  ) {}

  get tokens(): readonly Token[] {
    this.#tokens ??= tokensOf(this.text);
    return this.#tokens;
  }

  /** The values of the text as far as they can be read. */
  get source(): Source {
    this.#source ??= new Source(
      bracketsOf(this.tokens).depth > deepest
        ? undefined
        : parseTree(this.text, [], { allowTrailingComma: true }),
    );
    return this.#source;
  }

  get root(): Node | undefined {
    return this.source.root;
  }

  node(path: Path): Node | undefined {
    return this.source.node(path);
  }

  /** Undefined within a comment. */
  placeAt(offset: number): Place | undefined {
    if (!this.root || this.#isInComment(offset)) return undefined;
    const { path, isAtPropertyKey, previousNode } = getLocation(this.text, offset);
    const before = /[\w.$+-]*$/.exec(this.text.slice(Math.max(0, offset - 64), offset))![0];
    // Directly before a key, a new key is typed.
    const isWithin =
      previousNode !== undefined &&
      offset <= previousNode.offset + previousNode.length &&
      (offset > previousNode.offset || !isAtPropertyKey);
    const word =
      previousNode && isWithin ? rangeOf(previousNode) : { start: offset - before.length, end: offset };
    return { path, onKey: isAtPropertyKey, word };
  }

  #isInComment(offset: number): boolean {
    return this.tokens.some(
      (token) =>
        isComment(token) &&
        token.start < offset &&
        (offset < token.end || (token.kind === 'line comment' && offset === token.end)),
    );
  }

  /** The first character after `offset` that is neither blank nor in a comment; empty at the end. */
  signAfter(offset: number): string {
    const next = this.tokens.find(
      (token) => token.start >= offset && token.kind !== 'line break' && !isComment(token),
    );
    return next ? this.text[next.start] : '';
  }
}
