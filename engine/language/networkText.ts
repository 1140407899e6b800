/**
 * One version of a network's text, for the features of its editor: what is at an offset, and around it. It works for
 * any text, since most requests come in the middle of typing. Work is done once, on demand.
 */
import { getLocation, parseTree } from 'jsonc-parser';
import type { Analysis } from '../graph/typed.ts';
import type { Path } from '../schema/attributes.ts';
import type { Range } from '../spec/document.ts';
import { rangeOf, Source } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import { bracketsOf, isComment, type Token, tokensOf } from './tokens.ts';

/**
 * Characters of a text that language features take on, some 1,000 layers: within 50 ms of computing, the analysis of a
 * text that has just changed included. For longer texts they would delay typing.
 */
export const longestText = 100_000;

/** The same for the outline, which is requested when typing pauses, and is the only feature for a long network. */
export const longestOutline = 250_000;

/** The parser calls itself for each bracket that is open. */
const deepest = 100;

export interface Place {
  /** Of the value there, or of the key if `onKey`. The last step is '' where a new key would stand. */
  readonly path: Path;
  readonly onKey: boolean;
  /** What stands there already: a key or value with its quotes, or the beginning of a word; else empty. */
  readonly word: Range;
}

export class NetworkText {
  #tokens: readonly Token[] | undefined;
  #source: Source | undefined;

  constructor(
    readonly text: string,
    /** Of this text, or of an earlier version that could be read. */
    readonly analysis: Analysis,
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
    // Right before a key, a new one is meant.
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

  /** The first character after `offset` that is no blank and in no comment; empty at the end. */
  signAfter(offset: number): string {
    const next = this.tokens.find(
      (token) => token.start >= offset && token.kind !== 'line break' && !isComment(token),
    );
    return next ? this.text[next.start] : '';
  }
}
