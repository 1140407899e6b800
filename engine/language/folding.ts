/** What can be folded: objects and lists over several lines, and comments over several lines. */
import type { Range } from '../spec/document.ts';
import { bracketsOf, type Token, tokensOf } from './tokens.ts';

export interface Fold extends Range {
  readonly of: 'brackets' | 'comment';
}

/** From the first to the last character. The first and the last line stay visible. */
export function foldsOf(text: string, tokens: readonly Token[] = tokensOf(text)): Fold[] {
  const breaksBefore: number[] = [];
  let breaks = 0;
  for (const { kind } of tokens) {
    breaksBefore.push(breaks);
    if (kind === 'line break') breaks++;
  }
  const folds: Fold[] = bracketsOf(tokens)
    .pairs.filter(([open, close]) => breaksBefore[open] < breaksBefore[close])
    .map(([open, close]) => ({ of: 'brackets', start: tokens[open].start, end: tokens[close].end }));
  for (const { kind, start, end } of tokens)
    if (kind === 'block comment' && /[\r\n]/.test(text.slice(start, end)))
      folds.push({ of: 'comment', start, end });
  folds.push(...commentBlocks(tokens));
  return folds.sort((a, b) => a.start - b.start);
}

/** Consecutive lines that contain only a comment. */
function commentBlocks(tokens: readonly Token[]): Fold[] {
  const folds: Fold[] = [];
  let block: Token[] = [];
  const close = () => {
    if (block.length > 1)
      folds.push({ of: 'comment', start: block[0].start, end: block[block.length - 1].end });
    block = [];
  };
  let line: Token[] = [];
  for (const token of [...tokens, { kind: 'line break', start: 0, end: 0 } as const]) {
    if (token.kind !== 'line break') {
      line.push(token);
      continue;
    }
    if (line.length === 1 && line[0].kind === 'line comment') block.push(line[0]);
    else close();
    line = [];
  }
  close();
  return folds;
}
