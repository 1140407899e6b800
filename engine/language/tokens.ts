/** The tokens of a network's text in any state. Reads each character once and builds no tree. */
import { createScanner, type SyntaxKind } from 'jsonc-parser';
import type { Range } from '../spec/document.ts';

export type TokenKind =
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | 'text'
  | 'value'
  | 'line comment'
  | 'block comment'
  | 'line break';

export interface Token extends Range {
  readonly kind: TokenKind;
}

/** By the scanner's kinds, whose enumeration has no values at run time for isolated modules; blanks are left out. */
const kinds: { readonly [kind: number]: TokenKind | undefined } = {
  1: '{',
  2: '}',
  3: '[',
  4: ']',
  5: ',',
  6: ':',
  7: 'value',
  8: 'value',
  9: 'value',
  10: 'text',
  11: 'value',
  12: 'line comment',
  13: 'block comment',
  14: 'line break',
  16: 'value',
};
const endOfFile = 17 satisfies SyntaxKind as number;

export function tokensOf(text: string): Token[] {
  const scanner = createScanner(text, false);
  const tokens: Token[] = [];
  for (let kind: number = scanner.scan(); kind !== endOfFile; kind = scanner.scan()) {
    const start = scanner.getTokenOffset();
    const found = kinds[kind];
    if (found)
      tokens.push({ kind: found, start, end: Math.min(start + scanner.getTokenLength(), text.length) });
  }
  return tokens;
}

export const isComment = ({ kind }: Token): boolean => kind === 'line comment' || kind === 'block comment';

const closes: { readonly [kind: string]: TokenKind } = { '}': '{', ']': '[' };

/** The deepest nesting of brackets, and the matching pairs, as indices of tokens. */
export function bracketsOf(tokens: readonly Token[]): {
  readonly depth: number;
  readonly pairs: readonly (readonly [open: number, close: number])[];
} {
  const open: number[] = [];
  const pairs: [number, number][] = [];
  let depth = 0;
  for (const [index, { kind }] of tokens.entries()) {
    if (kind === '{' || kind === '[') depth = Math.max(depth, open.push(index));
    else if (closes[kind] !== undefined) {
      const begin = open.at(-1);
      if (begin === undefined || tokens[begin].kind !== closes[kind]) continue;
      pairs.push([begin, index]);
      open.pop();
    }
  }
  return { depth, pairs };
}
